from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.leaving import Past

SAMPLE = 20000  # customers that are learned from at most
GONE_DAYS = 730  # who has not bought for longer is no news


class CrmChurnModel(models.Model):
    """Customers as they were known at a past moment, and what they did then."""

    _inherit = "crm.churn.model"

    @api.model
    def _get_purchases(self, company, until):
        """The purchases of one company up to a moment, as SQL."""
        metrics = self.env["crm.customer.metrics"]
        return SQL(
            "SELECT partner_id, date, amount, is_purchase FROM (%s) AS source"
            " WHERE company_id = %s AND date <= %s",
            metrics._union(metrics._get_purchase_sources()),
            company.id,
            until,
        )

    @api.model
    def _get_history_days(self, company, now):
        self.env.flush_all()
        query = SQL(
            "SELECT min(date) FROM (%s) AS p WHERE is_purchase",
            self._get_purchases(company, now),
        )
        first = self.env.execute_query(query)[0][0]
        return (now - first).days if first else 0

    @api.model
    def _fetch_past(self, company, cut, days):
        """Customers as they were known at a moment, and whether they bought after it.

        :param datetime cut: nothing later is known of a customer
        :param int days: how long after it a purchase counts as having stayed
        :return: list of :class:`Past`, a sample of at most ``SAMPLE``
        """
        self.env.flush_all()
        until = cut + timedelta(days=days)
        rows = self.env.execute_query(
            SQL(
                """
    SELECT (count(*) FILTER (WHERE is_purchase AND date <= %(cut)s) - 1)::int,
           %(last)s, %(tenure)s,
           COALESCE(sum(amount) FILTER (WHERE date <= %(cut)s), 0)::float8,
           (count(*) FILTER (WHERE is_purchase AND date > %(cut)s) = 0)::int
      FROM (%(purchases)s) AS p
     GROUP BY partner_id
    HAVING max(date) FILTER (WHERE is_purchase AND date <= %(cut)s) >= %(gone)s
     ORDER BY hashint4(partner_id) LIMIT %(sample)s
                """,
                cut=cut,
                last=_weeks(
                    SQL(
                        "max(date) FILTER (WHERE is_purchase AND date <= %s)"
                        " - min(date) FILTER (WHERE is_purchase)",
                        cut,
                    )
                ),
                tenure=_weeks(
                    SQL("%s::timestamp - min(date) FILTER (WHERE is_purchase)", cut)
                ),
                purchases=self._get_purchases(company, until),
                gone=cut - timedelta(days=max(GONE_DAYS, 3 * days)),
                sample=SAMPLE,
            )
        )
        return [Past(*row) for row in rows]


def _weeks(interval):
    """An interval in weeks; ``extract`` alone would be slow numeric."""
    return SQL("(extract(epoch FROM %s) / 604800)::float8", interval)
