from odoo import fields, models
from odoo.tools import SQL

from ..tools.clock_state import get_state_sql


class CrmSlaReport(models.Model):
    """How well time limits are kept; medians are computed for each group anew."""

    _name = "crm.sla.report"
    _inherit = ["crm.percentile.mixin"]
    _description = "Time Limit Analysis"
    _auto = False
    _order = "start_date desc"
    _percentiles = {"median_hours": 0.5, "p90_hours": 0.9}
    _depends = {
        "crm.sla.timer": [
            "cancelled",
            "company_id",
            "deadline",
            "done_date",
            "escalated",
            "hours",
            "kind",
            "owner_id",
            "paused_date",
            "policy_id",
            "stage_id",
            "start_date",
            "target_hours",
            "team_id",
            "warning_date",
        ],
    }

    timer_id = fields.Many2one("crm.sla.timer", "Clock", readonly=True)
    kind = fields.Selection(
        lambda self: self.env["crm.sla.timer"]
        ._fields["kind"]
        ._description_selection(self.env),
        readonly=True,
    )
    policy_id = fields.Many2one("crm.sla.policy", "Time Limit", readonly=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", readonly=True)
    owner_id = fields.Many2one("res.users", "Owner", readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    start_date = fields.Datetime("Started", readonly=True)
    done_date = fields.Datetime("Ended", readonly=True)
    state = fields.Selection(
        lambda self: self.env["crm.sla.timer"]._selection_state(), readonly=True
    )
    in_time = fields.Float(
        "Share in Time",
        readonly=True,
        aggregator="avg",
        help="Of the clocks that have ended or are late.",
    )
    escalated = fields.Float("Share Escalated", readonly=True, aggregator="avg")
    target_hours = fields.Float("Target (Hours)", readonly=True, aggregator="avg")
    hours = fields.Float("Average Hours", readonly=True, aggregator="avg")
    median_hours = fields.Float("Median of Hours", readonly=True, aggregator="avg")
    p90_hours = fields.Float("90 % Within (Hours)", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s FROM %s WHERE t.cancelled IS NOT TRUE",
            self._get_select(),
            self._get_from(),
        )

    def _get_select(self):
        """Hook: the columns, of the clocks ``t``."""
        return SQL(
            """
            t.id, t.id AS timer_id, t.kind, t.policy_id, t.stage_id, t.owner_id,
            t.team_id, t.company_id, t.start_date, t.done_date, t.target_hours,
            t.taken AS hours, t.taken AS median_hours, t.taken AS p90_hours, t.state,
            CASE WHEN t.state = 'met' THEN 1.0
                 WHEN t.state IN ('missed', 'late') THEN 0.0 END AS in_time,
            COALESCE(t.escalated, FALSE)::int::float8 AS escalated
            """
        )

    def _get_from(self):
        """Hook: the clocks ``t``, joined with what is told of them."""
        return SQL(
            """
            (SELECT c.*, %s AS state,
                    CASE WHEN c.done_date IS NOT NULL THEN c.hours END AS taken
               FROM crm_sla_timer AS c) AS t
            """,
            get_state_sql("c", fields.Datetime.now()),
        )

    def action_open_record(self):
        """Open what the clock was about."""
        self.ensure_one()
        return self.timer_id.action_open_record()
