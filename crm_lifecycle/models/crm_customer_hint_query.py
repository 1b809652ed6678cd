import logging
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 20000
AT_ONCE = 50000  # order lines that are looked at while somebody waits
TODO = SQL("crm_customer_hint_todo")
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
    def _get_hints_query(self):
        """All hints that are worth one.

        Similar are those of one industry and tier; where they are too few, those of
        the industry, then those of the tier.

        :return: ``SQL`` with partner_id, company_id, product_tmpl_id and ``COLUMNS``
        """
        threshold = self._get_threshold()
        since = fields.Datetime.subtract(fields.Datetime.now(), months=threshold.months)
        return SQL(
            """
    WITH bought AS MATERIALIZED (%(bought)s), buyer AS MATERIALIZED (
        SELECT b.partner_id, b.company_id, p.industry_id, p.customer_tier_id AS tier_id
          FROM bought b
          JOIN res_partner p ON p.id = b.partner_id AND p.active
         GROUP BY 1, 2, 3, 4 HAVING sum(b.orders) > 0
    ), member AS (
        SELECT partner_id, company_id, level, industry_id, tier_id
          FROM (SELECT partner_id, company_id, 1 AS level, industry_id, tier_id
                  FROM buyer WHERE industry_id IS NOT NULL AND tier_id IS NOT NULL
                 UNION ALL
                SELECT partner_id, company_id, 2, industry_id, 0
                  FROM buyer WHERE industry_id IS NOT NULL
                 UNION ALL
                SELECT partner_id, company_id, 3, 0, tier_id
                  FROM buyer WHERE tier_id IS NOT NULL) AS circles
    ), circle AS MATERIALIZED (
        SELECT company_id, level, industry_id, tier_id, count(*) - 1 AS peers
          FROM member GROUP BY 1, 2, 3, 4 HAVING count(*) > %(peers)s
    ), chosen AS MATERIALIZED (
        SELECT DISTINCT ON (partner_id, company_id) member.*, circle.peers
          FROM member JOIN circle USING (company_id, level, industry_id, tier_id)
         ORDER BY partner_id, company_id, level
    ), popular AS MATERIALIZED (
        SELECT company_id, level, industry_id, tier_id, b.product_tmpl_id, circle.peers,
               count(*)::int AS support, sum(b.amount) / sum(b.orders) AS amount
          FROM member
          JOIN circle USING (company_id, level, industry_id, tier_id)
          JOIN bought b USING (partner_id, company_id)
         WHERE b.orders > 0
         GROUP BY 1, 2, 3, 4, 5, 6
        HAVING count(*) >= %(support)s
           AND count(*) >= circle.peers * %(confidence)s::float8
    )
    SELECT partner_id, company_id, product_tmpl_id,
           (ARRAY['tier_industry', 'industry', 'tier'])[level] AS basis,
           peers::int AS peer_count, support,
           round(LEAST(support::numeric / peers, 1), 4)::float8 AS confidence,
           round(amount, 2) AS expected_amount
      FROM (SELECT chosen.partner_id, company_id, popular.product_tmpl_id, level,
                   popular.peers, popular.support, popular.amount,
                   row_number() OVER (
                       PARTITION BY chosen.partner_id, company_id
                           ORDER BY popular.support DESC, popular.product_tmpl_id
                   ) AS number
              FROM chosen
              JOIN popular USING (company_id, level, industry_id, tier_id)
             WHERE NOT EXISTS (
                   SELECT FROM bought b
                    WHERE b.partner_id = chosen.partner_id
                      AND b.company_id = chosen.company_id
                      AND b.product_tmpl_id = popular.product_tmpl_id)) AS candidate
     WHERE number <= %(most)s
            """,
            bought=self._get_bought_query(since),
            peers=max(threshold.peers, 1),
            support=max(threshold.support, 1),
            confidence=threshold.confidence,
            most=threshold.most,
        )

    # ------------------------------------------------------------
    # Bringing them up to date
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Nightly: find all hints anew; rows that do not change are not written."""
        self._refresh(self.env["ir.cron"]._commit_progress)

    @api.model
    def _refresh(self, commit=None):
        """Find all hints anew, and write what differs, batch by batch.

        What somebody has decided on stays.

        :param commit: called after each batch with the number of rows, like
            ``ir.cron._commit_progress``; what returns 0 stops the run
        :return: whether all is done
        """
        self.env.flush_all()
        count = self._collect_changes()
        if commit:
            commit(remaining=count)
        for start in range(0, count, BATCH):
            self._write_changes(start // BATCH)
            if commit and not commit(min(BATCH, count - start)):
                return False
        self.env.cr.execute(SQL("DROP TABLE %s", TODO))
        self.invalidate_model()
        if count:
            _logger.info("Cross-sell hints: %s rows changed", count)
        return True

    @api.model
    def _collect_changes(self):
        """A temporary table of the rows that have to be written; how many there are."""
        metrics = self.env["crm.customer.metrics"]
        metrics._set_planner()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TODO))
        self.env.cr.execute(
            SQL(
                """
    CREATE TEMP TABLE %(todo)s AS
      WITH f AS MATERIALIZED (%(hints)s)
    SELECT ((row_number() OVER () - 1) / %(batch)s)::int AS batch, m.id AS hint_id, f.*
      FROM f FULL JOIN crm_customer_hint m
        ON m.partner_id = f.partner_id AND m.company_id = f.company_id
       AND m.product_tmpl_id = f.product_tmpl_id
     WHERE m.id IS NULL OR f.partner_id IS NULL AND m.state = 'open'
        OR f.partner_id IS NOT NULL AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                todo=TODO,
                hints=self._get_hints_query(),
                batch=BATCH,
                **metrics._get_column_lists(COLUMNS, "m", "f"),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _write_changes(self, batch):
        lists = self.env["crm.customer.metrics"]._get_column_lists(COLUMNS, "m", "f")
        self.env.cr.execute(
            SQL(
                """
    WITH f AS MATERIALIZED (
        SELECT * FROM %(todo)s WHERE batch = %(batch)s
    ), changed AS (
        UPDATE crm_customer_hint m SET %(assign)s
          FROM f WHERE m.id = f.hint_id AND f.partner_id IS NOT NULL
    ), added AS (
        INSERT INTO crm_customer_hint (partner_id, company_id, product_tmpl_id, state,
                                       %(names)s)
        SELECT f.partner_id, f.company_id, f.product_tmpl_id, 'open', %(new)s
          FROM f JOIN res_partner p ON p.id = f.partner_id
          JOIN product_template t ON t.id = f.product_tmpl_id
         WHERE f.hint_id IS NULL ORDER BY f.partner_id
            ON CONFLICT DO NOTHING
    )
    DELETE FROM crm_customer_hint m
     USING f WHERE m.id = f.hint_id AND f.partner_id IS NULL AND m.state = 'open'
                """,
                todo=TODO,
                batch=batch,
                **lists,
            )
        )

    @api.model
    def action_refresh(self):
        """Find the hints anew now, or soon where there are many orders."""
        self.env["crm.customer.tier"].check_access("write")  # process managers
        lines = self.env["sale.order.line"].sudo()  # sudo: of every company
        if lines.search_count([], limit=AT_ONCE + 1) > AT_ONCE:
            cron = self.env.ref("crm_lifecycle.ir_cron_customer_hint_refresh")
            cron.sudo()._trigger()  # sudo: wakes it, no more
            message = self.env._("The hints are being looked for.")
        else:
            self.sudo()._refresh()  # sudo: hints are written by the engine alone
            message = self.env._("The hints are up to date.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
