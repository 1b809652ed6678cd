from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock_state import RUNNING, STATE_FIELDS, get_state, get_state_sql


class CrmSlaTimer(models.Model):
    """One clock: how long something may take, and how long it took.

    Written by the service alone (:meth:`_start`, :meth:`_stop`, :meth:`_pause`,
    :meth:`_resume`, :meth:`_replan`); nobody has the right to change it. Whatever is
    to be timed adds a ``kind`` and a foreign key of its own, and names the key in
    :meth:`_get_host_keys`.
    """

    _name = "crm.sla.timer"
    _description = "Time Limit Clock"
    _order = "deadline, id"
    _log_access = False

    kind = fields.Selection(
        [("stage", "Time in Stage")], required=True, readonly=True, default="stage"
    )
    policy_id = fields.Many2one(
        "crm.sla.policy",
        "Time Limit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    visit_id = fields.Many2one(
        "crm.lifecycle.visit",
        "Stay",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    owner_id = fields.Many2one(
        "res.users", "Owner", readonly=True, index="btree_not_null", ondelete="set null"
    )
    team_id = fields.Many2one(
        "crm.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    start_date = fields.Datetime("Started", required=True, readonly=True)
    deadline = fields.Datetime(readonly=True, help="Empty while the clock is paused.")
    warning_date = fields.Datetime("Warns", readonly=True)
    done_date = fields.Datetime("Ended", readonly=True)
    cancelled = fields.Boolean(
        readonly=True, help="Ended without being met: merged, archived, withdrawn."
    )
    paused_date = fields.Datetime("Paused Since", readonly=True)
    paused_by_condition = fields.Boolean(readonly=True)
    pauses = fields.Json(readonly=True)
    next_event_date = fields.Datetime("Next Escalation", readonly=True)
    target_hours = fields.Float("Target (Hours)", readonly=True, aggregator="avg")
    hours = fields.Float(
        "Hours Taken",
        readonly=True,
        aggregator="avg",
        help="Working hours without pauses, written when the clock ends.",
    )
    trace = fields.Json(readonly=True)
    level_id = fields.Many2one(
        "crm.sla.level", "Level Reached", readonly=True, ondelete="set null"
    )
    escalated = fields.Boolean(readonly=True, help="Somebody has been told.")
    escalation_ids = fields.One2many("crm.sla.escalation", "timer_id", "Escalations")
    state = fields.Selection(
        "_selection_state", compute="_compute_state", search="_search_state"
    )

    _next_event_idx = models.Index("(next_event_date) WHERE done_date IS NULL")
    _deadline_idx = models.Index("(deadline) WHERE done_date IS NULL")
    _visit_running_uniq = models.UniqueIndex(
        "(visit_id) WHERE done_date IS NULL AND kind = 'stage'",
        "One clock runs for a stay.",
    )

    # ------------------------------------------------------------
    # State: one rule, see tools/clock_state.py
    # ------------------------------------------------------------

    @api.model
    def _selection_state(self):
        """The states, the most urgent first."""
        return [
            ("late", self.env._("Late")),
            ("soon", self.env._("Due Soon")),
            ("running", self.env._("On Time")),
            ("paused", self.env._("Paused")),
            ("idle", self.env._("No Working Time")),
            ("missed", self.env._("Done Late")),
            ("met", self.env._("Done in Time")),
            ("cancelled", self.env._("Cancelled")),
        ]

    @api.model
    def _get_running_domain(self):
        """The definition of "running", paused ones included."""
        return Domain("done_date", "=", False)

    @api.depends(*STATE_FIELDS)
    def _compute_state(self):
        now = fields.Datetime.now()
        for timer in self:
            timer.state = get_state(timer, now)

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now, states = fields.Datetime.now(), list(value)
        domain = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)", get_state_sql(alias, now), states
            ),
            predicate=lambda timer: get_state(timer, now) in states,
        )
        if set(states) <= set(RUNNING):
            domain &= self._get_running_domain()  # for the sake of the index
        return domain

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be sorted and grouped by the state."""
        if field_expr == "state":
            self._check_field_access(self._fields[field_expr], "read")
            return get_state_sql(alias, fields.Datetime.now())
        return super()._field_to_sql(alias, field_expr, query)

    # ------------------------------------------------------------
    # The record a clock is about
    # ------------------------------------------------------------

    res_model = fields.Char(compute="_compute_record")
    res_id = fields.Integer(compute="_compute_record")
    record_name = fields.Char("Record", compute="_compute_record")

    @api.model
    def _get_host_keys(self):
        """Hook: the foreign keys to what is timed: ``{field: model}``."""
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        return {self.env[name]._lifecycle_visit_key: name for name in hosts}

    def _get_record(self):
        """What one clock is about."""
        self.ensure_one()
        for key in self._get_host_keys():
            if self[key]:
                return self[key]
        return self.visit_id

    @api.depends("visit_id")
    def _compute_record(self):
        # sudo: who sees a clock may know the name of what it is about
        for timer in self.sudo():
            record = timer._get_record()
            timer.res_model, timer.res_id = record._name, record.id
            timer.record_name = record.display_name

    @api.depends("record_name", "policy_id")
    def _compute_display_name(self):
        for timer in self:
            # sudo: as above
            timer.display_name = f"{timer.record_name}: {timer.policy_id.sudo().name}"

    def action_open_record(self):
        """Open what the clock is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _get_people(self, kind):
        """The people of one kind for each clock.

        :param str kind: owner, leader, responsible or accountable
        :return: ``{timer: res.users}``
        """
        if kind == "owner":
            return {timer: timer.owner_id for timer in self}
        if kind == "leader":
            return {timer: timer.team_id.user_id for timer in self}
        people = dict.fromkeys(self, self.env["res.users"])
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        for key, model_name in self._get_host_keys().items():
            timers = self.filtered(key)
            if not timers or model_name not in hosts:
                continue
            found = timers[key]._lifecycle_get_role_users(kind)
            people.update({timer: found[timer[key]] for timer in timers})
        return people
