from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Figure(NamedTuple):
    """One indicator in one period: ``value`` is ``None`` without a case."""

    value: float
    cases: int
    hits: int | None = None


class Indicator(NamedTuple):
    """What is shown: the method takes two moments (UTC), returns a :class:`Figure`."""

    label: str
    definition: str
    unit: str
    is_more: bool  # whether more is better
    measure: object


class CrmChurnIndicator(models.TransientModel):
    """How each indicator is measured, over the companies the user has chosen."""

    _inherit = "crm.churn.indicator"

    @api.model
    def _get_indicators(self):
        """Hook: what is shown, ``{key: Indicator}``."""
        return {**self._get_sales_indicators(), **self._get_customer_indicators()}

    def _get_sales_indicators(self):
        return {
            "conversion": Indicator(
                self.env._("Lead conversion"),
                self.env._(
                    "Of the opportunities closed in the period, those that were won."
                ),
                "%",
                True,
                self._measure_conversion,
            ),
            "first_touch": Indicator(
                self.env._("Response to new leads"),
                self.env._("Median hours from the lead to its first touch."),
                self.env._("hours"),
                False,
                self._measure_first_touch,
            ),
            "cycle": Indicator(
                self.env._("Follow-up cycle"),
                self.env._("Median days between two contacts with a customer."),
                self.env._("days"),
                False,
                self._measure_cycle,
            ),
        }

    def _get_customer_indicators(self):
        return {
            "repurchase": Indicator(
                self.env._("Repurchase"),
                self.env._(
                    "Of the customers who bought in the period, those who had before."
                ),
                "%",
                True,
                self._measure_repurchase,
            ),
            "churn": Indicator(
                self.env._("Churn"),
                self.env._(
                    "Of the customers who bought in as many days before the period, "
                    "those who did not buy in it."
                ),
                "%",
                False,
                self._measure_churn,
            ),
            "health": Indicator(
                self.env._("Customer health"),
                self.env._("Mean health at the end of the period, of 100."),
                "",
                True,
                self._measure_health,
            ),
        }

    def _share(self, query):
        """The share of hits among cases, as a :class:`Figure`."""
        hits, cases = self.env.execute_query(query)[0]
        return Figure(100 * hits / cases if cases else None, cases, hits)

    def _middle(self, query):
        """The median and how many, as a :class:`Figure`."""
        value, cases = self.env.execute_query(query)[0]
        return Figure(value, cases)

    def _get_companies(self):
        return self.env.companies.ids

    def _measure_conversion(self, start, end):
        return self._share(
            SQL(
                "SELECT count(*) FILTER (WHERE won_status = 'won'), count(*)"
                " FROM crm_lead WHERE type = 'opportunity'"
                " AND won_status IN ('won', 'lost')"
                " AND date_closed >= %s AND date_closed < %s"
                " AND (company_id IS NULL OR company_id = ANY(%s))",
                start,
                end,
                self._get_companies(),
            )
        )

    def _measure_first_touch(self, start, end):
        return self._middle(
            SQL(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM"
                " lifecycle_touch_date - create_date)::float8 / 3600), count(*)"
                " FROM crm_lead WHERE lifecycle_touch_date >= create_date"
                " AND create_date >= %s AND create_date < %s"
                " AND (company_id IS NULL OR company_id = ANY(%s))",
                start,
                end,
                self._get_companies(),
            )
        )

    def _measure_cycle(self, start, end):
        metrics = self.env["crm.customer.metrics"]
        return self._middle(
            SQL(
                "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)::float8,"
                " count(*) FROM (SELECT date, date::date - lag(date::date) OVER"
                " (PARTITION BY partner_id ORDER BY date) AS gap FROM (%s) AS contacts"
                " WHERE company_id IS NULL OR company_id = ANY(%s)) AS gaps"
                " WHERE gap > 0 AND date >= %s AND date < %s",
                metrics._union(metrics._get_contact_sources()),
                self._get_companies(),
                start,
                end,
            )
        )

    def _measure_repurchase(self, start, end):
        return self._share(
            SQL(
                "SELECT count(*) FILTER (WHERE before), count(*) FROM ("
                " SELECT partner_id, bool_or(date < %s) AS before FROM (%s) AS p"
                " WHERE date < %s GROUP BY 1 HAVING bool_or(date >= %s)) AS buyers",
                start,
                self._get_purchases(),
                end,
                start,
            )
        )

    def _measure_churn(self, start, end):
        return self._share(
            SQL(
                "SELECT count(*) FILTER (WHERE NOT again), count(*) FROM ("
                " SELECT partner_id, bool_or(date >= %s) AS again FROM (%s) AS p"
                " WHERE date >= %s AND date < %s"
                " GROUP BY 1 HAVING bool_or(date < %s)) AS buyers",
                start,
                self._get_purchases(),
                start - (end - start),
                end,
                start,
            )
        )

    def _measure_health(self, start, end):
        return self._middle(
            SQL(
                "SELECT avg(score)::float8, count(*) FROM ("
                " SELECT DISTINCT ON (partner_id, company_id) score"
                " FROM crm_churn_score_snapshot"
                " WHERE date < %s AND company_id = ANY(%s)"
                " ORDER BY partner_id, company_id, date DESC) AS last",
                end.date(),
                self._get_companies(),
            )
        )

    def _get_purchases(self):
        metrics = self.env["crm.customer.metrics"]
        return SQL(
            "SELECT partner_id, date FROM (%s) AS source"
            " WHERE is_purchase AND company_id = ANY(%s)",
            metrics._union(metrics._get_purchase_sources()),
            self._get_companies(),
        )
