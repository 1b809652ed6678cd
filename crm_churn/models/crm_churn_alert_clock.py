from odoo import api, fields, models
from odoo.fields import Domain

KIND = "churn_alert"


class CrmSlaTimer(models.Model):
    """The clock of an alert: until somebody acts."""

    _inherit = "crm.sla.timer"

    kind = fields.Selection(
        selection_add=[(KIND, "Reaction to a Churn Alert")], ondelete={KIND: "cascade"}
    )
    churn_alert_id = fields.Many2one(
        "crm.churn.alert", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _get_host_keys(self):
        return {**super()._get_host_keys(), "churn_alert_id": "crm.churn.alert"}

    def _get_tiers(self):
        tiers = super()._get_tiers()
        for timer in self.filtered("churn_alert_id"):
            # sudo: a target holds, whoever looks
            tiers[timer] = timer.churn_alert_id.sudo().partner_id.customer_tier_id
        return tiers

    @api.model
    def _get_of_customers_domain(self, customers):
        ours = Domain("churn_alert_id.partner_id", "in", customers.ids)
        return super()._get_of_customers_domain(customers) | ours

    def _get_escalation_subject(self):
        self.ensure_one()
        if self.kind != KIND:
            return super()._get_escalation_subject()
        if self.state == "late":
            return self.env._("Nobody has acted on the churn alert yet")
        return self.env._("Act on the churn alert")


class CrmChurnAlert(models.Model):
    """By when somebody has to act, who is told if not, and when it may wait."""

    _inherit = "crm.churn.alert"

    timer_ids = fields.One2many("crm.sla.timer", "churn_alert_id", "Clocks")
    timer_state = fields.Selection(
        lambda self: self.env["crm.sla.timer"]._selection_state(),
        "Reaction",
        compute="_compute_timer",
        search="_search_timer_state",
    )
    timer_deadline = fields.Datetime("React Until", compute="_compute_timer")
    timer_explanation = fields.Text("Why It Is Due Then", compute="_compute_timer")
    snoozed_until = fields.Date(readonly=True, copy=False, tracking=True)
    snooze_reason = fields.Char(readonly=True, copy=False, tracking=True)

    @api.depends("timer_ids.deadline", "timer_ids.done_date", "timer_ids.paused_date")
    @api.depends_context("lang", "tz")
    def _compute_timer(self):
        clocks = self._find_clocks()
        by_alert = {clock.churn_alert_id.id: clock for clock in clocks}
        for alert in self:
            clock = by_alert.get(alert.id, clocks.browse())
            alert.timer_state = clock.state
            alert.timer_deadline = clock.deadline
            alert.timer_explanation = clock and clock._get_explanation()

    def _search_timer_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: who sees an alert sees its clock
        timers = self.env["crm.sla.timer"].sudo()
        domain = timers._get_running_domain() & Domain("state", "in", list(value))
        return Domain("timer_ids", "any!", domain)

    # ------------------------------------------------------------
    # The clock follows
    # ------------------------------------------------------------

    def _find_clocks(self):
        """The running clocks of these alerts."""
        # sudo: clocks are kept by the engine; who sees an alert sees its clock
        timers = self.env["crm.sla.timer"].sudo()
        return timers._find_running(KIND, "churn_alert_id", self.ids)

    def _follow_up(self):
        result = super()._follow_up()
        self._start_clocks()
        return result

    def _start_clocks(self):
        # sudo: as above
        timers = self.env["crm.sla.timer"].sudo()
        alerts_sudo = self.sudo()  # sudo: limits of the company
        for company, alerts in alerts_sudo.grouped("company_id").items():
            rows = [alert._prepare_clock() for alert in alerts]
            timers._start(KIND, company.churn_sla_policy_id, rows)
        self.invalidate_recordset(["timer_ids"], flush=False)

    def _prepare_clock(self):
        self.ensure_one()
        return {
            "churn_alert_id": self.id,
            "owner_id": self.user_id.id,
            "team_id": self.user_id.sale_team_id.id,
            "company_id": self.company_id.id,
        }

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            by_itself = vals.get("closed_by_itself")
            if vals["state"] != "new":
                self._find_clocks()._stop(cancelled=bool(by_itself))
                self.filtered("snoozed_until")._clear_snooze()
            else:
                timed = self._find_clocks().churn_alert_id
                (self - timed)._start_clocks()
        if vals.get("user_id"):
            for clock in self._find_clocks():
                clock.write(clock.churn_alert_id._prepare_clock())
        return result

    # ------------------------------------------------------------
    # Snoozing
    # ------------------------------------------------------------

    def _snooze(self, until, reason):
        """Let alerts wait: the clock stands still, the call moves to that day.

        :param date until: when they are back
        :param str reason: why, for those who read it later
        """
        self.write({"snoozed_until": until, "snooze_reason": reason, "deadline": until})
        self._find_clocks()._pause()

    def _clear_snooze(self):
        self.write({"snoozed_until": False, "snooze_reason": False})

    @api.model
    def _wake_up(self):
        """Alerts whose day has come are back."""
        today = fields.Date.context_today(self)
        alerts = self.search(
            self._get_open_domain() & Domain("snoozed_until", "<=", today)
        )
        alerts._find_clocks()._resume()
        alerts._clear_snooze()

    @api.model
    def _replace_gone_owners(self):
        result = super()._replace_gone_owners()
        self._wake_up()
        return result

    def action_wake_up(self):
        """Go on before the day has come."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        self._find_clocks()._resume()
        self.write({"snoozed_until": False, "snooze_reason": False, "deadline": today})
