from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

KEY = "churn_known"  # in the context


class Known(NamedTuple):
    """What was known at a moment of the past.

    An object in the context: a client, which sends plain values, cannot forge it.
    """

    cut: object  # UTC; what is dated later did not exist
    by_entry: bool  # what was entered later was not known either


class CrmCustomerMetrics(models.Model):
    """The facts of a past day, without what nobody knew then."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _union(self, sources, partner_ids=None):
        known = self.env.context.get(KEY)
        if isinstance(known, Known):
            sources = self._limit_to_known(sources, known)
        return super()._union(sources, partner_ids)

    @api.model
    def _limit_to_known(self, sources, known):
        """Sources without documents entered after the cut.

        Visits of the portal are left out: of each user Odoo keeps the last one alone,
        so that who still came later would look as if it had never come before.
        """
        kept = [source for source in sources if source.table != "res_users_log"]
        if not known.by_entry:
            return kept
        return [
            source._replace(
                where=SQL("%s AND d.create_date <= %s", source.where, known.cut)
            )
            for source in kept
        ]


class CrmChurnSignal(models.Model):
    """Signals about customers as they were, not as they are."""

    _inherit = "crm.churn.signal"

    @api.model
    def _get_tier_column(self):
        known = self.env.context.get(KEY)
        if not isinstance(known, Known):
            return super()._get_tier_column()
        return SQL(
            "(SELECT t.tier_id FROM crm_customer_tier_change t"
            " WHERE t.partner_id = p.id AND t.date <= %s"
            " ORDER BY t.date DESC, t.id DESC LIMIT 1)",
            known.cut,
        )

    def _get_not_judged(self):
        """Why a past day cannot be judged by this signal, in words; else ``False``."""
        self.ensure_one()
        if self.missing:
            return self.missing
        if not self.is_historic:
            return self.env._("Odoo does not keep what was known then.")
        if (self.domain or "[]").strip() != "[]":
            return self.env._("Its condition asks for customers as they are today.")
        return False
