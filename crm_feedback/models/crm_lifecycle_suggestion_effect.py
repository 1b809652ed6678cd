from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import get_number
from ..tools.text import is_blank

EFFECT_ACTIVITY = "crm_feedback.mail_activity_type_effect"
EFFECT_FIELDS = {
    "effect",
    "effect_date",
    "effect_unit",
    "figure_before",
    "figure_after",
}


class CrmLifecycleSuggestion(models.Model):
    """What became better: looked at some time after it was done."""

    _name = "crm.lifecycle.suggestion"
    _inherit = ["crm.lifecycle.suggestion", "mail.activity.mixin"]

    effect_date = fields.Date(
        "Effect Looked at on", copy=False, help="Set when it is done."
    )
    effect = fields.Text(copy=False, help="What became better, and what shows it.")
    effect_unit = fields.Char("Measured in", copy=False, help="e.g. hours, % in time")
    figure_before = fields.Float("Before", copy=False, aggregator=None)
    figure_after = fields.Float("After", copy=False, aggregator=None)
    figure_change = fields.Float("Change", compute="_compute_figure_change")

    @api.depends("figure_before", "figure_after")
    def _compute_figure_change(self):
        """As a share of what it was; 0 where it was nothing."""
        for suggestion in self:
            before = suggestion.figure_before
            change = suggestion.figure_after - before
            suggestion.figure_change = before and change / abs(before)

    @api.constrains("effect_unit", "figure_before", "figure_after")
    def _check_figures(self):
        for suggestion in self:
            figures = suggestion.figure_before or suggestion.figure_after
            if figures and is_blank(suggestion.effect_unit):
                raise ValidationError(
                    self.env._("Say under “Measured in” what the figures are.")
                )

    @api.model
    def _get_decided_fields(self):
        return super()._get_decided_fields() | EFFECT_FIELDS

    def write(self, vals):
        result = super().write(vals)
        if not is_blank(vals.get("effect")):
            self.activity_feedback([EFFECT_ACTIVITY])
        return result

    def _decide(self, state, answer=None):
        result = super()._decide(state, answer)
        if state == "done":
            self.filtered(lambda s: s.source == "manual")._plan_effect()
        return result

    def _plan_effect(self):
        """Whoever said that it is done looks at what it brought, some time later."""
        days = get_number(self.env, "effect_days")
        due = fields.Date.add(fields.Date.context_today(self), days=days)
        self.effect_date = due
        by_owner = self.grouped(lambda s: s._get_effect_owner())
        for user, suggestions in by_owner.items():
            if user:
                suggestions.activity_schedule(
                    EFFECT_ACTIVITY, date_deadline=due, user_id=user.id
                )

    def _get_effect_owner(self):
        """Who looks at what one suggestion brought, and still works here."""
        people = self.env.user | self.process_id.user_id | self.proposer_id
        return people.filtered(lambda user: user.active and not user.share)[:1]
