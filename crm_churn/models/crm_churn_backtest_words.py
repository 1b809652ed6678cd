from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date


class CrmChurnBacktest(models.Model):
    """The figures in words."""

    _inherit = "crm.churn.backtest"

    @api.depends("signal_ids", "signal_ids.is_changed")
    @api.depends_context("lang")
    def _compute_changes(self):
        for test in self:
            changes = [line._describe_change() for line in test.signal_ids]
            test.changes = ", ".join(filter(None, changes)) or False

    @api.depends("state", "message", "signal_ids.left_out")
    @api.depends_context("lang")
    def _compute_words(self):
        for test in self:
            lines = test._get_words() if test.state != "draft" else []
            test.words = lines and Markup("<ul>%s</ul>") % Markup("").join(
                Markup("<li>%s</li>") % line for line in lines
            )

    def _get_words(self):
        """One sentence per finding."""
        self.ensure_one()
        lines = []
        if self.state == "done":
            lines = [self._say_base(), *self._say_warned(), self._say_rank()]
            lines.append(self._say_lead())
            lines.append(self.env._("Probability of leaving: %s", self.message))
        else:
            lines.append(self.message)
        if self.late_count:
            lines.append(
                self.env._(
                    "%s purchases dated before were entered later and are not known "
                    "here. Was the history imported? Tick “Count What Was Entered "
                    "Later”.",
                    self.late_count,
                )
            )
        return [line for line in [*lines, self._say_left_out()] if line]

    def _say_base(self):
        return self.env._(
            "%(left)s of %(customers)s customers (%(share)s %%) did not buy in the "
            "%(days)s days after %(date)s.",
            left=self.left_count,
            customers=self.customers,
            share=round(100 * self.base_rate),
            days=self.horizon_days,
            date=format_date(self.env, self.date),
        )

    def _say_warned(self):
        if not self.flagged:
            return [self.env._("Nobody would have been warned of.")]
        return [
            self.env._(
                "%(flagged)s would have been warned of; %(left)s of them left "
                "(precision %(precision)s %%), and %(alarms)s were false alarms.",
                flagged=self.flagged,
                left=self.flagged_left,
                precision=round(100 * self.precision),
                alarms=self.flagged - self.flagged_left,
            ),
            self.env._(
                "Of all who left, %(recall)s %% were warned of; %(missed)s were not.",
                recall=round(100 * self.recall),
                missed=self.left_count - self.flagged_left,
            ),
        ]

    def _say_rank(self):
        return self.env._(
            "The tenth in poorest health left %(lift)s times as often as customers in "
            "general; who left had the poorer health in %(auc)s %% of all pairs (50 %% "
            "is chance).",
            lift=f"{self.lift:.2f}",
            auc=round(100 * self.auc),
        )

    def _say_lead(self):
        if not self.flagged_left:
            return False
        if self.gone_count == self.flagged_left:
            return self.env._(
                "All of them who left counted as gone already (no purchase for %s "
                "days): too late to save anybody.",
                self.horizon_days,
            )
        return self.env._(
            "Of them who left, %(gone)s counted as gone already (no purchase for "
            "%(horizon)s days); for the others typically %(days)s days were left.",
            gone=self.gone_count,
            days=self.lead_days,
            horizon=self.horizon_days,
        )

    def _say_left_out(self):
        names = [
            line.signal_id.name
            for line in self.signal_ids
            if line.left_out and line.is_counted
        ]
        if not names:
            return False
        return self.env._(
            "Left out, as a past day cannot be judged by them: %s.", ", ".join(names)
        )
