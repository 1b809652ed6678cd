from odoo import api, fields, models
from odoo.tools import is_html_empty


class CrmFeedbackCategory(models.Model):
    """What a category adds to its feedback: own fields, and words that help."""

    _inherit = "crm.feedback.category"

    properties_definition = fields.PropertiesDefinition("Own Fields")
    script = fields.Html(
        "What to Say",
        translate=True,
        sanitize=True,
        help="Shown to who talks with the customer, while it is open: how to calm, "
        "what to ask, what may be promised.",
    )


class CrmFeedback(models.Model):
    _inherit = "crm.feedback"

    properties = fields.Properties(
        "Details", definition="category_id.properties_definition", copy=True
    )
    script = fields.Html(compute="_compute_script")

    @api.depends("category_id.script", "state")
    def _compute_script(self):
        for feedback in self:
            script = feedback.category_id.script
            shown = feedback.state in ("new", "assigned") and not is_html_empty(script)
            feedback.script = shown and script
