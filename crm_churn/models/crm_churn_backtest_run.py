from datetime import datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import quality

GONE_DAYS = 730  # whoever had not bought for longer is no news

JUDGED = """
    SELECT s.partner_id, s.score, s.contributions,
           (count(*) FILTER (WHERE p.is_purchase AND p.date > %(end)s) = 0)::int,
           %(day)s::date - max(p.date) FILTER (WHERE p.is_purchase
                                               AND p.date <= %(end)s)::date
      FROM (%(scores)s) AS s
      JOIN (%(purchases)s) AS p ON p.partner_id = s.partner_id
     WHERE s.company_id = %(company)s
     GROUP BY s.partner_id, s.score, s.contributions
    HAVING max(p.date) FILTER (WHERE p.is_purchase AND p.date <= %(end)s) >= %(gone)s
     ORDER BY s.partner_id
"""


class Judged(NamedTuple):
    """One customer on the past day, and what happened."""

    partner_id: int
    score: int
    points: dict
    left: int
    silence: int


class CrmChurnBacktest(models.Model):
    """Judging a past day by what was known then."""

    _inherit = "crm.churn.backtest"

    def _get_end(self):
        """The last moment that was known."""
        return datetime.combine(self.date, time.max).replace(microsecond=0)

    def _get_past_rules(self):
        """The signals that can be judged as of then, with the limits to try.

        Left out are those whose documents have changed since without a trace, and those
        for tiers or conditions, of which we only know who meets them now.

        :return: ``(rules, names of those left out)``
        """
        signals = self.env["crm.churn.signal"]
        usable = signals._get_readable_rules(self.date, historic=True)
        usable = [r for r in usable if not r.tier_ids and r.domain.strip() == "[]"]
        if self.signal_id:
            usable = [rule for rule in usable if rule.id != self.signal_id.id]
            [tried] = self.signal_id._prepare_rules()
            sources = signals._get_sources(self.date)
            if sources[tried.source].historic and not tried.tier_ids:
                tried = tried._replace(
                    limit_from=self.limit_from,
                    limit_full=self.limit_full,
                    weight=self.weight,
                )
                usable.append(tried)
        known = {rule.id for rule in usable}
        others = [r.id for r in signals._get_rules() if r.id not in known]
        return tuple(usable), signals.browse(others).mapped("name")

    def _judge_past(self):
        """Everybody who had bought by then: health as of then, and what happened.

        :return: list of :class:`Judged`
        """
        self.ensure_one()
        self.env.flush_all()
        end = self._get_end()
        purchases = self.env["crm.churn.model"]._get_purchases(
            self.company_id, end + timedelta(days=self.days)
        )
        scores = self._get_past_scores(end)
        self.env["crm.customer.metrics"]._set_planner()
        rows = self.env.execute_query(
            SQL(
                JUDGED,
                end=end,
                day=self.date,
                scores=scores,
                purchases=purchases,
                company=self.company_id.id,
                gone=end - timedelta(days=GONE_DAYS),
            )
        )
        return [Judged(*row) for row in rows]

    def _get_past_scores(self, end):
        """The health of everybody as of then, as SQL."""
        rules, _names = self._get_past_rules()
        metrics = self.env["crm.customer.metrics"]
        calendar = metrics._get_calendar(end)._replace(horizon=end)
        active = ()
        if any(rule.source == "leaving" for rule in rules):
            learned = self.env["crm.churn.model"]
            active = learned._get_active_as_of(self.company_id, end)
        return self.env["crm.churn.score"]._get_scores_query(
            rules,
            self.date,
            facts=metrics._get_facts_query(calendar=calendar),
            active=active,
        )

    # ------------------------------------------------------------
    # What it comes to
    # ------------------------------------------------------------

    def _note_result(self, judged):
        """Write the figures of the back-test, and of each signal."""
        self.ensure_one()
        rules, left_out = self._get_past_rules()
        left, total = sum(row.left for row in judged), len(judged)
        warned = [row for row in judged if row.score < self.warn_below]
        risk = [100 - row.score for row in judged]
        outcomes = [row.left for row in judged]
        waits = [max(self.days - row.silence, 0) for row in warned if row.left]
        lines = []
        for rule in rules:
            spoke = [row for row in judged if str(rule.id) in row.points]
            lines.append({"signal_id": rule.id, **self._measure(spoke, left, total)})
        self.line_ids.unlink()
        self.write(
            {
                **self._measure(warned, left, total),
                "customers": total,
                "left": left,
                "auc": quality.auc(risk, outcomes),
                "lead_days": median(waits) if waits else 0,
                "calibration": quality.calibration(risk, outcomes),
                "left_out": ", ".join(left_out) or False,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        self.run_date = fields.Datetime.now()

    def _measure(self, warned, left, total):
        """Precision, recall and lift of warning of some of the customers."""
        hits = sum(row.left for row in warned)
        precision = hits / len(warned) if warned else 0
        base = left / total
        return {
            "warned": len(warned),
            "hits": hits,
            "precision": precision,
            "recall": hits / left if left else 0,
            "lift": precision / base if base else 0,
        }
