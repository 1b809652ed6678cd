from odoo import api, models
from odoo.tools import SQL

# the figures that are kept in the history besides those that are asked
FIGURES = (
    "revenue_12m",
    "revenue_total",
    "revenue_change",
    "margin_12m",
    "purchase_count",
    "silence_days",
    "silence_ratio",
    "known_days",
    "no_contact_days",
    "quotation_count",
    "quotation_amount",
    "overdue_amount",
    "overdue_days",
)


class CrmCustomerTier(models.Model):
    """The figures of a customer over all companies of the group."""

    _inherit = "crm.customer.tier"

    @api.model
    def _get_rates_query(self, today):
        """What an amount of each company is worth in the main company's currency."""
        return SQL(
            """
            SELECT c.id AS company_id,
                   (CASE WHEN c.currency_id = main.currency_id THEN 1
                         ELSE %(group)s / %(own)s END)::float8 AS rate
              FROM res_company c
              JOIN res_company main ON main.id = (SELECT min(id) FROM res_company)
            """,
            group=self._get_rate(SQL("main.currency_id"), today),
            own=self._get_rate(SQL("c.currency_id"), today),
        )

    @api.model
    def _get_rate(self, currency, today):
        """The rate of a currency for company ``main``, by the rule of Odoo: the last
        one until today, else the first one there is."""
        return SQL(
            """
            COALESCE((SELECT r.rate FROM res_currency_rate r
                       WHERE r.currency_id = %(currency)s AND r.name <= %(today)s
                         AND COALESCE(r.company_id, main.id) = main.id
                       ORDER BY r.company_id, r.name DESC LIMIT 1),
                     (SELECT r.rate FROM res_currency_rate r
                       WHERE r.currency_id = %(currency)s
                         AND COALESCE(r.company_id, main.id) = main.id
                       ORDER BY r.company_id, r.name LIMIT 1), 1)
            """,
            currency=currency,
            today=today,
        )

    @api.model
    def _get_days(self, column, today):
        """Whole days since a date; NULL without one, which is no small number."""
        column = SQL.identifier(column)
        return SQL(
            "CASE WHEN %s IS NOT NULL THEN GREATEST(%s - %s, 0) END",
            column,
            today,
            column,
        )

    @api.model
    def _get_figures_query(self, partner_ids, today):
        """The figures of customers over all companies of the group, by ``partner_id``.

        :param partner_ids: commercial partners, all when ``None``
        """
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("m.partner_id = ANY(%s)", list(partner_ids))
        return SQL(
            """
    WITH rates AS MATERIALIZED (%(rates)s)
    SELECT partner_id, companies, purchase_count, revenue_total, revenue_12m,
           CASE WHEN revenue_previous_12m > 0
                THEN (revenue_12m / revenue_previous_12m - 1) * 100 END
               AS revenue_change,
           margin_12m, quotation_count, quotation_amount, overdue_amount,
           %(silence)s AS silence_days,
           %(silence)s / NULLIF(rhythm, 0) AS silence_ratio,
           %(known)s AS known_days, %(no_contact)s AS no_contact_days,
           COALESCE(%(overdue)s, 0) AS overdue_days
      FROM (SELECT m.partner_id, array_agg(m.company_id) AS companies,
                   sum(m.purchase_count) AS purchase_count,
                   sum(m.revenue_total::float8 * rate) AS revenue_total,
                   sum(m.revenue_12m::float8 * rate) AS revenue_12m,
                   sum(m.revenue_previous_12m::float8 * rate) AS revenue_previous_12m,
                   sum(m.margin_12m::float8 * rate) AS margin_12m,
                   sum(m.quotation_count) AS quotation_count,
                   sum(m.quotation_amount::float8 * rate) AS quotation_amount,
                   sum(m.overdue_amount::float8 * rate) AS overdue_amount,
                   max(m.purchase_rhythm) AS rhythm,
                   max(m.last_purchase_date)::date AS last_purchase,
                   min(m.first_purchase_date)::date AS first_purchase,
                   max(m.last_contact_date)::date AS last_contact,
                   min(m.overdue_date) AS overdue
              FROM crm_customer_metrics m
              JOIN rates ON rates.company_id = m.company_id
             WHERE %(among)s
             GROUP BY m.partner_id) AS facts
            """,
            silence=self._get_days("last_purchase", today),
            known=self._get_days("first_purchase", today),
            no_contact=self._get_days("last_contact", today),
            overdue=self._get_days("overdue", today),
            rates=self._get_rates_query(today),
            among=among,
        )

    def _measure_cutoffs(self, today):
        """The values at which the shares of these tiers begin now.

        :return: ``{criterion: (enter, keep)}``; without those nobody can meet yet
        """
        lines = self.criterion_ids.filtered(lambda line: line.measure == "percent")
        if not lines:
            return {}
        places = []
        for line in lines:
            order = SQL("DESC") if line.direction == "min" else SQL("ASC")
            places += [
                SQL(
                    "percentile_disc(%s) WITHIN GROUP (ORDER BY %s::float8 %s)",
                    percent / 100,
                    SQL.identifier("f", line.fact),
                    order,
                )
                for percent in (line.value, line.keep_value)
            ]
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) AS f WHERE f.purchase_count > 0",
                SQL(", ").join(places),
                self._get_figures_query(None, today),
            )
        )
        pairs = zip(lines, zip(row[::2], row[1::2], strict=True), strict=True)
        return {line: pair for line, pair in pairs if None not in pair}
