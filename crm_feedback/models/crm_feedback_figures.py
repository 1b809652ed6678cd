from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import formatLang

FEW = 5  # fewer cases tell nothing about a change


class Figure(NamedTuple):
    name: str
    unit: str  # number, hours or share
    value: str  # aggregate of the report
    sample: str  # of how many cases it is taken
    better: int  # 1: more is better, -1: less is better


class Period(NamedTuple):
    start: object  # moment, UTC
    end: object  # the moment after it, UTC


FIGURES = (
    Figure("complaints", "number", "complaint_count:sum", "__count", -1),
    Figure("per_100_orders", "number", "complaint_count:sum", "__count", -1),
    Figure("answer_median", "hours", "answer_median_hours:avg", "answer_count:sum", -1),
    Figure("answer_in_time", "share", "answer_in_time:avg", "answer_in_time:count", 1),
    Figure(
        "solution_median",
        "hours",
        "solution_median_hours:avg",
        "solution_count:sum",
        -1,
    ),
    Figure(
        "solution_in_time",
        "share",
        "solution_in_time:avg",
        "solution_in_time:count",
        1,
    ),
    Figure("confirmed", "share", "confirmed:avg", "ended_count:sum", 1),
    Figure("reopened", "share", "reopened:avg", "__count", -1),
    Figure("repeated", "share", "repeated:avg", "repeated:count", -1),
)


class CrmFeedbackReport(models.Model):
    """The figures of a period, side by side with those of another one."""

    _inherit = "crm.feedback.report"

    @api.model
    def _get_figures(self, period, companies, domain=Domain.TRUE):
        """The figures of what was received in a period; two queries.

        :param companies: whose feedback and orders count
        :param domain: of the report, what else the feedback must be
        :return: ``{name of the figure: (value or None, sample size)}``
        """
        specs = list(dict.fromkeys(s for f in FIGURES for s in (f.value, f.sample)))
        among = self._get_period_domain(period, companies) & domain
        [row] = self._read_group(among, [], specs)
        found = dict(zip(specs, row, strict=True))
        figures = {
            figure.name: (
                found[figure.value] if found[figure.sample] else None,
                found[figure.sample] or 0,
            )
            for figure in FIGURES
        }
        complaints = found["complaint_count:sum"] or 0
        orders = self._count_orders(period, companies)
        rate = complaints * 100 / orders if orders else None
        figures["complaints"] = (complaints, found["__count"])
        figures["per_100_orders"] = (rate, orders)
        return figures

    @api.model
    def _get_period_domain(self, period, companies):
        return (
            Domain("company_id", "in", companies.ids)
            & Domain("date", ">=", period.start)
            & Domain("date", "<", period.end)
        )

    @api.model
    def _count_orders(self, period, companies):
        query = SQL(
            "SELECT count(*) FROM (%s) AS b WHERE b.company_id = ANY(%s)"
            " AND b.purchase_date >= %s AND b.purchase_date < %s",
            self.env["crm.customer.metrics"]._get_purchases_query(),
            companies.ids,
            period.start,
            period.end,
        )
        self.env["sale.order"].flush_model()
        self.env["account.move"].flush_model()
        [(count,)] = self.env.execute_query(query)
        return count

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    @api.model
    def _get_figure_labels(self):
        return {
            "complaints": self.env._("Complaints (of all feedback)"),
            "per_100_orders": self.env._("Complaints per 100 orders"),
            "answer_median": self.env._("First answer, median"),
            "answer_in_time": self.env._("Answered in time"),
            "solution_median": self.env._("Solution, median"),
            "solution_in_time": self.env._("Solved in time"),
            "confirmed": self.env._("Confirmed by the customer (of closed cases)"),
            "reopened": self.env._("Reopened"),
            "repeated": self.env._("Same complaint again within 180 days"),
        }

    @api.model
    def _get_figure_rows(self, now, before):
        """Two periods side by side, as rows of a section.

        :param dict now: figures of the period, see :meth:`_get_figures`
        :param dict before: those of the period it is compared with
        :return: ``[{"cells": [label, now, before, change], "mood": …}]``; the mood is
            good, bad or empty
        """
        labels = self._get_figure_labels()
        return [
            {
                "cells": [
                    labels[figure.name],
                    self._format_figure(figure.unit, *now[figure.name]),
                    self._format_figure(figure.unit, *before[figure.name]),
                    change,
                ],
                "mood": mood,
            }
            for figure in FIGURES
            for change, mood in [
                self._format_change(figure, now[figure.name], before[figure.name])
            ]
        ]

    @api.model
    def _format_figure(self, unit, value, sample):
        if value is None:
            return self.env._("– (none)")
        return self.env._(
            "%(value)s (of %(sample)s)",
            value=self._format_value(unit, value),
            sample=sample,
        )

    @api.model
    def _format_value(self, unit, value):
        if unit == "share":
            return f"{formatLang(self.env, value * 100, digits=0)} %"
        if unit == "hours":
            return self.env._("%s h", formatLang(self.env, value, digits=1))
        digits = 0 if float(value).is_integer() else 1
        return formatLang(self.env, value, digits=digits)

    @api.model
    def _format_change(self, figure, now, before):
        """What became of one figure, in words, and whether that is good."""
        (value, sample), (old, old_sample) = now, before
        if value is None or old is None or min(sample, old_sample) < FEW:
            return self.env._("too few cases"), ""
        change = value - old
        if figure.unit == "share":
            points = formatLang(self.env, abs(change) * 100, digits=0)
            text = self.env._("%s points", points)
        elif old:
            text = f"{formatLang(self.env, abs(change / old) * 100, digits=0)} %"
        else:
            text = self._format_value(figure.unit, abs(change))
        if not change:
            return self.env._("the same"), ""
        sign = "+" if change > 0 else "−"
        return f"{sign}{text}", "good" if change * figure.better > 0 else "bad"
