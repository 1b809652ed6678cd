from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import outlook

MONTHS = 24
COHORTS = 12


class CrmChurnOutlook(models.AbstractModel):
    """One page on who stays: rates by month, cohorts, and the months ahead.

    Over the companies the user has chosen, money in the currency of the current one.
    """

    _name = "crm.churn.outlook"
    _description = "Churn and Retention"

    @api.model
    def get_page(self):
        """All figures of the page.

        :raise AccessError: for who may not see the rates of all customers
        """
        rates = self.env["crm.churn.rate"]
        rates.check_access("read")
        self.env.flush_all()
        self.env["crm.customer.metrics"]._set_planner()
        months = self._get_months()
        return {
            "definition": self._get_definition(),
            "currency_id": self.env.company.currency_id.id,
            "months": months,
            "cohorts": self._get_cohorts(),
            "forecasts": self._get_forecasts(months),
        }

    def _get_definition(self):
        """What leaving means here, company by company."""
        query = SQL(
            "SELECT company_id, days FROM (%s) AS h WHERE company_id = ANY(%s)",
            self.env["crm.churn.rate"]._get_horizon_query(),
            self.env.companies.ids,
        )
        names = {company.id: company.name for company in self.env.companies}
        days = self.env.execute_query(query)
        return [
            self.env._(
                "%(company)s: gone is who has not bought for %(days)s days; the rate "
                "is measured among those active at the start of a month.",
                company=names[company_id],
                days=number,
            )
            for company_id, number in days
        ] + [
            self.env._(
                "Silence-based: there is no source of contracts that end, so no "
                "contractual rate is shown. Days are UTC, months complete."
            )
        ]

    # ------------------------------------------------------------
    # Months
    # ------------------------------------------------------------

    def _get_bounds(self):
        """The first days of the months, the oldest first; the last is this month's."""
        this = fields.Date.start_of(fields.Date.today(), "month")
        return [
            fields.Date.subtract(this, months=MONTHS - number)
            for number in range(MONTHS + 1)
        ]

    def _get_months(self):
        """Complete months since the first purchase: active, left, and bought."""
        rates = self.env["crm.churn.rate"]._read_group(
            [("company_id", "in", self.env.companies.ids)],
            ["month:month"],
            ["__count", "left_count:sum"],
        )
        found = {month: (count, left) for month, count, left in rates}
        sums = self._get_sums()
        lines = []
        for month, (revenue, active_end) in sorted(sums.items()):
            count, left = found.get(month, (0, 0))
            lines.append(
                {
                    "date": month,
                    "active": count,
                    "left": left,
                    "churn": 100 * left / count if count else None,
                    "revenue": revenue,
                    "active_end": active_end,
                }
            )
        return lines

    def _get_sums(self):
        """Revenue of each month, and who is active at its end.

        :return: ``{first day: (revenue, customers)}``
        """
        rates, metrics = self.env["crm.churn.rate"], self.env["crm.customer.metrics"]
        bounds = self._get_bounds()
        companies = self.env.companies.ids
        rows = self.env.execute_query(
            SQL(
                """
    WITH month AS (
        SELECT date::date, (date + interval '1 month')::date AS ends
          FROM unnest(%(bounds)s::date[]) AS date
    ), revenue AS (
        SELECT date_trunc('month', date)::date AS date,
               sum(amount * %(factor)s)::float8 AS amount
          FROM (%(purchases)s) AS p WHERE company_id = ANY(%(companies)s) GROUP BY 1
    ), active AS (
        SELECT month.date, count(*) AS number
          FROM (%(spells)s) AS s
          JOIN (%(horizons)s) AS h ON h.company_id = s.company_id
          JOIN month ON month.ends > s.day AND month.ends <= s.day + h.days
                    AND (s.next_day IS NULL OR s.next_day >= month.ends)
         WHERE s.company_id = ANY(%(companies)s)
         GROUP BY 1
    )
    SELECT month.date, COALESCE(revenue.amount, 0), COALESCE(active.number, 0)
      FROM month LEFT JOIN revenue USING (date) LEFT JOIN active USING (date)
     WHERE month.date >= date_trunc('month', (
            SELECT min(day) FROM (%(spells)s) AS s
             WHERE s.company_id = ANY(%(companies)s)))
                """,
                bounds=bounds[:-1],
                factor=self.env["res.partner"]._get_lifecycle_factor(),
                purchases=metrics._union(metrics._get_purchase_sources()),
                companies=companies,
                spells=rates._get_spell_query(),
                horizons=rates._get_horizon_query(),
            )
        )
        return {month: (amount, number) for month, amount, number in rows}

    # ------------------------------------------------------------
    # Cohorts
    # ------------------------------------------------------------

    def _get_cohorts(self):
        """Of who bought first in a month, how many bought in each month since.

        :return: list of ``{date, customers, shares}``, percent; complete months alone
        """
        metrics, bounds = self.env["crm.customer.metrics"], self._get_bounds()
        rows = self.env.execute_query(
            SQL(
                """
    WITH bought AS (
        SELECT DISTINCT partner_id, company_id,
               date_trunc('month', date)::date AS month,
               min(date_trunc('month', date)::date) OVER (
                   PARTITION BY partner_id, company_id) AS first
          FROM (%s) AS p
         WHERE is_purchase AND date < %s AND company_id = ANY(%s)
    )
    SELECT first, month, count(*) FROM bought WHERE first >= %s GROUP BY 1, 2
                """,
                metrics._union(metrics._get_purchase_sources()),
                bounds[-1],
                self.env.companies.ids,
                bounds[-1 - COHORTS],
            )
        )
        found = {(first, month): count for first, month, count in rows}
        months = bounds[-1 - COHORTS : -1]
        return [
            {
                "date": first,
                "customers": found[first, first],
                "shares": [
                    100 * found.get((first, month), 0) / found[first, first]
                    for month in months[place:]
                ],
            }
            for place, first in enumerate(months)
            if (first, first) in found
        ]

    # ------------------------------------------------------------
    # The months ahead
    # ------------------------------------------------------------

    def _get_forecasts(self, months):
        """Three months ahead, with the interval and the error of the past."""
        return [
            self._get_forecast(
                self.env._("Active customers at the end of the month"),
                self.env._(
                    "The last value, and the mean change of the last 6 months for each "
                    "month ahead."
                ),
                [month["active_end"] for month in months],
                outlook.trend,
                False,
            ),
            self._get_forecast(
                self.env._("Revenue of the month"),
                self.env._(
                    "The mean of the last 6 months; seasons are not considered."
                ),
                [month["revenue"] for month in months],
                outlook.level,
                True,
            ),
        ]

    def _get_forecast(self, name, method, values, function, is_money):
        this = self._get_bounds()[-1]
        found = outlook.forecast(values, function)
        return {
            "name": name,
            "method": method,
            "is_money": is_money,
            "message": ""
            if found
            else self.env._(
                "Not enough data: %(months)s complete months are known, %(least)s are "
                "needed.",
                months=len(values),
                least=outlook.LEAST,
            ),
            "months": [
                {
                    "date": fields.Date.add(this, months=place),
                    "value": value,
                    "low": low,
                    "high": high,
                    "error": error,
                    "trials": trials,
                }
                for place, (value, low, high, error, trials) in enumerate(found)
            ],
        }
