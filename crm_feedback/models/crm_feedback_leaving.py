from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from ..tools.nps import compute_share

DAYS = 180
HALF_YEARS = 4
ENOUGH = 30  # observations in a group, below which nothing is said

QUERY = """
    WITH marks AS (
        SELECT %(today)s::timestamp - n * %(span)s AS mark
          FROM generate_series(1, %(half_years)s) AS n
    ), purchases AS MATERIALIZED (%(purchases)s), known AS (
        SELECT m.mark, b.partner_id, b.company_id,
               bool_or(b.purchase_date > m.mark) AS stayed
          FROM marks AS m
          JOIN purchases AS b
            ON b.purchase_date > m.mark - interval '365 days'
           AND b.purchase_date <= m.mark + %(span)s
         GROUP BY 1, 2, 3 HAVING bool_or(b.purchase_date <= m.mark)
    ), said AS (
        SELECT m.mark, f.commercial_partner_id AS partner_id, f.company_id,
               bool_or(COALESCE(f.reopen_count, 0) > 0) AS reopened
          FROM marks AS m
          JOIN crm_feedback AS f ON f.kind = 'complaint'
           AND f.date > m.mark - %(span)s AND f.date <= m.mark
         GROUP BY 1, 2, 3
    ), answered AS (
        SELECT DISTINCT ON (m.mark, r.commercial_partner_id, r.company_id)
               m.mark, r.commercial_partner_id AS partner_id, r.company_id,
               r.points
          FROM marks AS m
          JOIN crm_feedback_response AS r
            ON r.answered_date > m.mark - %(span)s
           AND r.answered_date <= m.mark
           AND r.commercial_partner_id IS NOT NULL
         ORDER BY m.mark, r.commercial_partner_id, r.company_id,
               r.answered_date DESC
    )
    SELECT row_number() OVER (ORDER BY k.mark, k.company_id, k.partner_id)
               AS id,
           k.mark::date AS date, k.partner_id, k.company_id,
           CASE WHEN s.mark IS NULL THEN 'none'
                WHEN s.reopened THEN 'reopened' ELSE 'complaint' END AS said,
           CASE WHEN a.mark IS NULL THEN 'none' WHEN a.points > 0 THEN 'content'
                WHEN a.points < 0 THEN 'unhappy' ELSE 'neutral' END AS answer,
           (NOT k.stayed)::int AS gone_count,
           (NOT k.stayed)::int::float8 AS gone
      FROM known AS k
      LEFT JOIN said AS s USING (mark, partner_id, company_id)
      LEFT JOIN answered AS a USING (mark, partner_id, company_id)
"""


