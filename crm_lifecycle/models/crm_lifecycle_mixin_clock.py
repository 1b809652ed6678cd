from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock_state import LOOKS, RUNNING, STATE_FIELDS, get_state_sql


class CrmLifecycleMixin(models.AbstractModel):
    """The clocks of a record: starting, following and showing them."""

    _inherit = "crm.lifecycle.mixin"

    lifecycle_timer_state = fields.Selection(
        "_selection_lifecycle_timer_state",
        "State of the Time Limit",
        compute="_compute_lifecycle_timer",
        search="_search_lifecycle_timer_state",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )
    lifecycle_deadline = fields.Datetime(
        compute="_compute_lifecycle_timer",
        search="_search_lifecycle_deadline",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    lifecycle_timer_explanation = fields.Text(
        "Why It Is Due Then",
        compute="_compute_lifecycle_timer_explanation",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    # ------------------------------------------------------------
    # Starting and following
    # ------------------------------------------------------------

    def _lifecycle_entered(self, visits):
        """A stage with a time limit starts a clock for each stay."""
        result = super()._lifecycle_entered(visits)
        timed = self.env["crm.lifecycle.stage"]._get_timed_stage_ids()
        if timed & set(visits.stage_id.ids):
            # sudo: clocks are kept by the engine alone
            self.env["crm.sla.timer"].sudo()._start_stays(visits)
        return result

    def write(self, vals):
        result = super().write(vals)
        if self.env["crm.lifecycle.stage"]._get_timed_stage_ids():
            self._lifecycle_clocks_follow(vals)
        return result

    def _lifecycle_clocks_follow(self, vals):
        """Tell the clocks what was written: owner, archived, waiting for somebody."""
        if vals.keys() & self._lifecycle_get_owner_fields():
            self._lifecycle_hand_over_clocks()
        if "active" in vals:
            self._lifecycle_follow_active()
        policies = self.env["crm.sla.policy"]
        if vals.keys() & policies._get_pause_fields(self._name):
            policies._get_pausing(self._name)._sync_pauses(self)

    def _lifecycle_find_timers(self, kind="stage"):
        """The running clocks of these records."""
        # sudo: clocks are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        return timers._find_running(kind, self._lifecycle_visit_key, self.ids)

    def _lifecycle_hand_over_clocks(self):
        """Clocks are counted against whoever answers for the record now."""
        key = self._lifecycle_visit_key
        for timer in self._lifecycle_find_timers():
            record = timer[key]
            timer.owner_id = record._lifecycle_get_owner() or timer.stage_id.user_id
            timer.team_id = record._lifecycle_get_team()
            timer.company_id = record.company_id

    def _lifecycle_follow_active(self):
        """No clock runs for what is archived; it begins anew when that comes back.

        Lost leads are archived where they stand, which is no reason to stop.
        """
        # sudo: the log is written by the engine alone
        visits = self.env["crm.lifecycle.visit"].sudo()
        timers = self._lifecycle_find_timers()
        key = self._lifecycle_visit_key
        timers.filtered(
            lambda t: not t[key].active and t.stage_id.outcome != "lost"
        )._stop(cancelled=True)
        active = self.filtered("active")
        standing = visits.search(
            visits._get_open_domain()
            & Domain(key, "in", active.ids)
            & Domain("stage_id.sla_policy_id", "!=", False)
            & Domain("id", "not in", active._lifecycle_find_timers().visit_id.ids)
        )
        # sudo: as above
        self.env["crm.sla.timer"].sudo()._start_stays(standing, fields.Datetime.now())

    @api.model
    def _lifecycle_get_owner_fields(self):
        """Hook: fields whose writing may change who answers for a record."""
        return {"user_id", "team_id", "company_id"}

    def _lifecycle_assign(self, user):
        """Hook: let ``user`` answer for the records."""

    # ------------------------------------------------------------
    # Showing
    # ------------------------------------------------------------

    @api.model
    def _selection_lifecycle_timer_state(self):
        labels = dict(self.env["crm.sla.timer"]._selection_state())
        return [(state, labels[state]) for state in RUNNING]

    @api.depends("lifecycle_stage_id")
    @api.depends_context("uid")
    def _compute_lifecycle_timer(self):
        timers = self._lifecycle_get_urgent_timers()
        for record in self:
            timer = timers[record]
            record.lifecycle_timer_state = timer.state
            record.lifecycle_deadline = timer.deadline

    @api.depends("lifecycle_stage_id")
    @api.depends_context("uid", "lang", "tz")
    def _compute_lifecycle_timer_explanation(self):
        timers = self._lifecycle_get_urgent_timers()
        for record in self:
            record.lifecycle_timer_explanation = timers[record].explanation

    def _lifecycle_get_urgent_timers(self):
        """The most urgent running clock of each record: ``{record: crm.sla.timer}``."""
        owners = {record: record._lifecycle_get_path_record() for record in self}
        key = self._lifecycle_visit_key
        # sudo: who sees a record sees its clock
        timers = self.env["crm.sla.timer"].sudo()
        found = {}
        for timer in timers.search_fetch(
            timers._get_running_domain()
            & Domain(key, "in", [owner.id for owner in owners.values()]),
            [key, *STATE_FIELDS, "trace", "pauses", "start_date", "target_hours"],
            order="deadline, id",
        ):
            urgent = found.setdefault(timer[key].id, timer)
            if RUNNING.index(timer.state) < RUNNING.index(urgent.state):
                found[timer[key].id] = timer
        return {record: found.get(owner.id, timers) for record, owner in owners.items()}

    def _lifecycle_get_kit(self):
        """The kit tells how much time is left, and why."""
        kit = super()._lifecycle_get_kit()
        timer = self._lifecycle_get_urgent_timers()[self]
        labels = dict(timer._selection_state())
        icon, style = LOOKS.get(timer.state, (False, False))
        kit["timer"] = bool(timer) and {
            "id": timer.id,
            "name": timer.policy_id.name,
            "state": timer.state,
            "label": labels[timer.state],
            "icon": icon and icon.removeprefix("fa-"),
            "style": style,
            "deadline": timer.deadline and fields.Datetime.to_string(timer.deadline),
            "explanation": timer.explanation,
            "escalated": timer.level_id.display_name or False,
        }
        return kit

    def _search_lifecycle_timer_state(self, operator, value):
        """The most urgent clock of a record says its state."""
        if operator != "in":
            return NotImplemented
        ranks = [RUNNING.index(state) for state in value if state in RUNNING]
        state = get_state_sql("crm_sla_timer", fields.Datetime.now())
        rank = SQL("array_position(%s::text[], %s)", list(RUNNING), state)
        domain = self._lifecycle_search_clocks(
            SQL("min(%s) - 1 = ANY(%s)", rank, ranks)
        )
        if False in value:
            domain |= ~self._lifecycle_search_clocks(SQL("TRUE"))
        return domain

    def _search_lifecycle_deadline(self, operator, value):
        """Any running clock whose deadline is as asked."""
        timers = self.env["crm.sla.timer"]
        domain = timers._get_running_domain() & Domain("deadline", operator, value)
        if operator == "in" and False in value:
            return NotImplemented
        # sudo: who sees a record sees its clock
        query = timers.sudo()._search(domain)
        key = SQL.identifier(timers._table, self._lifecycle_visit_key)
        return self._lifecycle_match_clocks(query.select(key))

    def _lifecycle_search_clocks(self, having):
        """Domain of the records whose running clocks, as a group, meet ``having``."""
        self.env["crm.sla.timer"].flush_model()
        return self._lifecycle_match_clocks(
            SQL(
                "SELECT %(key)s FROM crm_sla_timer"
                " WHERE done_date IS NULL AND %(key)s IS NOT NULL"
                " GROUP BY %(key)s HAVING %(having)s",
                key=SQL.identifier(self._lifecycle_visit_key),
                having=having,
            )
        )

    def _lifecycle_match_clocks(self, ids):
        """Domain of the records that show the clocks of ``ids``, a subquery."""
        column = self._lifecycle_owner_column
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (%s)", SQL.identifier(alias, column), ids
            )
        )
