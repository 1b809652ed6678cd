from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.clock_state import RUNNING, get_state_sql


class CrmSlaTimer(models.Model):
    """The colours of clocks now and at any past moment, by the one rule."""

    _inherit = "crm.sla.timer"

    @api.model
    def _get_states_query(self, moment=None):
        """The state of the clock that runs for each stay, as rows of SQL.

        Of a past moment is told what is known today: a pause that has ended since
        has moved the deadline.

        :param datetime moment: UTC; the present one when not given
        :return: SQL of rows ``visit_id``, ``state``, one for each stay with a clock
        """
        self.flush_model()
        if not moment:
            return SQL(
                "SELECT clock.visit_id, %s AS state FROM crm_sla_timer AS clock"
                " WHERE clock.kind = 'stage' AND clock.done_date IS NULL",
                get_state_sql("clock", fields.Datetime.now()),
            )
        return SQL(
            """
            SELECT DISTINCT ON (clock.visit_id) clock.visit_id, %(state)s AS state
              FROM (SELECT id, visit_id, start_date, deadline, warning_date,
                           paused_date, NULL::timestamp AS done_date,
                           FALSE AS cancelled
                      FROM crm_sla_timer
                     WHERE kind = 'stage' AND start_date <= %(moment)s
                       AND (done_date IS NULL OR done_date > %(moment)s)) AS clock
             ORDER BY clock.visit_id, clock.start_date DESC, clock.id DESC
            """,
            state=get_state_sql("clock", moment),
            moment=moment,
        )


class CrmLifecycleVisit(models.Model):
    """The colour of a stay, now or at the moment a list is shown for."""

    _inherit = "crm.lifecycle.visit"

    clock_state = fields.Selection(
        "_selection_clock_state",
        "Time Limit",
        compute="_compute_clock_state",
        search="_search_clock_state",
        help="Of whoever stands there; empty without a time limit.",
    )

    @api.model
    def _selection_clock_state(self):
        labels = dict(self.env["crm.sla.timer"]._selection_state())
        return [(state, labels[state]) for state in RUNNING]

    @api.model
    def _get_shown_moment(self):
        """The past moment for which stays are shown; ``None`` for now."""
        moment = self.env.context.get("lifecycle_as_of")
        return fields.Datetime.to_datetime(moment) if moment else None

    def _get_clock_states_query(self):
        # sudo: who sees a stay sees whether it takes too long
        timers = self.env["crm.sla.timer"].sudo()
        return timers._get_states_query(self._get_shown_moment())

    @api.depends_context("lifecycle_as_of")
    def _compute_clock_state(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT visit_id, state FROM (%s) AS c WHERE visit_id = ANY(%s)",
                self._get_clock_states_query(),
                self.ids,
            )
        )
        states = dict(rows)
        for visit in self:
            visit.clock_state = states.get(visit.id, False)

    def _search_clock_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = set(value)
        clocks = self._get_clock_states_query()
        found = Domain.FALSE
        if known := list(states - {False}):
            found = self._match_clock(
                SQL(
                    "SELECT visit_id FROM (%s) AS c WHERE state = ANY(%s)",
                    clocks,
                    known,
                )
            )
        if False in states:
            found |= ~self._match_clock(SQL("SELECT visit_id FROM (%s) AS c", clocks))
        return found

    def _join_clock(self, query):
        """Join the clocks of the stays of ``query``; return the state as SQL."""
        alias = query.make_alias(query.table, "clock")
        clock, stay = (
            SQL.identifier(alias, "visit_id"),
            SQL.identifier(query.table, "id"),
        )
        rows = SQL("(%s)", self._get_clock_states_query())
        query.add_join("LEFT JOIN", alias, rows, SQL("%s = %s", clock, stay))
        return SQL.identifier(alias, "state")

    @api.model
    def _match_clock(self, visit_ids):
        """Domain of the stays among ``visit_ids``, a query without empty ones."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "EXISTS (SELECT FROM (%s) AS clock(id) WHERE clock.id = %s)",
                visit_ids,
                SQL.identifier(alias, "id"),
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists be sorted and grouped by the state."""
        if field_expr == "clock_state":
            self._check_field_access(self._fields[field_expr], "read")
            return SQL(
                "(SELECT clock.state FROM (%s) AS clock WHERE clock.visit_id = %s)",
                self._get_clock_states_query(),
                SQL.identifier(alias, "id"),
            )
        return super()._field_to_sql(alias, field_expr, query)
