from odoo import fields, models


class ResUsers(models.Model):
    """Whoever leads a team may do without the monthly report."""

    _inherit = "res.users"

    feedback_monthly = fields.Boolean(
        "Monthly Feedback Report",
        default=True,
        help="A mail on the first of each month, for team and process managers.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "feedback_monthly"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "feedback_monthly"]
