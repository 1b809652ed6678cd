from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.nps import SCALES, compute_figure

ASKED_STATES = ("sent", "answered", "expired")


class CrmFeedbackSurvey(models.Model):
    """What came of a survey: one figure, how sure it is, and how many answered."""

    _inherit = "crm.feedback.survey"

    asked_count = fields.Integer("Asked", compute="_compute_figures")
    answered_count = fields.Integer("Answered", compute="_compute_figures")
    response_rate = fields.Integer("Response Rate (%)", compute="_compute_figures")
    figure = fields.Char(
        compute="_compute_figures",
        help="Recommendation: promoters minus detractors, from -100 to 100. "
        "Satisfaction: share of 4 and 5. Ease: mean.",
    )
    interval = fields.Char(
        "95 % Interval",
        compute="_compute_figures",
        help="In this range the figure of all customers lies with 95 % confidence, "
        "were those who answered like the others.",
    )

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_figures(self):
        """One query for all: the figure is one, whoever looks at it."""
        counts = self._count_answers()
        for survey in self:
            states, scores = counts[survey.id]
            asked = sum(states[state] for state in ASKED_STATES)
            survey.asked_count = asked
            survey.answered_count = states["answered"]
            survey.response_rate = asked and round(100 * states["answered"] / asked)
            found = compute_figure(survey.kind, scores)
            survey.figure = self._format_figure(survey.kind, found)
            survey.interval = self._format_interval(survey.kind, found)

    def _count_answers(self):
        """How many responses there are per state, and per score.

        :return: ``{survey id: (Counter of states, Counter of scores)}``
        """
        counts = defaultdict(lambda: (Counter(), Counter()))
        # sudo: counts of the allowed companies, no single answer
        responses = self.env["crm.feedback.response"].sudo()
        domain = Domain("survey_id", "in", self.ids)
        domain &= Domain("company_id", "in", self.env.companies.ids)
        for survey, state, score, count in responses._read_group(
            domain, ["survey_id", "state", "score"], ["__count"]
        ):
            states, scores = counts[survey.id]
            states[state] += count
            if state == "answered" and self._is_score(survey.kind, score):
                scores[score] += count
        return counts

    @api.model
    def _is_score(self, kind, score):
        low, high, _good, _bad = SCALES[kind]
        return low <= score <= high

    @api.model
    def _format_figure(self, kind, figure):
        """A figure in words; nothing without answers."""
        if not figure:
            return ""
        return self._format_number(kind, figure.value)

    @api.model
    def _format_interval(self, kind, figure):
        if not figure:
            return ""
        low, high = (self._format_number(kind, n) for n in figure[1:3])
        return self.env._("%(low)s to %(high)s", low=low, high=high)

    @api.model
    def _format_number(self, kind, number):
        if kind == "nps":
            return f"{number:+.0f}" if round(number) else "0"
        return f"{number:.0f} %" if kind == "csat" else f"{number:.1f}"
