from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Source(NamedTuple):
    """A kind of document that says something about customers, in SQL.

    The document is one row of ``table``, which has the alias ``d`` in all expressions.
    """

    name: str  # unique among all sources
    table: str
    joins: SQL  # what comes after ``FROM table d``; what a document is of for ever
    partner: SQL  # the commercial partner
    company: SQL
    date: SQL  # UTC
    values: dict  # further columns
    where: SQL = SQL("TRUE")  # whether it counts at present
    edges: SQL | None = None  # a column with the date, where time alone makes it count
    appended: bool = False  # rows are only added, so that new ones have higher ids

    def select(self, partner_ids=None):
        """The documents that count, with the columns all sources have in common.

        :param partner_ids: commercial partners, all when ``None``
        """
        columns = {
            "partner_id": self.partner,
            "company_id": self.company,
            "date": self.date,
            **self.values,
        }
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("%s = ANY(%s)", self.partner, list(partner_ids))
        return SQL(
            "SELECT %s FROM %s d %s WHERE %s AND %s",
            SQL(", ").join(
                SQL("%s AS %s", value, SQL.identifier(name))
                for name, value in columns.items()
            ),
            SQL.identifier(self.table),
            self.joins,
            self.where,
            among,
        )

    def select_partners(self, condition):
        """Commercial partners of the documents for which ``condition`` holds."""
        return SQL(
            "SELECT %s AS partner_id FROM %s d %s WHERE %s",
            self.partner,
            SQL.identifier(self.table),
            self.joins,
            condition,
        )


OF_PARTNER = SQL("JOIN res_partner p ON p.id = d.partner_id")
COMMERCIAL = SQL("p.commercial_partner_id")


class CrmCustomerMetrics(models.Model):
    """What a purchase is."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _get_purchase_sources(self):
        """Hook: what counts as a purchase, and what takes revenue away again.

        * A confirmed order is a purchase, at its date, also when it costs nothing. An
          order with a negative total is a return: it lowers the revenue only.
        * A posted invoice that belongs to no order is a purchase, at its date.
        * A posted credit note lowers the revenue, at its date. One that belongs to an
          order does so only while the order stands and is not invoiced again.
        * A paid order of the point of sale is a purchase, unless an invoice or a sales
          order stands for it; a refund lowers the revenue.

        What is dated in the future counts from its date on.

        :return: list of :class:`Source`; their ``values`` are ``is_purchase``,
            ``amount`` (without taxes, currency of the company) and ``margin``
        """
        sources = [self._get_order_source(), self._get_invoice_source()]
        if "pos.order" in self.env:
            sources.append(self._get_pos_source())
        return sources

    @api.model
    def _get_order_source(self):
        has_margin = "margin" in self.env["sale.order"]._fields
        return Source(
            name="order",
            table="sale_order",
            joins=OF_PARTNER,
            partner=COMMERCIAL,
            company=SQL("d.company_id"),
            date=SQL("d.date_order"),
            values={
                "is_purchase": SQL("COALESCE(d.amount_untaxed, 0) >= 0"),
                "amount": self._convert("d.amount_untaxed"),
                "margin": self._convert("d.margin")
                if has_margin
                else SQL("NULL::numeric"),
            },
            where=SQL("d.state = 'sale'"),
            edges=SQL("d.date_order"),
        )

    @api.model
    def _convert(self, column):
        """An amount of order ``d`` in its company's currency, at its date's rate."""
        table, name = column.split(".")
        amount = SQL.identifier(table, name)
        return SQL(
            "CASE WHEN COALESCE(d.currency_rate, 0) IN (0, 1) THEN %s"
            " ELSE %s / d.currency_rate::numeric END",
            amount,
            amount,
        )

    @api.model
    def _get_invoice_source(self):
        return Source(
            name="invoice",
            table="account_move",
            joins=SQL(
                "%s AND d.move_type IN ('out_invoice', 'out_receipt', 'out_refund')",
                OF_PARTNER,
            ),
            partner=COMMERCIAL,
            company=SQL("d.company_id"),
            date=SQL("d.invoice_date::timestamp"),
            values={
                "is_purchase": SQL(
                    "d.move_type <> 'out_refund' AND d.amount_untaxed_signed >= 0"
                ),
                "amount": SQL("d.amount_untaxed_signed"),
                "margin": SQL("NULL::numeric"),
            },
            where=SQL(
                """
                d.state = 'posted' AND NOT EXISTS (
                    SELECT FROM account_move_line l
                      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                      JOIN sale_order_line sol ON sol.id = r.order_line_id
                      JOIN sale_order o ON o.id = sol.order_id
                     WHERE l.move_id = d.id
                       AND (d.move_type <> 'out_refund' OR o.state <> 'sale'
                            OR o.invoice_status IN ('invoiced', 'upselling')))
                """
            ),
            edges=SQL("d.invoice_date"),
        )

    @api.model
    def _get_pos_source(self):
        where = SQL("d.state IN ('paid', 'done') AND d.account_move IS NULL")
        if "sale_order_origin_id" in self.env["pos.order.line"]._fields:
            where = SQL(
                "%s AND NOT EXISTS (SELECT FROM pos_order_line l WHERE"
                " l.order_id = d.id AND l.sale_order_origin_id IS NOT NULL)",
                where,
            )
        return Source(
            name="pos",
            table="pos_order",
            joins=OF_PARTNER,
            partner=COMMERCIAL,
            company=SQL("d.company_id"),
            date=SQL("d.date_order"),
            values={
                "is_purchase": SQL("d.amount_total >= 0"),
                "amount": SQL(
                    "(d.amount_total - d.amount_tax)"
                    " / COALESCE(NULLIF(d.currency_rate, 0), 1)::numeric"
                ),
                "margin": SQL("NULL::numeric"),
            },
            where=where,
            edges=SQL("d.date_order"),
        )

    @api.model
    def _get_purchases_query(self, partner_ids=None):
        """All purchases, one row each; see :meth:`_get_purchase_sources`.

        :param partner_ids: commercial partners, all when ``None``
        :return: ``SQL`` query with the columns ``partner_id`` (commercial partner),
            ``company_id`` and ``purchase_date`` (UTC)
        """
        return SQL(
            "SELECT partner_id, company_id, date AS purchase_date FROM (%s) AS source"
            " WHERE is_purchase",
            self._union(self._get_purchase_sources(), partner_ids),
        )

    @api.model
    def _union(self, sources, partner_ids=None):
        return SQL(" UNION ALL ").join(source.select(partner_ids) for source in sources)
