from odoo import api, fields, models
from odoo.exceptions import ValidationError

DAYS = 90


class CrmPeriodPair(models.AbstractModel):
    """Two periods of days, side by side; for pages that say what has changed."""

    _name = "crm.period.pair"
    _description = "Two Periods"

    before_start = fields.Date(
        "Before: From", required=True, default=lambda self: self._days_ago(2 * DAYS)
    )
    before_end = fields.Date(
        "Until", required=True, default=lambda self: self._days_ago(DAYS + 1)
    )
    after_start = fields.Date(
        "After: From", required=True, default=lambda self: self._days_ago(DAYS)
    )
    after_end = fields.Date(
        "Until (After)", required=True, default=lambda self: self._days_ago(1)
    )

    @api.model
    def _days_ago(self, days):
        return fields.Date.subtract(fields.Date.context_today(self), days=days)

    @api.constrains("before_start", "before_end", "after_start", "after_end")
    def _check_periods(self):
        for pair in self:
            if reason := pair._get_obstacle():
                raise ValidationError(reason)

    def _get_obstacle(self):
        """Why the two periods cannot be compared; nothing when they can."""
        self.ensure_one()
        dates = (self.before_start, self.before_end, self.after_start, self.after_end)
        if not all(dates):
            return self.env._("Choose the first and the last day of both periods.")
        if self.before_start > self.before_end or self.after_start > self.after_end:
            return self.env._("A period cannot end before it starts.")
        if self.before_end >= self.after_start:
            return self.env._("The period before must end before the other one starts.")
        return ""
