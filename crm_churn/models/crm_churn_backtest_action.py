from datetime import datetime, time, timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .crm_churn_score import LEVELS


class CrmChurnBacktest(models.Model):
    """What people do with a back-test, and what is refused."""

    _inherit = "crm.churn.backtest"

    def action_run(self):
        """Judge the past day, and compare it with what happened."""
        for test in self:
            test.check_access("write")
            test._check_draft()
            test._check_dates()
            test.lock_for_update()
            test.sudo()._run()  # sudo: all customers of the company, in sums alone
        return True

    def action_retry(self):
        """A copy to change, so that both can be compared."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_backtest_action"
        )
        copy = self.copy()
        return dict(action, res_id=copy.id, views=[(False, "form")])

    def _get_cut(self):
        """The last moment of the day, UTC."""
        return datetime.combine(self.date, time.max)

    def _check_dates(self):
        """Refuse days whose outcome is not known, or of which nothing is known."""
        self.ensure_one()
        until = self.date + timedelta(days=self.horizon_days)
        today = fields.Date.today()
        if until >= today:
            raise UserError(
                self.env._(
                    "The %(days)s days after %(date)s are not over: choose %(last)s or "
                    "an earlier day, or look less far ahead.",
                    days=self.horizon_days,
                    date=self.date,
                    last=today - timedelta(days=self.horizon_days + 1),
                )
            )
        first = self.sudo()._get_first_purchase()  # sudo: a date of the company
        if not first or self.date <= first.date():
            raise UserError(
                self.env._(
                    "Nothing had been bought before %(date)s: the first purchase is of "
                    "%(first)s.",
                    date=self.date,
                    first=first.date() if first else self.env._("no day"),
                )
            )

    def _is_flagged(self, level):
        """Whether customers of a level count as warned of."""
        return LEVELS.index(level) <= LEVELS.index(self.flag_level)
