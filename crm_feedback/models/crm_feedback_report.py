from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.crm_lifecycle.tools.clock_state import get_state_sql

from .crm_feedback_clock import ANSWER, SOLUTION

RECOVERY_DAYS = 90  # who buys again within so many days has been won back
REPEAT_DAYS = 180  # what comes again within so many days was not repaired


def _selection(name):
    return lambda self: (
        self.env["crm.feedback"]._fields[name]._description_selection(self.env)
    )


class CrmFeedbackReport(models.Model):
    """What customers said, how long it took, and whether it helped: a line for each.

    Hours are working hours of the suite's clocks, without pauses; a case that was
    reopened adds up all its clocks of the solution. Medians are computed for each
    group anew. A share is taken of the cases that can tell: empty where one cannot.
    """

    _name = "crm.feedback.report"
    _inherit = ["crm.percentile.mixin"]
    _description = "Feedback Analysis"
    _auto = False
    _rec_name = "feedback_id"
    _order = "date desc, id desc"
    _percentiles = {
        "answer_median_hours": 0.5,
        "answer_p90_hours": 0.9,
        "solution_median_hours": 0.5,
        "solution_p90_hours": 0.9,
    }
    _depends = {
        "crm.feedback": [
            "category_id",
            "cause_id",
            "channel",
            "commercial_partner_id",
            "company_id",
            "date",
            "kind",
            "lifecycle_stage_id",
            "outcome",
            "product_id",
            "reopen_count",
            "severity",
            "solved_date",
            "state",
            "user_id",
        ],
        "crm.sla.timer": [
            "cancelled",
            "deadline",
            "done_date",
            "feedback_id",
            "hours",
            "kind",
            "target_hours",
            "team_id",
        ],
        "res.partner": ["commercial_partner_id", "customer_tier_id"],
        "res.users": ["sale_team_id"],
        "sale.order": ["amount_untaxed", "date_order", "partner_id", "state"],
        "account.move": ["amount_untaxed_signed", "invoice_date", "state"],
    }

    feedback_id = fields.Many2one("crm.feedback", "Feedback", readonly=True)
    date = fields.Datetime("Received on", readonly=True)
    kind = fields.Selection(_selection("kind"), readonly=True)
    severity = fields.Selection(_selection("severity"), readonly=True)
    state = fields.Selection(_selection("state"), "Status", readonly=True)
    outcome = fields.Selection(_selection("outcome"), readonly=True)
    channel = fields.Selection(_selection("channel"), readonly=True)
    category_id = fields.Many2one("crm.feedback.category", readonly=True)
    cause_id = fields.Many2one("crm.feedback.cause", "Root Cause", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    tier_id = fields.Many2one("crm.customer.tier", "Customer Tier", readonly=True)
    stage_id = fields.Many2one(
        "crm.lifecycle.stage", "Stage at the Time", readonly=True
    )
    user_id = fields.Many2one("res.users", "Owner", readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    solved_date = fields.Datetime("Solved on", readonly=True)

    answer_count = fields.Integer("Answers Measured", readonly=True)
    answer_hours = fields.Float(
        "First Answer (Hours)",
        readonly=True,
        aggregator="avg",
        help="Working hours until the first answer.",
    )
    answer_median_hours = fields.Float(
        "First Answer: Median", readonly=True, aggregator="avg"
    )
    answer_p90_hours = fields.Float(
        "First Answer: 90 % Within", readonly=True, aggregator="avg"
    )
    answer_target_hours = fields.Float(
        "First Answer: Target", readonly=True, aggregator="avg"
    )
    answer_in_time = fields.Float("Answered in Time", readonly=True, aggregator="avg")
    is_answered_late = fields.Boolean("Answered Late", readonly=True)
    solution_count = fields.Integer("Solutions Measured", readonly=True)
    solution_hours = fields.Float(
        "Solution (Hours)",
        readonly=True,
        aggregator="avg",
        help="Working hours until the solution, without waiting for the customer; "
        "with what each reopening added.",
    )
    solution_median_hours = fields.Float(
        "Solution: Median", readonly=True, aggregator="avg"
    )
    solution_p90_hours = fields.Float(
        "Solution: 90 % Within", readonly=True, aggregator="avg"
    )
    solution_target_hours = fields.Float(
        "Solution: Target", readonly=True, aggregator="avg"
    )
    solution_in_time = fields.Float("Solved in Time", readonly=True, aggregator="avg")
    is_solved_late = fields.Boolean("Solved Late", readonly=True)
    complaint_count = fields.Integer("Complaints", readonly=True)
    reopened = fields.Float("Share Reopened", readonly=True, aggregator="avg")
    ended_count = fields.Integer("Closed Cases", readonly=True)
    confirmed = fields.Float(
        "Share Confirmed",
        readonly=True,
        aggregator="avg",
        help="Of the closed cases, those the customer has confirmed.",
    )
    recovery_count = fields.Integer("Recovery Known", readonly=True)
    recovered = fields.Float(
        "Recovery Rate",
        readonly=True,
        aggregator="avg",
        help="Of the complaints solved at least 90 days ago, those whose customer "
        "bought again within 90 days.",
    )
    repeated = fields.Float(
        "Repeat Complaints",
        readonly=True,
        aggregator="avg",
        help="Of the complaints of known customers, those with an earlier one of the "
        "same cause (else category) within 180 days.",
    )

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._get_select(), self._get_from())

    def _get_select(self):
        """Hook: the columns, of the feedback ``f`` and its clocks ``t``."""
        return SQL(
            """
            f.id, f.id AS feedback_id, f.date, f.kind, f.severity, f.state, f.outcome,
            f.channel, f.category_id, f.cause_id, f.product_id, f.company_id,
            f.commercial_partner_id AS partner_id, p.customer_tier_id AS tier_id,
            f.lifecycle_stage_id AS stage_id, f.user_id, f.solved_date,
            COALESCE(t.team_id, u.sale_team_id) AS team_id,
            (t.answer_hours IS NOT NULL)::int AS answer_count,
            t.answer_hours, t.answer_hours AS answer_median_hours,
            t.answer_hours AS answer_p90_hours, t.answer_target_hours,
            t.answer_in_time, t.answer_in_time = 0 AS is_answered_late,
            (t.solution_hours IS NOT NULL)::int AS solution_count,
            t.solution_hours, t.solution_hours AS solution_median_hours,
            t.solution_hours AS solution_p90_hours, t.solution_target_hours,
            t.solution_in_time, t.solution_in_time = 0 AS is_solved_late,
            (f.kind = 'complaint')::int AS complaint_count,
            (COALESCE(f.reopen_count, 0) > 0)::int::float8 AS reopened,
            (f.state = 'closed')::int AS ended_count,
            CASE WHEN f.state = 'closed' THEN
                (f.outcome IN ('confirmed', 'reported'))::int::float8 END AS confirmed,
            (%(can_tell)s)::int AS recovery_count,
            CASE WHEN %(can_tell)s THEN (%(recovered)s)::int::float8 END AS recovered,
            CASE WHEN f.kind = 'complaint' AND f.commercial_partner_id IS NOT NULL
                 THEN (%(repeated)s)::int::float8 END AS repeated
            """,
            can_tell=self._get_can_tell(),
            recovered=self._get_recovered(),
            repeated=self._get_repeated(),
        )

    def _get_from(self):
        """Hook: the feedback ``f``, joined with what is told of it."""
        return SQL(
            """
            crm_feedback AS f
            LEFT JOIN res_partner AS p ON p.id = f.commercial_partner_id
            LEFT JOIN res_users AS u ON u.id = f.user_id
            LEFT JOIN (%s) AS t ON t.feedback_id = f.id
            """,
            self._get_clocks(),
        )

    def _get_clocks(self):
        """One line per feedback; hours only when none of its clocks runs."""
        return SQL(
            """
            SELECT c.feedback_id, min(c.team_id) AS team_id,
                   CASE WHEN bool_and(c.done_date IS NOT NULL)
                             FILTER (WHERE c.kind = %(answer)s)
                        THEN sum(c.hours) FILTER (WHERE c.kind = %(answer)s)
                   END AS answer_hours,
                   max(c.target_hours) FILTER (WHERE c.kind = %(answer)s)
                       AS answer_target_hours,
                   min(c.in_time) FILTER (WHERE c.kind = %(answer)s) AS answer_in_time,
                   CASE WHEN bool_and(c.done_date IS NOT NULL)
                             FILTER (WHERE c.kind = %(solution)s)
                        THEN sum(c.hours) FILTER (WHERE c.kind = %(solution)s)
                   END AS solution_hours,
                   max(c.target_hours) FILTER (WHERE c.kind = %(solution)s)
                       AS solution_target_hours,
                   min(c.in_time) FILTER (WHERE c.kind = %(solution)s)
                       AS solution_in_time
              FROM (SELECT s.*, CASE %(state)s WHEN 'met' THEN 1.0::float8
                                WHEN 'missed' THEN 0.0 WHEN 'late' THEN 0.0
                                END AS in_time
                      FROM crm_sla_timer AS s
                     WHERE s.feedback_id IS NOT NULL AND s.cancelled IS NOT TRUE) AS c
             GROUP BY c.feedback_id
            """,
            answer=ANSWER,
            solution=SOLUTION,
            state=get_state_sql("s", fields.Datetime.now()),
        )

    def _get_can_tell(self):
        """A complaint of a known customer that was solved long enough ago."""
        return SQL(
            "(f.kind = 'complaint' AND f.commercial_partner_id IS NOT NULL"
            " AND f.solved_date IS NOT NULL AND f.solved_date <= %s)",
            fields.Datetime.now() - timedelta(days=RECOVERY_DAYS),
        )

    def _get_recovered(self):
        return SQL(
            """
            EXISTS (SELECT FROM (%s) AS b
                     WHERE b.partner_id = f.commercial_partner_id
                       AND b.company_id = f.company_id
                       AND b.purchase_date > f.solved_date
                       AND b.purchase_date <= f.solved_date + %s)
            """,
            self.env["crm.customer.metrics"]._get_purchases_query(),
            timedelta(days=RECOVERY_DAYS),
        )

    def _get_repeated(self):
        """Compared by cause where both have one, else by category."""
        return SQL(
            """
            EXISTS (SELECT FROM crm_feedback AS e
                     WHERE e.kind = 'complaint'
                       AND e.commercial_partner_id = f.commercial_partner_id
                       AND e.company_id = f.company_id
                       AND (e.date, e.id) < (f.date, f.id)
                       AND e.date >= f.date - %s
                       AND CASE WHEN e.cause_id IS NULL OR f.cause_id IS NULL
                                THEN e.category_id = f.category_id
                                ELSE e.cause_id = f.cause_id END)
            """,
            timedelta(days=REPEAT_DAYS),
        )

    def action_open_record(self):
        """Open the feedback itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
