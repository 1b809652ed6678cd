from odoo import api, fields, models
from odoo.tools import SQL

from .crm_churn_signal import RULE_FIELDS


class CrmChurnSignal(models.Model):
    """Whom a signal would flag, before it is saved."""

    _inherit = "crm.churn.signal"

    flagged_count = fields.Integer("Would Flag", compute="_compute_flagged")
    flagged_text = fields.Char("Preview", compute="_compute_flagged")

    @api.depends(*RULE_FIELDS)
    @api.depends_context("allowed_company_ids", "lang")
    def _compute_flagged(self):
        for signal in self:
            signal.flagged_count, signal.flagged_text = signal._preview()

    def _preview(self):
        """How many customers of the chosen companies lose points, and what is wrong.

        :return: ``(count, words)``
        """
        if not self.source:
            return 0, False
        if self.missing:
            return 0, self.missing
        try:
            self._check_domain()
        except Exception as error:
            return 0, str(error)
        [rule] = self._prepare_rules()
        today = fields.Date.context_today(self)
        points = SQL.identifier(f"p{rule.id}")
        query = SQL(
            "SELECT count(*) FILTER (WHERE %(points)s > 0),"
            " count(*) FILTER (WHERE %(points)s >= %(weight)s), count(*)"
            " FROM (%(query)s) AS found WHERE company_id = ANY(%(companies)s)",
            points=points,
            weight=rule.weight,
            query=self._get_points_query([rule], today),
            companies=self.env.companies.ids,
        )
        self.env.flush_all()
        some, full, total = self.env.execute_query(query)[0]
        words = self.env._(
            "Would flag %(some)s of %(total)s customers, %(full)s of them in full.",
            some=some,
            total=total,
            full=full,
        )
        return some, words
