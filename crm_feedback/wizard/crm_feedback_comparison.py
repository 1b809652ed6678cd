from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

from ..models.crm_feedback_figures import Period


class CrmFeedbackComparison(models.TransientModel):
    """Did it help? The figures of two periods side by side."""

    _name = "crm.feedback.comparison"
    _inherit = ["crm.period.pair"]
    _description = "Before and After"

    category_id = fields.Many2one("crm.feedback.category", help="Empty: all.")
    cause_id = fields.Many2one("crm.feedback.cause", "Root Cause", help="Empty: all.")
    team_id = fields.Many2one("crm.team", help="Empty: all.")
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends(
        "before_start",
        "before_end",
        "after_start",
        "after_end",
        "category_id",
        "cause_id",
        "team_id",
    )
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_result(self):
        qweb = self.env["ir.qweb"]
        for comparison in self:
            section = comparison._get_section()
            comparison.result = qweb._render(
                "crm_feedback.sections", {"sections": [section]}
            )

    def _get_section(self):
        if reason := self._get_obstacle():
            return {"notes": [reason]}
        report, companies = self.env["crm.feedback.report"], self.env.companies
        domain = self._get_domain()
        after, before = (
            report._get_figures(period, companies, domain)
            for period in (self._get_after(), self._get_before())
        )
        rows = report._get_figure_rows(after, before)
        for row in rows:
            label, now, then, change = row["cells"]
            row["cells"] = [label, then, now, change]
        return {
            "head": [
                "",
                self.env._("Before"),
                self.env._("After"),
                self.env._("Change"),
            ],
            "rows": rows,
            "notes": [
                self.env._(
                    "In brackets the number of cases or orders that a figure is of; a "
                    "change is shown from five on. Complaints are counted, so compare "
                    "their number only for periods of the same length."
                )
            ],
        }

    def _get_domain(self):
        domain = Domain.TRUE
        for name, operator in (
            ("category_id", "="),
            ("cause_id", "child_of"),
            ("team_id", "="),
        ):
            if self[name]:
                domain &= Domain(name, operator, self[name]._origin.id or self[name].id)
        return domain

    def _get_before(self):
        return self._get_period(self.before_start, self.before_end)

    def _get_after(self):
        return self._get_period(self.after_start, self.after_end)

    def _get_period(self, first, last):
        """From the first moment of a day to the last of another, as the reader sees."""
        days = (first, fields.Date.add(last, days=1))
        zone = pytz.timezone(str(self.env.tz))
        local = (zone.localize(datetime.combine(day, time.min)) for day in days)
        return Period(*(m.astimezone(pytz.utc).replace(tzinfo=None) for m in local))

    def action_view_before(self):
        """Open the cases of the period before."""
        return self._view_cases(self._get_before(), self.env._("Before"))

    def action_view_after(self):
        """Open the cases of the period after."""
        return self._view_cases(self._get_after(), self.env._("After"))

    def _view_cases(self, period, name):
        report = self.env["crm.feedback.report"]
        domain = report._get_period_domain(period, self.env.companies)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.feedback.report",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain & self._get_domain()),
            "target": "current",
        }
