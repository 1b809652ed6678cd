from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.nps import compute_figure
from ..tools.settings import get_number
from .crm_feedback_survey import KINDS

MONTHS = 12


class CrmFeedbackResponseEmployee(models.Model):
    """How content the customers of each employee have been in the last 12 months.

    A figure that rests on few answers says more about luck than about a person: it is
    shown from a number of answers on, and always with its interval.
    """

    _name = "crm.feedback.response.employee"
    _description = "Satisfaction by Employee"
    _auto = False
    _rec_name = "user_id"
    _order = "kind, answered_count desc, id"
    _depends = {
        "crm.feedback.response": ["answered_date", "company_id", "kind", "user_id"],
    }

    user_id = fields.Many2one("res.users", "Employee", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    answered_count = fields.Integer("Answers", readonly=True)
    comment_count = fields.Integer("With Words", readonly=True)
    last_date = fields.Datetime("Last Answer", readonly=True)
    is_enough = fields.Boolean("Enough Answers", compute="_compute_figure")
    figure = fields.Char(compute="_compute_figure")
    interval = fields.Char("95 % Interval", compute="_compute_figure")

    @property
    def _table_query(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), months=MONTHS)
        return SQL(
            """
            SELECT min(id) AS id, user_id, company_id, kind,
                   count(*)::int AS answered_count,
                   count(NULLIF(comment, ''))::int AS comment_count,
                   max(answered_date) AS last_date
              FROM crm_feedback_response
             WHERE answered_date >= %s AND user_id IS NOT NULL
             GROUP BY user_id, company_id, kind
            """,
            since,
        )

    @api.depends("answered_count")
    @api.depends_context("lang")
    def _compute_figure(self):
        """The figure; what is missing to one where the answers are too few."""
        least = get_number(self.env, "spread_size")
        counts = self._count_scores()
        surveys = self.env["crm.feedback.survey"]
        for row in self:
            row.is_enough = row.answered_count >= least
            scores = counts[row.user_id.id, row.company_id.id, row.kind]
            found = row.is_enough and compute_figure(row.kind, scores)
            row.figure = found and surveys._format_figure(row.kind, found)
            row.interval = (
                surveys._format_interval(row.kind, found)
                if found
                else self.env._(
                    "Too few answers: %(count)s of %(least)s",
                    count=row.answered_count,
                    least=least,
                )
            )

    def _count_scores(self):
        """Answers per score; one query for all rows.

        :return: ``{(user id, company id, kind): Counter}``
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), months=MONTHS)
        # sudo: who may see the row may see its figure
        responses = self.env["crm.feedback.response"].sudo()
        groups = responses._read_group(
            [("user_id", "in", self.user_id.ids), ("answered_date", ">=", since)],
            ["user_id", "company_id", "kind", "score"],
            ["__count"],
        )
        counts = defaultdict(Counter)
        for user, company, kind, score, count in groups:
            counts[user.id, company.id, kind][score] += count
        return counts

    def action_view_responses(self):
        """Open the answers behind one line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_response_action"
        )
        action["domain"] = [
            ("user_id", "=", self.user_id.id),
            ("kind", "=", self.kind),
            ("answered_date", "!=", False),
        ]
        return action
