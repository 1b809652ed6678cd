from odoo import api, fields, models

from .res_users import FEEDBACK_GROUP


class CrmFeedbackAbout(models.AbstractModel):
    """What feedback can be about: its number, and the way to it."""

    _name = "crm.feedback.about"
    _description = "Subject of Feedback"

    _feedback_key = None  # the field of ``crm.feedback`` that names such a record

    feedback_count = fields.Integer(
        "Feedback", compute="_compute_feedback_count", groups=FEEDBACK_GROUP
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        key = self._feedback_key
        counts = dict(
            self.env["crm.feedback"]._read_group(
                [(key, "in", self.ids)], [key], ["__count"]
            )
        )
        for record in self:
            record.feedback_count = counts.get(record._origin, 0)

    def action_view_feedback(self):
        """Open the feedback about the record; new feedback is about it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        action["domain"] = [(self._feedback_key, "=", self.id)]
        action["context"] = {
            f"default_{self._feedback_key}": self.id,
            "default_partner_id": self.partner_id.id,
            "default_company_id": self.company_id.id,
        }
        return action
