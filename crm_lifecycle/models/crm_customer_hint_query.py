from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

COLUMNS = ("basis", "peer_count", "support", "confidence", "expected_amount")


class Threshold(NamedTuple):
    """From when on a product is worth a hint; see the settings."""

    months: int  # how far back orders of similar customers count
    peers: int  # so many similar customers at least, or a wider circle is taken
    support: int  # so many of them have bought it at least
    confidence: float  # and so large a share of them
    most: int  # hints per customer


DEFAULTS = Threshold(months=24, peers=5, support=3, confidence=30, most=3)


class CrmCustomerHint(models.Model):
    """How hints are found: a few statements for all customers."""

    _inherit = "crm.customer.hint"

    @api.model
    def _get_threshold(self):
        """The settings; what is no number counts as not set."""
        # sudo: settings hold for everybody
        parameters = self.env["ir.config_parameter"].sudo()
        values = []
        for name, default in DEFAULTS._asdict().items():
            given = parameters.get_param(f"crm_lifecycle.hint_{name}")
            try:
                values.append(max(float(given), 0) if given else default)
            except ValueError:
                values.append(default)
        months, peers, support, confidence, most = values
        return Threshold(
            int(months), int(peers), int(support), confidence / 100, int(most)
        )

    @api.model
    def _get_bought_query(self, since):
        """Products each customer has been sold or offered, and how often lately.

        Confirmed orders and open quotations: what is offered needs no hint. Only
        products that can still be sold, and whose line costs something.
        """
        return SQL(
            """
    SELECT p.commercial_partner_id AS partner_id, o.company_id, pp.product_tmpl_id,
           count(DISTINCT o.id) FILTER (WHERE %(counts)s) AS orders,
           sum(%(amount)s) FILTER (WHERE %(counts)s) AS amount
      FROM sale_order_line l
      JOIN sale_order o ON o.id = l.order_id
      JOIN res_partner p ON p.id = o.partner_id
      JOIN product_product pp ON pp.id = l.product_id
      JOIN product_template t ON t.id = pp.product_tmpl_id
     WHERE o.state IN ('draft', 'sent', 'sale') AND l.display_type IS NULL
       AND l.is_downpayment IS NOT TRUE AND l.price_subtotal > 0
       AND t.active AND t.sale_ok
       AND (t.company_id IS NULL OR t.company_id = o.company_id)
     GROUP BY 1, 2, 3
            """,
            counts=SQL(
                "o.state = 'sale' AND o.date_order BETWEEN %s AND %s",
                since,
                self.env["crm.customer.metrics"]._get_calendar().horizon,
            ),
            amount=SQL(
                "l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric"
            ),
        )

    @api.model
    def _collect_hints(self):
        """A temporary table of all hints that are worth one.

        Similar are those of one industry and tier; where they are too few, those of
        the industry, then those of the tier. Step by step, each with its statistics:
        what PostgreSQL does not know the size of, it joins in the slowest way.
        """
        threshold = self._get_threshold()
        since = fields.Datetime.subtract(fields.Datetime.now(), months=threshold.months)
        self._make_table("bought", self._get_bought_query(since))
        self._make_table("member", self._get_member_query())
        self._make_table("circle", self._get_circle_query(threshold))
        self._make_table("chosen", self._get_chosen_query())
        self._make_table("popular", self._get_popular_query(threshold))
        self._make_table("found", self._get_found_query(threshold))

    @api.model
    def _make_table(self, name, query):
        table = SQL.identifier(f"crm_customer_hint_{name}")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, query)
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _get_member_query(self):
        """The circles each customer belongs to; 0 for what does not matter."""
        return SQL(
            """
    WITH buyer AS (
        SELECT b.partner_id, b.company_id, p.industry_id, p.customer_tier_id AS tier_id
          FROM crm_customer_hint_bought b
          JOIN res_partner p ON p.id = b.partner_id AND p.active
         GROUP BY 1, 2, 3, 4 HAVING sum(b.orders) > 0
    )
    SELECT partner_id, company_id, 1 AS level, industry_id, tier_id
      FROM buyer WHERE industry_id IS NOT NULL AND tier_id IS NOT NULL
     UNION ALL
    SELECT partner_id, company_id, 2, industry_id, 0
      FROM buyer WHERE industry_id IS NOT NULL
     UNION ALL
    SELECT partner_id, company_id, 3, 0, tier_id
      FROM buyer WHERE tier_id IS NOT NULL
            """
        )

    @api.model
    def _get_circle_query(self, threshold):
        """The circles that are large enough, and how many others one has in them."""
        return SQL(
            """
    SELECT row_number() OVER ()::int AS id, c.*
      FROM (SELECT company_id, level, industry_id, tier_id, count(*) - 1 AS peers
              FROM crm_customer_hint_member
             GROUP BY 1, 2, 3, 4 HAVING count(*) > %s) AS c
            """,
            max(threshold.peers, 1),
        )

    @api.model
    def _get_chosen_query(self):
        """The closest circle of each customer."""
        return SQL(
            """
    SELECT DISTINCT ON (m.partner_id, m.company_id) m.partner_id, m.company_id,
           c.id AS circle_id
      FROM crm_customer_hint_member m
      JOIN crm_customer_hint_circle c USING (company_id, level, industry_id, tier_id)
     ORDER BY m.partner_id, m.company_id, m.level
            """
        )

    @api.model
    def _get_popular_query(self, threshold):
        """What enough members of a circle have bought lately."""
        return SQL(
            """
    SELECT c.id AS circle_id, b.product_tmpl_id, c.peers, count(*)::int AS support,
           sum(b.amount) / sum(b.orders) AS amount
      FROM crm_customer_hint_circle c
      JOIN crm_customer_hint_member m USING (company_id, level, industry_id, tier_id)
      JOIN crm_customer_hint_bought b
        ON b.partner_id = m.partner_id AND b.company_id = m.company_id
     WHERE b.orders > 0
       AND c.id IN (SELECT circle_id FROM crm_customer_hint_chosen)
     GROUP BY c.id, b.product_tmpl_id, c.peers
    HAVING count(*) >= %(support)s AND count(*) >= c.peers * %(confidence)s::float8
            """,
            support=max(threshold.support, 1),
            confidence=threshold.confidence,
        )

    @api.model
    def _get_found_query(self, threshold):
        """What is popular in the circle of a customer that has not bought it.

        :return: ``SQL`` with partner_id, company_id, product_tmpl_id and ``COLUMNS``
        """
        return SQL(
            """
    SELECT partner_id, company_id, product_tmpl_id,
           (ARRAY['tier_industry', 'industry', 'tier'])[circle.level] AS basis,
           candidate.peers::int AS peer_count, support,
           round(LEAST(support::numeric / candidate.peers, 1), 4)::float8 AS confidence,
           round(amount, 2) AS expected_amount
      FROM (SELECT c.partner_id, c.company_id, c.circle_id, p.product_tmpl_id, p.peers,
                   p.support, p.amount,
                   row_number() OVER (PARTITION BY c.partner_id, c.company_id
                       ORDER BY p.support DESC, p.product_tmpl_id) AS number
              FROM crm_customer_hint_chosen c
              JOIN crm_customer_hint_popular p USING (circle_id)
              LEFT JOIN crm_customer_hint_bought b
                ON b.partner_id = c.partner_id AND b.company_id = c.company_id
               AND b.product_tmpl_id = p.product_tmpl_id
             WHERE b.partner_id IS NULL) AS candidate
      JOIN (SELECT id, level FROM crm_customer_hint_circle) AS circle
        ON circle.id = candidate.circle_id
     WHERE number <= %s
            """,
            threshold.most,
        )
