from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleVisit(models.Model):
    _inherit = "crm.lifecycle.visit"

    partner_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _partner_open_uniq = models.UniqueIndex(
        "(partner_id) WHERE left_date IS NULL",
        "A customer stands in one stage at a time.",
    )


class ResPartner(models.Model):
    """Customers flow as commercial partners; contacts show their company's stage."""

    _name = "res.partner"
    _inherit = ["crm.lifecycle.mixin", "res.partner"]

    _lifecycle_phase = "customer"
    _lifecycle_visit_key = "partner_id"
    _lifecycle_owner_column = "commercial_partner_id"

    lifecycle_visit_ids = fields.One2many(
        "crm.lifecycle.visit", "partner_id", "Lifecycle History"
    )

    # ------------------------------------------------------------
    # Becoming a customer, becoming a contact
    # ------------------------------------------------------------

    def _lifecycle_become_customer(self, reason, won_stage=None):
        """Let customers that are in no stage yet enter their first one.

        :param str reason: what made them customers
        :param won_stage: the lead stage they come from; a move drawn from it to a
            customer stage says where they enter
        """
        newcomers = self.sudo().filtered(lambda p: not p.lifecycle_stage_id)
        # sudo: who wins a lead need not have the right to edit the customer
        for process, partners in newcomers.grouped(
            lambda p: (won_stage and won_stage.process_id) or p._lifecycle_get_process()
        ).items():
            if stage := process._get_customer_entry(won_stage):
                partners._lifecycle_move(stage, reason=reason, origin="event")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("parent_id")._lifecycle_follow_company()
        return partners

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"parent_id", "is_company"}:
            self._lifecycle_follow_company()
        return result

    def _lifecycle_follow_company(self):
        """Show the stage of the company a contact now belongs to, or its own again.

        A customer who becomes a contact brings the stage along to a company that
        has none, and ends the own path.
        """
        # sudo: the whole family follows, whoever moved one of them
        family = self.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", self.ids)])
        # sudo: the log is written by the engine alone
        visits = self.env["crm.lifecycle.visit"].sudo()
        standing = visits._get_open_by_record(self._lifecycle_visit_key, family.ids)
        for partner in family:
            company = partner.commercial_partner_id
            stage_id = standing.get(partner.id, (0, False))[1]
            if company != partner and stage_id:
                reason = self.env._(
                    "%(contact)s is a contact now", contact=partner.display_name
                )
                visits._close_for(
                    self._lifecycle_visit_key, partner.ids, fields.Datetime.now()
                )
                if not company.lifecycle_stage_id:
                    stage = self.env["crm.lifecycle.stage"].browse(stage_id)
                    company._lifecycle_move(stage, reason=reason, origin="event")
            shown = company.lifecycle_stage_id.id if company != partner else stage_id
            if partner.lifecycle_stage_id.id != shown:
                models.BaseModel.write(partner, {"lifecycle_stage_id": shown})

    # ------------------------------------------------------------
    # Host hooks
    # ------------------------------------------------------------

    def _lifecycle_get_destinations(self, stage_id):
        return [
            (stage, partners.commercial_partner_id)
            for stage, partners in super()._lifecycle_get_destinations(stage_id)
        ]

    def _lifecycle_get_placed_records(self):
        if not self:
            return self
        return (
            self.sudo()  # sudo: contacts the user does not see show the stage as well
            .with_context(active_test=False)
            .search(Domain("commercial_partner_id", "in", self.ids))
        )

    def _lifecycle_get_path_record(self):
        return self.commercial_partner_id

    def _lifecycle_get_process(self):
        return self.env["crm.lifecycle.process"]._find_for(
            self.company_id or self.env.company, self.env["crm.team"]
        )

    def _lifecycle_get_owner(self):
        return self.user_id

    def _lifecycle_get_team(self):
        return self.user_id.sale_team_id
