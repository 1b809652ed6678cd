from collections import Counter, defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..tools.nps import compute_figure


class CrmFeedbackMonthly(models.AbstractModel):
    """What surveys found in the month, for the monthly report."""

    _inherit = "crm.feedback.monthly"

    @api.model
    def _get_monthly_sections(self, company, month):
        sections = super()._get_monthly_sections(company, month)
        now = self._count_scores(company, month)
        if not now:
            return sections
        old = self._count_scores(company, self._get_month_before(company, month))
        # before the last one, which looks back on two years
        return [*sections[:-1], self._get_survey_section(now, old), *sections[-1:]]

    @api.model
    def _count_scores(self, company, month):
        """The answers of a month: ``{survey: Counter of scores}``; one query."""
        domain = (
            Domain("state", "=", "answered")
            & Domain("company_id", "=", company.id)
            & Domain("answered_date", ">=", month.start)
            & Domain("answered_date", "<", month.end)
        )
        counts = defaultdict(Counter)
        for survey, score, count in self.env["crm.feedback.response"]._read_group(
            domain, ["survey_id", "score"], ["__count"]
        ):
            if survey._is_score(survey.kind, score):
                counts[survey][score] += count
        return counts

    @api.model
    def _get_survey_section(self, now, old):
        return {
            "title": self.env._("Surveys"),
            "head": [
                "",
                self.env._("Month"),
                self.env._("Month before"),
                self.env._("95 % interval"),
            ],
            "rows": [
                {
                    "cells": [
                        survey.display_name,
                        self._format_survey(survey, scores),
                        self._format_survey(survey, old.get(survey, {})),
                        survey._format_interval(
                            survey.kind, compute_figure(survey.kind, scores)
                        ),
                    ]
                }
                for survey, scores in now.items()
            ],
        }

    @api.model
    def _format_survey(self, survey, scores):
        found = compute_figure(survey.kind, scores)
        if not found:
            return self.env._("– (none)")
        return self.env._(
            "%(value)s (of %(sample)s)",
            value=survey._format_figure(survey.kind, found),
            sample=found.size,
        )
