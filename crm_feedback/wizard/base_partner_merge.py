from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    """Feedback stays with the customer that remains, and with that one's company."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        result = super()._update_foreign_keys(src_partners, dst_partner)
        feedback = self.env["crm.feedback"].sudo()  # sudo: of every company and owner
        feedback.invalidate_model()
        moved = feedback.search([("partner_id", "=", dst_partner.id)])
        self.env.add_to_compute(feedback._fields["commercial_partner_id"], moved)
        # sudo: as above
        responses = self.env["crm.feedback.response"].sudo()
        responses.invalidate_model()
        moved = responses.search([("partner_id", "=", dst_partner.id)])
        self.env.add_to_compute(responses._fields["commercial_partner_id"], moved)
        return result
