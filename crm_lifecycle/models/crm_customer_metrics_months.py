from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    """Purchases of one customer, month by month."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _get_months(self, customer, count=24):
        """What a customer has bought in each of the last months, with this one.

        Over the companies the user has chosen, in the currency of the current one.

        :param customer: one commercial partner
        :return: list of ``{date, amount, count}``, the oldest month first, also those
            without a purchase
        """
        self.check_access("read")
        calendar = self._get_calendar()
        first = fields.Date.start_of(calendar.today, "month")
        first = fields.Date.subtract(first, months=count - 1)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', date)::date,
                       sum(amount * %(factor)s)::float8,
                       count(*) FILTER (WHERE is_purchase)
                  FROM (%(purchases)s) AS purchases
                 WHERE company_id = ANY(%(companies)s)
                   AND date >= %(first)s AND date <= %(horizon)s
                 GROUP BY 1
                """,
                factor=self.env["res.partner"]._get_lifecycle_factor(),
                purchases=self._union(self._get_purchase_sources(), customer.ids),
                companies=self.env.companies.ids,
                first=first,
                horizon=calendar.horizon,
            )
        )
        found = {month: (amount or 0, number) for month, amount, number in rows}
        months = (fields.Date.add(first, months=number) for number in range(count))
        return [
            {"date": month, "amount": amount, "count": number}
            for month in months
            for amount, number in (found.get(month, (0, 0)),)
        ]
