from odoo import fields, models


class MergePartnerAutomatic(models.TransientModel):
    """Merging customers merges their paths: history follows, one stay is open."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        dst_partner._lifecycle_drop_double_activities(src_partners)
        dst_partner._lifecycle_merge_properties(src_partners)
        partners = dst_partner | src_partners
        # the companies of merged contacts lose their documents
        customers = partners.commercial_partner_id
        # sudo: log and facts are written by the engine alone
        visits = self.env["crm.lifecycle.visit"].sudo()
        standing = visits._get_open_by_record("partner_id", partners.ids)
        keeper = next(
            (partner.id for partner in partners if partner.id in standing), None
        )
        others = [partner_id for partner_id in standing if partner_id != keeper]
        # sudo: as above; the clocks of the others end with their stays
        timers = self.env["crm.sla.timer"].sudo()
        timers._find_running("stage", "partner_id", others)._stop(cancelled=True)
        timers.flush_model()
        visits._close_for("partner_id", others, fields.Datetime.now())
        partners._lifecycle_merge_exceptions(partners.ids, dst_partner.id)
        # sudo: as above
        metrics = self.env["crm.customer.metrics"].sudo()
        metrics.search([("partner_id", "in", partners.ids)]).unlink()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        visits.invalidate_model()
        timers.invalidate_model()
        metrics._refresh((customers | dst_partner.commercial_partner_id).ids)
        # messages and activities follow after this
        self.env["crm.customer.metrics.dirty"]._mark(dst_partner)
        return result