class CrmFeedbackLeaving(models.Model):
    """Do customers who complained leave more often? A line per customer and half-year.

    At the beginning of each of the last four half-years (180 days, the last one ends
    today) stand the customers who had bought in the year before. They are told apart
    by whether they complained in the half-year before, and by their last answer to a
    survey in it; gone is who bought nothing in the half-year that followed. All groups
    are followed equally long, from the same day on.
    """

    _name = "crm.feedback.leaving"
    _description = "Complaints and Leaving"
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, said desc, id"
    _depends = {
        "crm.feedback": [
            "commercial_partner_id",
            "company_id",
            "date",
            "kind",
            "reopen_count",
        ],
        "crm.feedback.response": [
            "answered_date",
            "commercial_partner_id",
            "company_id",
            "points",
        ],
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["amount_untaxed", "date_order", "partner_id", "state"],
        "account.move": ["amount_untaxed_signed", "invoice_date", "state"],
    }

    date = fields.Date("Half-year From", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    said = fields.Selection(
        [
            ("none", "No Complaint"),
            ("complaint", "Complaint"),
            ("reopened", "Complaint Reopened"),
        ],
        "In the Half-year Before",
        readonly=True,
    )
    answer = fields.Selection(
        [
            ("none", "No Answer"),
            ("unhappy", "Unhappy"),
            ("neutral", "Neutral"),
            ("content", "Content"),
        ],
        "Last Survey Before",
        readonly=True,
    )
    gone_count = fields.Integer("Bought Nothing", readonly=True)
    gone = fields.Float(
        "Share Without Purchase",
        readonly=True,
        aggregator="avg",
        help="Who bought nothing in the half-year that followed.",
    )

    @property
    def _table_query(self):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        return SQL(
            QUERY,
            today=today,
            span=timedelta(days=DAYS),
            half_years=HALF_YEARS,
            purchases=self.env["crm.customer.metrics"]._get_purchases_query(),
        )

    @api.model
    def _count_groups(self, companies, name):
        """How many left of each group; one query.

        :param name: the field that tells the groups apart
        :return: ``{group: (left, of how many)}``
        """
        rows = self._read_group(
            Domain("company_id", "in", companies.ids),
            [name],
            ["gone_count:sum", "__count"],
        )
        return {group: (gone, count) for group, gone, count in rows}

    @api.model
    def _get_satisfaction_section(self, companies):
        """Whether content customers stay more often, as a section of a page or mail."""
        found = self._count_groups(companies, "answer")
        labels = dict(self._fields["answer"]._description_selection(self.env))
        groups = {name: found.get(name, (0, 0)) for name in reversed(labels)}
        return {
            "title": self.env._("Satisfaction and leaving"),
            "head": [
                self.env._("Last answer to a survey, in half a year"),
                *self._get_relation_head()[1:],
            ],
            "rows": [
                {"cells": [labels[name], *self._format_group(*groups[name])]}
                for name in groups
            ],
            "notes": [self._judge_answers(groups["unhappy"], groups["content"])],
        }

    def _judge_answers(self, unhappy, content):
        if min(unhappy[1], content[1]) < ENOUGH:
            return self.env._(
                "Not enough data: each group needs %(enough)s customers, there are "
                "%(unhappy)s unhappy and %(content)s content ones in two years.",
                enough=ENOUGH,
                unhappy=unhappy[1],
                content=content[1],
            )
        ours, theirs = compute_share(*unhappy), compute_share(*content)
        points = self._percent(abs(ours.value - theirs.value))
        if ours.low > theirs.high:
            return self.env._("Unhappy customers left more often: %s points.", points)
        if ours.high < theirs.low:
            return self.env._("Unhappy customers left less often: %s points.", points)
        return self.env._(
            "A difference of %s points; the intervals overlap, it may be chance.",
            points,
        )

    @api.model
    def _get_relation_head(self):
        return [
            self.env._("In half a year"),
            self.env._("Customers"),
            self.env._("Bought nothing in the next"),
            self.env._("95 % interval"),
        ]

    @api.model
    def _get_relation(self, companies):
        """How many left with and without a complaint; one query.

        :return: ``{group: (left, of how many)}``; the group complaint contains those
            that were reopened
        """
        found = self._count_groups(companies, "said")
        none, reopened = (found.get(name, (0, 0)) for name in ("none", "reopened"))
        gone, count = found.get("complaint", (0, 0))
        complaint = (gone + reopened[0], count + reopened[1])
        return {"none": none, "complaint": complaint, "reopened": reopened}

    @api.model
    def _get_relation_section(self, companies):
        """The relation as a section of a page or mail, with what follows of it."""
        relation = self._get_relation(companies)
        labels = {
            "none": self.env._("Without complaint"),
            "complaint": self.env._("With a complaint"),
            "reopened": self.env._("… of these, reopened"),
        }
        return {
            "title": self.env._("Complaints and leaving"),
            "head": self._get_relation_head(),
            "rows": [
                {"cells": [labels[name], *self._format_group(*relation[name])]}
                for name in labels
            ],
            "notes": [
                self._judge(relation),
                self.env._(
                    "The last two years; a customer counts once for each half-year."
                ),
            ],
        }

    def _format_group(self, gone, count):
        if count < ENOUGH:
            return count, self.env._("not enough data"), ""
        share, low, high, _size = compute_share(gone, count)
        interval = f"{self._percent(low)} – {self._percent(high)} %"
        return count, f"{self._percent(share)} %", interval

    def _percent(self, number):
        return formatLang(self.env, number, digits=1)

    def _judge(self, relation):
        """In one sentence what can be said, and what cannot."""
        (gone, count), (without, others) = relation["complaint"], relation["none"]
        if min(count, others) < ENOUGH:
            return self.env._(
                "Not enough data: each group needs %(enough)s customers, there are "
                "%(count)s with and %(others)s without complaint in two years.",
                enough=ENOUGH,
                count=count,
                others=others,
            )
        ours, theirs = compute_share(gone, count), compute_share(without, others)
        points = self._percent(abs(ours.value - theirs.value))
        if ours.low > theirs.high:
            return self.env._("Who complained left more often: %s points more.", points)
        if ours.high < theirs.low:
            return self.env._("Who complained left less often: %s points less.", points)
        return self.env._(
            "A difference of %s points; the intervals overlap, it may be chance.",
            points,
        )
