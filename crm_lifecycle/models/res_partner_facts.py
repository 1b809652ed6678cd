from odoo import api, fields, models
from odoo.tools import SQL

GROUPS = "crm_lifecycle.group_crm_lifecycle_user"
OPERATORS = {"<", "<=", ">", ">="}
COMPARE = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
# field of the customer: column of the facts, aggregate over the companies
FACTS = {
    "lifecycle_purchase_count": ("purchase_count", "sum"),
    "lifecycle_first_purchase_date": ("first_purchase_date", "min"),
    "lifecycle_last_purchase_date": ("last_purchase_date", "max"),
    "lifecycle_purchase_rhythm": ("purchase_rhythm", "max"),
    "lifecycle_revenue": ("revenue_total", "sum_currency"),
    "lifecycle_revenue_12m": ("revenue_12m", "sum_currency"),
    "lifecycle_revenue_previous_12m": ("revenue_previous_12m", "sum_currency"),
    "lifecycle_margin_12m": ("margin_12m", "sum_currency"),
    "lifecycle_last_contact_date": ("last_contact_date", "max"),
    "lifecycle_last_contact_in_date": ("last_contact_in_date", "max"),
    "lifecycle_last_contact_out_date": ("last_contact_out_date", "max"),
    "lifecycle_overdue_amount": ("overdue_amount", "sum_currency"),
    "lifecycle_overdue_date": ("overdue_date", "min"),
    "lifecycle_quotation_count": ("quotation_count", "sum"),
}
# facts that are worked out from others: they change with these
DERIVED = ("lifecycle_revenue_change", "lifecycle_overdue_days")
DATES = {name for name, (_column, function) in FACTS.items() if name.endswith("_date")}


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"

    @api.model
    def _invalidate_readers(self):
        self.env["res.partner"].invalidate_model([*FACTS, *DERIVED], flush=False)
        return super()._invalidate_readers()


def fact(kind, name, string, **options):
    """A field of the customer that reads a fact, and is searched by it."""

    if kind is fields.Monetary:
        options["currency_field"] = "lifecycle_currency_id"

    def search(partners, operator, value):
        return partners._search_lifecycle_fact(name, operator, value)

    return kind(
        string,
        compute="_compute_lifecycle_facts",
        search=search,
        groups=GROUPS,
        **options,
    )


