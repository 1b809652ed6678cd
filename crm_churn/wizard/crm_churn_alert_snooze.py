from odoo import fields, models
from odoo.exceptions import UserError

MAX_DAYS = 366


class CrmChurnAlertSnooze(models.TransientModel):
    """Asks until when alerts may wait, and why."""

    _name = "crm.churn.alert.snooze"
    _description = "Let Churn Alerts Wait"

    alert_ids = fields.Many2many(
        "crm.churn.alert",
        string="Alerts",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    until = fields.Date(
        "Wait Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
    )
    reason = fields.Char("Why", required=True)

    def action_snooze(self):
        """Let the alerts wait.

        :raise UserError: the day is not in the next year, or an alert is closed
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if not 0 < (self.until - today).days <= MAX_DAYS:
            raise UserError(self.env._("Choose a day within the next year."))
        if not self.reason.strip():
            raise UserError(self.env._("Say why the alert may wait."))
        if closed := self.alert_ids.filtered(lambda alert: not alert.is_open)[:1]:
            raise UserError(
                self.env._("“%s” is closed; nothing has to wait.", closed.display_name)
            )
        self.alert_ids._snooze(self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
