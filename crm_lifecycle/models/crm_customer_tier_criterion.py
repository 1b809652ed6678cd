from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount


class Criterion(NamedTuple):
    """What is asked, as plain values that can be remembered."""

    fact: str
    direction: str  # min or max
    enter: float | None  # nobody fits without a number
    keep: float | None
    percent: float  # 0 for a threshold


class CrmCustomerTierCriterion(models.Model):
    """One thing that is asked of the customers of a tier.

    Either a threshold, or to be among so many percent of all customers who have
    bought. Who is in the tier keeps it down to a second, looser value, so that nobody
    is moved up and down by every order.
    """

    _name = "crm.customer.tier.criterion"
    _description = "Criterion of a Customer Tier"
    _order = "tier_id, sequence, id"

    tier_id = fields.Many2one(
        "crm.customer.tier", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    fact = fields.Selection("_selection_fact", "Figure", required=True)
    measure = fields.Selection(
        [("value", "Value"), ("percent", "Share of customers")],
        "Measured As",
        required=True,
        default="value",
        help="A share counts those who have bought: 10 means the tenth of them with "
        "the highest value, or with the lowest one for “at most”.",
    )
    direction = fields.Selection(
        [("min", "at least"), ("max", "at most")],
        required=True,
        default="min",
    )
    value = fields.Float("To Enter", required=True)
    keep_value = fields.Float(
        "To Stay",
        compute="_compute_keep_value",
        store=True,
        readonly=False,
        precompute=True,
        help="Who is in the tier stays down to this value.",
    )
    unit = fields.Char(compute="_compute_unit")
    currency_id = fields.Many2one(related="tier_id.currency_id")
    cutoff = fields.Float(
        readonly=True, copy=False, help="The value at which the share begins now."
    )
    keep_cutoff = fields.Float(readonly=True, copy=False)
    is_measured = fields.Boolean(readonly=True, copy=False)
    now_text = fields.Char("At Present", compute="_compute_now_text")

    _percent_range = models.Constraint(
        "CHECK (measure != 'percent' OR (value > 0 AND value <= 100"
        " AND keep_value <= 100))",
        "A share of the customers is between 0 and 100 percent.",
    )

    # ------------------------------------------------------------
    # The figures
    # ------------------------------------------------------------

    @api.model
    def _get_facts(self):
        """The figures that can be asked, as ``{name: (label, unit)}``.

        Every name is a column of :meth:`CrmCustomerTier._get_figures_query`; the unit
        is amount, days, count, percent or times.
        """
        return {
            "revenue_12m": (self.env._("Revenue, 12 months"), "amount"),
            "revenue_total": (self.env._("Revenue in all"), "amount"),
            "revenue_change": (self.env._("Revenue change in a year"), "percent"),
            "margin_12m": (self.env._("Margin, 12 months"), "amount"),
            "purchase_count": (self.env._("Purchases"), "count"),
            "silence_days": (self.env._("Days since the last purchase"), "days"),
            "silence_ratio": (
                self.env._("Silence compared with the own buying rhythm"),
                "times",
            ),
            "known_days": (self.env._("Days since the first purchase"), "days"),
            "no_contact_days": (self.env._("Days since the last contact"), "days"),
            "quotation_count": (self.env._("Open quotations"), "count"),
            "quotation_amount": (self.env._("Amount of open quotations"), "amount"),
            "overdue_amount": (self.env._("Overdue amount"), "amount"),
            "overdue_days": (self.env._("Days overdue"), "days"),
        }

    @api.model
    def _selection_fact(self):
        return [(name, label) for name, (label, _unit) in self._get_facts().items()]

    @api.model
    def _format_value(self, fact, value, currency):
        """A value of a figure as people read it."""
        unit = self._get_facts().get(fact, ("", ""))[1]
        if unit == "amount":
            return format_amount(self.env, value, currency)
        number = f"{value:,.1f}".rstrip("0").rstrip(".")
        if unit == "percent":
            return f"{number} %"
        if unit == "days":
            return self.env._("%s days", number)
        if unit == "times":
            return self.env._("%s times", number)
        return number

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("value", "direction", "measure")
    def _compute_keep_value(self):
        """As strict as to enter, unless something looser was chosen."""
        for line in self:
            impossible = line.measure == "percent" and line.keep_value > 100
            strict = not line.keep_value or line._is_stricter(line.keep_value)
            if impossible or strict:
                line.keep_value = line.value

    def _is_stricter(self, keep_value):
        """Whether staying would ask for more than entering."""
        self.ensure_one()
        if self.measure == "percent" or self.direction == "max":
            return keep_value < self.value
        return keep_value > self.value

    @api.depends("fact", "measure")
    @api.depends_context("lang")
    def _compute_unit(self):
        currency = self.env["crm.customer.tier"]._get_main_company().currency_id
        labels = {
            "amount": currency.symbol or currency.name,
            "days": self.env._("days"),
            "percent": "%",
            "times": self.env._("times"),
        }
        for line in self:
            kind = self._get_facts().get(line.fact, ("", ""))[1]
            line.unit = (
                self.env._("% of customers")
                if line.measure == "percent"
                else labels.get(kind, "")
            )

    @api.depends("is_measured", "cutoff", "measure", "fact")
    def _compute_now_text(self):
        for line in self:
            line.now_text = (
                line._format_value(line.fact, line.cutoff, line.currency_id)
                if line.measure == "percent" and line.is_measured
                else False
            )

    @api.constrains("value", "keep_value", "direction", "measure")
    def _check_keep_value(self):
        for line in self:
            if line._is_stricter(line.keep_value):
                raise ValidationError(
                    self.env._(
                        "“%(fact)s” asks for more to stay in “%(tier)s” (%(keep)s) "
                        "than to enter it (%(value)s). It has to be as much or less.",
                        fact=dict(self._selection_fact())[line.fact],
                        tier=line.tier_id.name,
                        keep=f"{line.keep_value:g}",
                        value=f"{line.value:g}",
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        if vals.keys() & {"fact", "measure", "direction", "value", "keep_value"}:
            vals = {**vals, "is_measured": False}
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    # ------------------------------------------------------------
    # For the evaluation
    # ------------------------------------------------------------

    def _get_criterion(self, cutoffs=None):
        """The criterion as plain values.

        :param dict cutoffs: ``{criterion: (enter, keep)}`` of shares; what was last
            measured when not given
        """
        self.ensure_one()
        enter, keep = self.value, self.keep_value
        if self.measure == "percent":
            measured = (self.cutoff, self.keep_cutoff) if self.is_measured else None
            known = (cutoffs or {}).get(self, None if cutoffs is not None else measured)
            enter, keep = known or (None, None)
        percent = self.value if self.measure == "percent" else 0
        return Criterion(self.fact, self.direction, enter, keep, percent)

    @api.model
    def _describe(self, criterion, figure, currency, keep=False):
        """What a criterion asks beside what a customer has, in words.

        :param criterion: a :class:`Criterion`, or the list it was kept as
        :param figure: the customer's, ``None`` for none
        :param bool keep: what staying asks instead of entering
        """
        fact, direction, enter, stay, percent = criterion
        limit = stay if keep else enter
        value = self._format_value(fact, limit or 0, currency)
        if limit is None:
            asked = self.env._("nobody has any")
        elif direction == "min":
            asked = self.env._("at least %s", value)
        else:
            asked = self.env._("at most %s", value)
        if percent:
            asked = self.env._(
                "%(asked)s, as %(percent)s %% of the customers",
                asked=asked,
                percent=f"{percent:g}",
            )
        return self.env._(
            "%(fact)s: %(figure)s (%(asked)s)",
            fact=dict(self._selection_fact()).get(fact, fact),
            figure=self.env._("none")
            if figure is None
            else self._format_value(fact, figure, currency),
            asked=asked,
        )