class ResPartner(models.Model):
    """Facts of a customer, over the companies the user may see.

    Conditions of automatic moves and mailings are written on these fields. Amounts
    are in the currency of the current company, at today's rate.
    """

    _inherit = "res.partner"

    lifecycle_currency_id = fields.Many2one(
        "res.currency", compute="_compute_lifecycle_facts", groups=GROUPS
    )
    lifecycle_purchase_count = fact(
        fields.Integer, "lifecycle_purchase_count", "Purchases"
    )
    lifecycle_first_purchase_date = fact(
        fields.Datetime, "lifecycle_first_purchase_date", "First Purchase"
    )
    lifecycle_last_purchase_date = fact(
        fields.Datetime, "lifecycle_last_purchase_date", "Last Purchase"
    )
    lifecycle_purchase_rhythm = fact(
        fields.Float,
        "lifecycle_purchase_rhythm",
        "Buying Rhythm",
        digits=(16, 1),
        help="Typical number of days between two days with a purchase.",
    )
    lifecycle_revenue = fact(fields.Monetary, "lifecycle_revenue", "Revenue")
    lifecycle_revenue_12m = fact(
        fields.Monetary, "lifecycle_revenue_12m", "Revenue, 12 Months"
    )
    lifecycle_revenue_previous_12m = fact(
        fields.Monetary, "lifecycle_revenue_previous_12m", "Revenue, 12 Months Before"
    )
    lifecycle_revenue_change = fact(
        fields.Float,
        "lifecycle_revenue_change",
        "Revenue Change",
        help="The last 12 months compared with the 12 months before; 0 where nothing "
        "was sold before.",
    )
    lifecycle_margin_12m = fact(
        fields.Monetary, "lifecycle_margin_12m", "Margin, 12 Months"
    )
    lifecycle_last_contact_date = fact(
        fields.Datetime, "lifecycle_last_contact_date", "Last Contact"
    )
    lifecycle_last_contact_in_date = fact(
        fields.Datetime, "lifecycle_last_contact_in_date", "Last Heard From"
    )
    lifecycle_last_contact_out_date = fact(
        fields.Datetime, "lifecycle_last_contact_out_date", "Last Reached Out"
    )
    lifecycle_overdue_amount = fact(
        fields.Monetary, "lifecycle_overdue_amount", "Overdue"
    )
    lifecycle_overdue_date = fact(
        fields.Date, "lifecycle_overdue_date", "Overdue Since"
    )
    lifecycle_overdue_days = fields.Integer(
        "Days Overdue", compute="_compute_lifecycle_facts", groups=GROUPS
    )
    lifecycle_quotation_count = fact(
        fields.Integer, "lifecycle_quotation_count", "Open Quotations"
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "allowed_company_ids")
    def _compute_lifecycle_facts(self):
        metrics = self.env["crm.customer.metrics"]
        rows = metrics._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)],
            ["partner_id"],
            [f"{column}:{function}" for column, function in FACTS.values()],
        )
        facts = {partner: values for partner, *values in rows}
        nothing = [False if name in DATES else 0 for name in FACTS]
        today = fields.Date.context_today(self)
        self.lifecycle_currency_id = self.env.company.currency_id
        for partner in self:
            values = facts.get(partner.commercial_partner_id, nothing)
            for name, value in zip(FACTS, values, strict=True):
                partner[name] = value
            before = partner.lifecycle_revenue_previous_12m
            partner.lifecycle_revenue_change = (
                partner.lifecycle_revenue_12m / before - 1 if before > 0 else 0
            )
            partner.lifecycle_overdue_days = metrics._count_days(
                partner.lifecycle_overdue_date, today
            )

    # ------------------------------------------------------------
    # Search
    # ------------------------------------------------------------

    def _search_lifecycle_fact(self, name, operator, value):
        """Customers whose fact over the allowed companies compares to ``value``.

        Without facts, numbers are 0 and dates are empty.
        """
        if operator in ("in", "not in"):
            return self._search_lifecycle_fact_in(name, operator, value)
        if operator not in OPERATORS:
            return NotImplemented
        fact_sql = self._get_lifecycle_fact_sql(name)
        if name in DATES or not COMPARE[operator](0, value):
            return self._having_facts(SQL("%s %s %s", fact_sql, SQL(operator), value))
        return self._not_having_facts(
            SQL("NOT %s %s %s", fact_sql, SQL(operator), value)
        )

    def _search_lifecycle_fact_in(self, name, operator, values):
        fact_sql = self._get_lifecycle_fact_sql(name)
        given = tuple(value for value in values if value is not False and value != 0)
        empty = any(value is False or value == 0 for value in values)
        domain = [("id", "in", [])]
        if given:
            domain = self._having_facts(SQL("%s IN %s", fact_sql, given))
        if empty:
            filled = SQL(
                "%s IS NOT NULL" if name in DATES else "%s <> 0",
                fact_sql,
            )
            domain = ["|", *domain, *self._not_having_facts(filled)]
        return domain if operator == "in" else ["!", *domain]

    def _having_facts(self, condition):
        query = self.env["crm.customer.metrics"]._search([])
        subselect = SQL(
            "(SELECT partner_id FROM crm_customer_metrics WHERE id IN %s"
            " GROUP BY partner_id HAVING %s)",
            query.subselect(),
            condition,
        )
        return [("commercial_partner_id", "in", subselect)]

    def _not_having_facts(self, condition):
        return ["!", *self._having_facts(condition)]

    def _get_lifecycle_fact_sql(self, name):
        """The aggregate of a fact over the companies of a customer; never NULL for
        numbers."""
        if name == "lifecycle_revenue_change":
            now = self._get_lifecycle_fact_sql("lifecycle_revenue_12m")
            before = self._get_lifecycle_fact_sql("lifecycle_revenue_previous_12m")
            return SQL(
                "(CASE WHEN %s > 0 THEN %s / %s - 1 ELSE 0 END)", before, now, before
            )
        column, function = FACTS[name]
        value = SQL.identifier(column)
        if function == "sum_currency":
            value = SQL("%s * %s", value, self._get_lifecycle_factor())
            function = "sum"
        aggregate = SQL("%s(%s)", SQL(function), value)
        return aggregate if name in DATES else SQL("COALESCE(%s, 0)", aggregate)

    def _get_lifecycle_factor(self):
        """What an amount of a company is worth in the currency of the current one."""
        company = self.env.company
        if self.env.companies == company:
            return SQL("1")
        # sudo: the currencies of the allowed companies
        companies = self.env.companies.sudo()
        rates = companies.currency_id._get_rates(company, fields.Date.today())
        own = rates.get(company.currency_id.id) or 1.0
        cases = [
            SQL(
                "WHEN company_id = %s THEN %s",
                other.id,
                own / (rates.get(other.currency_id.id) or 1.0),
            )
            for other in companies
            if other.currency_id != company.currency_id
        ]
        return SQL("(CASE %s ELSE 1 END)", SQL(" ").join(cases)) if cases else SQL("1")

    # ------------------------------------------------------------
    # Facts move with the contact
    # ------------------------------------------------------------

    def write(self, vals):
        if not vals.keys() & {"parent_id", "is_company", "company_id"}:
            return super().write(vals)
        # the nightly run finds moved documents by itself, but not whose they were
        customers = self.commercial_partner_id
        result = super().write(vals)
        self.env["crm.customer.metrics.dirty"]._mark(customers | self)
        return result
