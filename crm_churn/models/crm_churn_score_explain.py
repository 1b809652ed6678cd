from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .crm_churn_score import LEVELS


class Reading(NamedTuple):
    """What one signal says about one customer now."""

    rule: object
    value: float
    points: int
    date: object
    amount: float
    currency: object
    rule_name: str


class CrmChurnScore(models.Model):
    """Why a customer has its score, and what would turn it green."""

    _inherit = "crm.churn.score"

    reason = fields.Char("In Words", compute="_compute_reason")
    explanation = fields.Html(
        "Why", compute="_compute_explanation", sanitize=False, readonly=True
    )

    @api.depends("level", "signal_id", "contributions")
    @api.depends_context("lang")
    def _compute_reason(self):
        """The level and the main reason in one line, without asking the facts."""
        for record in self:
            points = (record.contributions or {}).get(str(record.signal_id.id), 0)
            if not points:
                record.reason = False
                continue
            record.reason = self.env._(
                "%(signal)s (−%(points)s)",
                # sudo: who sees a health may know the name of its reason
                signal=record.signal_id.sudo().name,
                points=points,
            )

    @api.depends("score", "contributions")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for record in self:
            record.explanation = self.env["ir.qweb"]._render(
                "crm_churn.score_explanation", {"health": record._explain()}
            )

    def _explain(self):
        """What the screen shows of one score.

        :return: dict with ``score``, ``level``, ``limits`` (in words), ``lines`` (one
            for each signal that costs points: name, words, points, and whether it can
            be changed), and ``recipe``, see :meth:`_find_recipe`
        """
        self.ensure_one()
        readings = self._read_signals()
        sources = self.env["crm.churn.signal"]._get_sources(fields.Date.today())
        levels = dict(self._fields["level"]._description_selection(self.env))
        return {
            "score": self.score,
            "level": self.level,
            "label": levels[self.level],
            "lines": self._get_lines(readings, sources),
            # sudo: limits of a company whose customer one sees
            "green": self.company_id.sudo().churn_watch_below,
            "recipe": self._find_recipe(readings, sources),
        }

    def _get_lines(self, readings, sources):
        """What each signal costs, in words; what costs most comes first."""
        lines = []
        for key, points in (self.contributions or {}).items():
            # sudo: who sees a health may know its reasons
            signal = self.env["crm.churn.signal"].sudo().browse(int(key)).exists()
            reading = readings.get(signal.id)
            words, date = self.env._("Has changed since; counts until the night."), None
            if reading and reading.points:
                words, date = sources[signal.source].words(reading), reading.date
            lines.append(
                {
                    "name": signal.name or self.env._("(removed)"),
                    "points": points,
                    "words": words,
                    "date": date and format_date(self.env, date),
                }
            )
        return sorted(lines, key=lambda line: -line["points"])

    def _read_signals(self):
        """What the signals say about one customer now: ``{signal id: Reading}``."""
        self.ensure_one()
        self.env.flush_all()
        # sudo: the facts of a customer whose health one sees
        this = self.sudo()
        signals = this.env["crm.churn.signal"]
        today = fields.Date.today()
        rules = signals._get_readable_rules(today)
        query = signals._get_points_query(rules, today, self.partner_id.ids)
        self.env.cr.execute(
            SQL(
                "SELECT * FROM (%s) AS q WHERE company_id = %s",
                query,
                self.company_id.id,
            )
        )
        row = self.env.cr.dictfetchone() or {}
        return {
            rule.id: Reading(
                rule,
                row.get(f"v{rule.id}") or 0,
                row.get(f"p{rule.id}") or 0,
                row.get(f"d{rule.id}"),
                this.metrics_id.overdue_amount,
                this.currency_id,
                signals.browse(rule.id).name,
            )
            for rule in rules
        }

    def _find_recipe(self, readings, sources):
        """The fewest signals that would have to end for the customer to be healthy.

        As points add up, those that cost most are the fewest. Verified by judging the
        customer again without them.

        :return: dict with ``steps`` (of name, advice and points) and ``score``, what
            it would be; ``steps`` is empty where the customer is healthy, and ``None``
            where no signal that we can change is enough
        """
        green = self.company_id.sudo().churn_watch_below  # sudo: as in _explain
        if self.score >= green:
            return {"steps": [], "score": self.score}
        costly = [r for r in readings.values() if r.points]
        changeable = sorted(
            (r for r in costly if sources[r.rule.source].changeable),
            key=lambda r: (-r.points, r.rule.id),
        )
        chosen = []
        for reading in changeable:
            chosen.append(reading)
            if 100 - sum(r.points for r in costly if r not in chosen) >= green:
                break
        score, level = self._judge_without(chosen)
        return {
            "steps": [
                {
                    "name": reading.rule_name,
                    "advice": sources[reading.rule.source].advice,
                    "points": reading.points,
                }
                for reading in chosen
            ]
            if level == LEVELS[-1]
            else None,
            "score": score,
        }

    def _judge_without(self, readings):
        """The score and level as if some signals did not hold."""
        without = {reading.rule.id for reading in readings}
        # sudo: as in _read_signals
        scores = self.sudo()
        today = fields.Date.today()
        rules = scores.env["crm.churn.signal"]._get_readable_rules(today)
        query = scores._get_scores_query(
            [rule for rule in rules if rule.id not in without],
            today,
            self.partner_id.ids,
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT score, level FROM (%s) AS q WHERE company_id = %s",
                query,
                self.company_id.id,
            )
        )
        return rows[0] if rows else (self.score, self.level)
