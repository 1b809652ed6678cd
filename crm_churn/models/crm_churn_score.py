from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

LEVELS = ("critical", "at_risk", "watch", "healthy")  # the worst first
WEEK_SECONDS = 7 * 86400
RISKY = ("critical", "at_risk")


def selection_level(env):
    """The levels in words, the worst first."""
    return [
        ("critical", env._("Critical")),
        ("at_risk", env._("At Risk")),
        ("watch", env._("Watch")),
        ("healthy", env._("Healthy")),
    ]


class CrmChurnScore(models.Model):
    """How healthy a customer is in one company: 100 less what the signals cost.

    Written by the judgement alone, see ``crm_churn_score_refresh.py``; why, and what
    would help, is in ``crm_churn_score_explain.py``.
    """

    _name = "crm.churn.score"
    _description = "Customer Health"
    _log_access = False
    _rec_name = "partner_id"
    _order = "score, id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    score = fields.Integer(
        "Health",
        readonly=True,
        aggregator="avg",
        help="100: nothing speaks against the customer. 0: everything does.",
    )
    level = fields.Selection(
        lambda self: selection_level(self.env),
        readonly=True,
        required=True,
        group_expand=True,
    )
    signal_id = fields.Many2one(
        "crm.churn.signal",
        "Main Reason",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    contributions = fields.Json(
        readonly=True, help="Points lost by signal: they and the score make 100."
    )
    probability = fields.Integer(
        "Probability of Leaving (%)",
        readonly=True,
        aggregator="avg",
        help="That the customer does not buy in the days the company looks ahead, "
        "learned from its own past. Empty where that does not suffice.",
    )
    changed_date = fields.Date("Changed on", readonly=True)
    trend = fields.Integer(
        compute="_compute_trend",
        help="Points won or lost since a week ago.",
    )
    signal_ids = fields.Many2many(
        "crm.churn.signal",
        string="Reasons",
        compute="_compute_signal_ids",
        search="_search_signal_ids",
    )
    snapshot_ids = fields.One2many(
        "crm.churn.score.snapshot", compute="_compute_snapshot_ids", string="Weeks"
    )
    metrics_id = fields.Many2one("crm.customer.metrics", compute="_compute_metrics")
    currency_id = fields.Many2one(related="company_id.currency_id")
    revenue_12m = fields.Monetary("Revenue, 12 Months", compute="_compute_metrics")
    last_purchase_date = fields.Datetime("Last Purchase", compute="_compute_metrics")
    user_id = fields.Many2one(related="partner_id.user_id")
    # related_sudo: who sees the health may know the tier
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    lifecycle_stage_id = fields.Many2one(related="partner_id.lifecycle_stage_id")

    _customer_uniq = models.UniqueIndex("(partner_id, company_id)")
    _risk_idx = models.Index("(score, id) WHERE level IN ('critical', 'at_risk')")

    @api.depends("score")
    def _compute_trend(self):
        before = self._get_scores_before(7)
        for record in self:
            record.trend = record.score - before.get(record.id, record.score)

    def _get_scores_before(self, days):
        """The scores so many days ago, as far as they are known.

        :return: ``{id: score}``
        """
        day = fields.Date.subtract(fields.Date.context_today(self), days=days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (s.id) s.id, w.score
                  FROM crm_churn_score s JOIN crm_churn_score_snapshot w
                    ON w.partner_id = s.partner_id AND w.company_id = s.company_id
                 WHERE s.id = ANY(%s) AND w.date <= %s
                 ORDER BY s.id, w.date DESC
                """,
                self.ids,
                day,
            )
        )
        return dict(rows)

    @api.depends("contributions")
    def _compute_signal_ids(self):
        signals = self.env["crm.churn.signal"]
        for record in self:
            ids = [int(key) for key in record.contributions or {}]
            record.signal_ids = signals.browse(ids).exists()

    def _search_signal_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        keys = [str(key) for key in value if key]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s ?| %s", SQL.identifier(alias, "contributions"), keys
            ),
            predicate=lambda record: set(keys) & (record.contributions or {}).keys(),
        )

    @api.depends("partner_id", "company_id")
    def _compute_metrics(self):
        """The facts of the same customer in the same company, in one query."""
        found = self.env["crm.customer.metrics"].search(
            Domain("partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
        )
        found.fetch(["partner_id", "company_id", "revenue_12m", "last_purchase_date"])
        facts = {(row.partner_id, row.company_id): row for row in found}
        for record in self:
            row = facts.get((record.partner_id, record.company_id), found.browse())
            record.metrics_id = row
            record.revenue_12m = row.revenue_12m
            record.last_purchase_date = row.last_purchase_date

    outlook = fields.Char(compute="_compute_outlook")
    expected_purchases = fields.Float(
        "Expected Purchases, 90 Days",
        compute="_compute_outlook",
        digits=(8, 2),
        help="By the MBG/NBD model, from how often and when the customer has bought.",
    )

    @api.depends("probability", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_outlook(self):
        """The probability in words, and the purchases to be expected."""
        # sudo: who sees the probability may know what it says
        models_sudo = self.env["crm.churn.model"].sudo()
        active = models_sudo.search([("state", "=", "active")])
        by_company = {model.company_id: model for model in active}
        for company, records in self.grouped("company_id").items():
            expected = models_sudo._get_expected(
                company, [record._get_purchase_span() for record in records]
            )
            model = by_company.get(company, active.browse())
            for place, record in enumerate(records):
                record.outlook = model._describe(record.probability)
                record.expected_purchases = expected[place] if expected else 0

    def _get_purchase_span(self):
        """Purchases, weeks from the first to the last, weeks since the first."""
        self.ensure_one()
        facts = (
            self.metrics_id.sudo()
        )  # sudo: facts of a customer whose health one sees
        first, last = facts.first_purchase_date, facts.last_purchase_date
        if not first:
            return 0, 0.0, 0.0
        age = (fields.Datetime.now() - first).total_seconds() / WEEK_SECONDS
        return facts.purchase_count, (last - first).total_seconds() / WEEK_SECONDS, age

    @api.depends("partner_id", "company_id")
    def _compute_snapshot_ids(self):
        rows = self.env["crm.churn.score.snapshot"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        found = rows.grouped(lambda row: (row.partner_id, row.company_id))
        for record in self:
            key = (record.partner_id, record.company_id)
            record.snapshot_ids = found.get(key, rows.browse())

    def action_view_customer(self):
        """Open the profile of the customer."""
        self.ensure_one()
        return self.partner_id.action_view_lifecycle_profile()


class CrmChurnScoreSnapshot(models.Model):
    """The health at the end of a week; weeks without a change have no row."""

    _name = "crm.churn.score.snapshot"
    _description = "Customer Health by Week"
    _log_access = False
    _rec_name = "date"
    _order = "date desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    score = fields.Integer("Health", readonly=True, aggregator="avg")
    level = fields.Selection(lambda self: selection_level(self.env), readonly=True)

    _week_uniq = models.UniqueIndex("(partner_id, company_id, date)")
