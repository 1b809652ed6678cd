from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL


class CrmCustomerMetrics(models.Model):
    """Facts of one customer in one company, aggregated from what Odoo knows.

    ``crm_customer_metrics_source.py`` says what a purchase is,
    ``crm_customer_metrics_contact.py`` what a contact is,
    ``crm_customer_metrics_query.py`` how facts come of it, and
    ``crm_customer_metrics_nightly.py`` when.
    Amounts are without taxes, in the currency of the company. What changes with the
    calendar alone, like days since a date, is computed when it is read.
    """

    _name = "crm.customer.metrics"
    _description = "Customer Facts"
    _log_access = False
    _rec_name = "partner_id"
    _order = "last_purchase_date DESC NULLS LAST, id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    purchase_count = fields.Integer("Purchases", readonly=True)
    first_purchase_date = fields.Datetime("First Purchase", readonly=True)
    last_purchase_date = fields.Datetime("Last Purchase", readonly=True)
    purchase_rhythm = fields.Float(
        "Buying Rhythm",
        readonly=True,
        aggregator="avg",
        help="Typical number of days between two days with a purchase (median).",
    )
    revenue_total = fields.Monetary("Revenue", readonly=True)
    revenue_12m = fields.Monetary("Revenue, 12 Months", readonly=True)
    revenue_previous_12m = fields.Monetary("Revenue, 12 Months Before", readonly=True)
    margin_12m = fields.Monetary(
        "Margin, 12 Months",
        readonly=True,
        help="Of the orders whose margin is known.",
    )
    last_contact_date = fields.Datetime(
        "Last Contact",
        readonly=True,
        help="Mail, call, meeting, order or visit of the portal, in either direction.",
    )
    last_contact_in_date = fields.Datetime("Last Heard From", readonly=True)
    last_contact_out_date = fields.Datetime("Last Reached Out", readonly=True)
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    overdue_date = fields.Date(
        "Overdue Since", readonly=True, help="When the oldest open invoice was due."
    )
    quotation_count = fields.Integer("Open Quotations", readonly=True)
    quotation_amount = fields.Monetary("Quoted", readonly=True)
    overdue_days = fields.Integer("Days Overdue", compute="_compute_days")
    silence_days = fields.Integer(
        "Days Since Last Purchase", compute="_compute_days", aggregator=None
    )
    no_contact_days = fields.Integer(
        "Days Since Last Contact", compute="_compute_days", aggregator=None
    )
    user_id = fields.Many2one(related="partner_id.user_id")
    country_id = fields.Many2one(related="partner_id.country_id")
    lifecycle_stage_id = fields.Many2one(related="partner_id.lifecycle_stage_id")

    _customer_uniq = models.UniqueIndex("(partner_id, company_id)")

    @api.depends("overdue_date", "last_purchase_date", "last_contact_date")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for facts in self:
            facts.overdue_days = self._count_days(facts.overdue_date, today)
            facts.silence_days = self._count_days(facts.last_purchase_date, today)
            facts.no_contact_days = self._count_days(facts.last_contact_date, today)

    @api.model
    def _count_days(self, date, today):
        """Whole days from a date, or the local day of a moment, to today; else 0."""
        if not date:
            return 0
        if isinstance(date, datetime):
            date = fields.Datetime.context_timestamp(self, date).date()
        return max((today - date).days, 0)

    @api.model
    def _refresh(self, partner_ids=None):
        """Bring the facts up to date; rows that do not change are not written.

        :param partner_ids: commercial partners, all when ``None``
        """
        self.env.flush_all()
        if partner_ids is None:
            self._rebuild()
            return
        facts = self._get_facts_query(partner_ids)
        known = SQL("partner_id = ANY(%s)", [*partner_ids])
        self.env.cr.execute(self._get_write_query(facts, known))
        self._forget_facts()

    @api.model
    def _get_write_query(self, facts, known):
        """One statement that makes rows of facts; only what differs is written.

        :param SQL facts: query of all facts of some customers
        :param SQL known: condition for the rows of the same customers
        """
        columns = self._get_fact_columns()
        return SQL(
            """
    WITH f AS MATERIALIZED (%(facts)s), known AS MATERIALIZED (
        SELECT * FROM crm_customer_metrics WHERE %(known)s
    ), changed AS (
        UPDATE crm_customer_metrics m SET %(assign)s
          FROM f JOIN known k USING (partner_id, company_id)
         WHERE m.id = k.id AND (%(old)s) IS DISTINCT FROM (%(new)s)
    ), added AS (
        INSERT INTO crm_customer_metrics (partner_id, company_id, %(names)s)
        SELECT f.partner_id, f.company_id, %(new)s
          FROM f LEFT JOIN known k USING (partner_id, company_id)
         WHERE k.id IS NULL
            ON CONFLICT DO NOTHING
    )
    DELETE FROM crm_customer_metrics m
     USING known k LEFT JOIN f USING (partner_id, company_id)
     WHERE m.id = k.id AND f.partner_id IS NULL
            """,
            facts=facts,
            known=known,
            **self._get_column_lists(columns, "k", "f"),
        )

    @api.model
    def _get_column_lists(self, columns, old, new):
        """Lists of columns as statements need them.

        :param old: alias of the rows that are there
        :param new: alias of the facts
        """
        comma = SQL(", ")
        return {
            "names": comma.join(SQL.identifier(name) for name in columns),
            "old": comma.join(SQL.identifier(old, name) for name in columns),
            "new": comma.join(SQL.identifier(new, name) for name in columns),
            "assign": comma.join(
                SQL("%s = %s", SQL.identifier(name), SQL.identifier(new, name))
                for name in columns
            ),
        }

    @api.model
    def _forget_facts(self):
        self.invalidate_model()
        self._invalidate_readers()

    @api.model
    def _invalidate_readers(self):
        """Hook: fields elsewhere that show these facts are read anew."""
