from odoo import api, fields, models


class CrmFeedbackCategory(models.Model):
    """What feedback is about, and who answers for it."""

    _name = "crm.feedback.category"
    _description = "Feedback Category"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        "Default Owner",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Gets new feedback of this category when nobody else is named.",
    )
    is_closed_by_hand = fields.Boolean(
        "Closed by People Only",
        help="Silence of the customer does not end it: its owner calls.",
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    feedback_count = fields.Integer("Feedback", compute="_compute_feedback_count")

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "A category name is used once per company."
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        counts = dict(
            self.env["crm.feedback"]._read_group(
                [("category_id", "in", self.ids)], ["category_id"], ["__count"]
            )
        )
        for category in self:
            category.feedback_count = counts.get(category, 0)

    @api.constrains("user_id")
    def _check_user_can_own(self):
        self.user_id._feedback_check_owner()

    def action_view_feedback(self):
        """Open the feedback of this category."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        action["domain"] = [("category_id", "=", self.id)]
        action["context"] = {"default_category_id": self.id}
        return action
