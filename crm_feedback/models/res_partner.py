from odoo import api, fields, models

from .crm_feedback import CLOSED_STATES
from .res_users import FEEDBACK_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    feedback_count = fields.Integer(
        "Feedback", compute="_compute_feedback_counts", groups=FEEDBACK_GROUP
    )
    feedback_open_count = fields.Integer(
        "Open Feedback", compute="_compute_feedback_counts", groups=FEEDBACK_GROUP
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_counts(self):
        """What the whole company said, on the company and on each of its contacts."""
        groups = self.env["crm.feedback"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id._origin.ids)],
            ["commercial_partner_id", "state"],
            ["__count"],
        )
        self.feedback_count = self.feedback_open_count = 0
        by_company = self.grouped(lambda partner: partner.commercial_partner_id._origin)
        for company, state, count in groups:
            for partner in by_company.get(company, ()):
                partner.feedback_count += count
                partner.feedback_open_count += 0 if state in CLOSED_STATES else count

    def action_view_feedback(self):
        """Open what the customer said; new feedback is the customer's."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        company = self.commercial_partner_id
        action["domain"] = [("commercial_partner_id", "=", company.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
