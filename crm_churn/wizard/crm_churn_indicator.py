from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from odoo.addons.crm_lifecycle.tools.share import wilson

FEW = 20  # cases, below which a figure is marked


class CrmChurnIndicator(models.TransientModel):
    """The indicators of customer management, two periods side by side."""

    _name = "crm.churn.indicator"
    _inherit = ["crm.period.pair"]
    _description = "Indicators Before and After"

    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Indicators Before and After")

    # ------------------------------------------------------------
    # The page
    # ------------------------------------------------------------

    @api.depends("before_start", "before_end", "after_start", "after_end")
    @api.depends_context("lang", "allowed_company_ids", "tz")
    def _compute_result(self):
        for page in self:
            rows = [] if page._get_obstacle() else page._compare()
            page.result = self.env["ir.qweb"]._render(
                "crm_churn.indicator_table", {"rows": rows, "few": FEW}
            )

    def _compare(self):
        """All indicators in both periods, with their change and target."""
        self.env.flush_all()
        targets = self._get_targets()
        before = self._get_moments(self.before_start, self.before_end)
        after = self._get_moments(self.after_start, self.after_end)
        return [
            self._get_line(
                indicator,
                indicator.measure(*before),
                indicator.measure(*after),
                targets.get(key),
            )
            for key, indicator in self._get_indicators().items()
        ]

    @api.model
    def _get_line(self, indicator, before, after, target):
        """One indicator as the page shows it.

        :param before, after: a :class:`Figure` each
        """
        change = reached = None
        if before.value and after.value is not None:
            change = 100 * (after.value / before.value - 1)
        if target is not None and after.value is not None:
            better = after.value >= target
            reached = better if indicator.is_more else after.value <= target
        return {
            "label": indicator.label,
            "definition": indicator.definition,
            "unit": indicator.unit,
            "before": before,
            "after": after,
            "before_range": self._get_range(before),
            "after_range": self._get_range(after),
            "change": change,
            "is_better": change is not None and (change > 0) == indicator.is_more,
            "target": target,
            "reached": reached,
        }

    def _get_targets(self):
        found = self.env["crm.churn.target"].search(
            [("company_id", "=", self.env.company.id)]
        )
        return {target.indicator: target.value for target in found}

    @api.model
    def _get_range(self, figure):
        """The interval of a share in percent, ``None`` for other figures."""
        if not figure.cases or figure.hits is None:
            return None
        return [100 * limit for limit in wilson(figure.hits, figure.cases)]

    def _get_moments(self, start, end):
        """The first moment of a period and the first one after it, in UTC."""
        zone = pytz.timezone(str(self.env.tz))
        return [
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (start, end + timedelta(days=1))
        ]
