from ast import literal_eval
from typing import NamedTuple

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# what decides on the points; a change is judged anew
RULE_FIELDS = (
    "source",
    "weight",
    "limit_from",
    "limit_full",
    "half_life_days",
    "fresh_days",
    "tier_ids",
    "company_id",
    "domain",
)


class Rule(NamedTuple):
    """A signal as the judgement needs it: plain values that can be remembered."""

    id: int
    source: str
    weight: int
    limit_from: float
    limit_full: float
    half_life: int
    fresh_days: int
    tier_ids: tuple
    company_id: int
    domain: str


class CrmChurnSignal(models.Model):
    """Something that tells that a customer may be leaving, and how much it weighs.

    What can be read is in ``crm_churn_signal_source.py`` and
    ``crm_churn_signal_event.py``, how points come of it in
    ``crm_churn_signal_points.py``.
    """

    _name = "crm.churn.signal"
    _description = "Churn Signal"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="Where a customer has lost all points, those of the first signals count.",
    )
    source = fields.Selection("_selection_source", "Reads", required=True)
    weight = fields.Integer(
        required=True,
        default=20,
        help="How many of 100 points a customer loses when it counts in full.",
    )
    limit_from = fields.Float(
        "Counts From",
        help="Up to here nothing is lost. Above “In Full At”, fewer is worse.",
    )
    limit_full = fields.Float("In Full At", default=1)
    half_life_days = fields.Integer(
        "Fades by Half In (Days)",
        help="What happened so many days ago counts half. 0: it does not fade.",
    )
    fresh_days = fields.Integer(
        "Not Older Than (Days)",
        help="Events before are left out. 0: all count. For signals that read events.",
    )
    tier_ids = fields.Many2many(
        "crm.customer.tier", string="Tiers", help="Empty: customers of every tier."
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: all companies."
    )
    domain = fields.Char(
        "Customers", default="[]", help="Only these customers; or the own rule itself."
    )
    alert_points = fields.Integer(
        "Alert From Points",
        help="A customer who loses as many by this signal alone gets an alert, "
        "whatever the health. 0: none by itself.",
    )
    missing = fields.Char("Cannot Be Read", compute="_compute_missing")
    is_historic = fields.Boolean(
        "Can Be Back-Tested",
        compute="_compute_missing",
        help="Whether a past day can be judged as it was known then.",
    )
    last_error = fields.Char(readonly=True, copy=False)

    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 100)", "The weight lies between 1 and 100 points."
    )
    _alert_range = models.Constraint(
        "CHECK (alert_points BETWEEN 0 AND weight)",
        "A signal alerts from at most all of its points on; 0 for never.",
    )
    _days_positive = models.Constraint(
        "CHECK (half_life_days >= 0 AND fresh_days >= 0 AND fresh_days <= 36500)",
        "Days cannot be negative, nor more than 36,500.",
    )

    @api.model
    def _selection_source(self):
        sources = self._get_sources(fields.Date.today())
        return [(source.key, source.name) for source in sources.values()]

    @api.depends("source")
    @api.depends_context("lang")
    def _compute_missing(self):
        sources = self._get_sources(fields.Date.today())
        for signal in self:
            source = sources.get(signal.source)
            signal.missing = source and source.missing
            signal.is_historic = bool(source and source.historic)

    @api.constrains("domain", "source")
    def _check_domain(self):
        for signal in self:
            try:
                domain = signal._get_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The customers of “%(signal)s” cannot be understood: %(error)s",
                        signal=signal.name,
                        error=error,
                    )
                ) from error
            if signal.source == "rule" and domain.is_true():
                raise ValidationError(
                    self.env._("Say in “Customers” when your own rule holds.")
                )
            signal._note_error(False)

    def _get_domain(self):
        """The customers it is about, checked against their model.

        :return: ``Domain``
        :raise ValueError: it is no domain, or asks for what comes of signals
        """
        self.ensure_one()
        domain = Domain(literal_eval(self.domain or "[]"))
        # sudo: conditions may ask fields their author does not see
        domain.validate(self.env["res.partner"].sudo())
        for condition in domain.iter_conditions():
            if condition.field_expr.startswith("churn_"):
                raise ValueError(
                    self.env._(
                        "“%s” itself comes of the signals.", condition.field_expr
                    )
                )
        return domain

    def _note_error(self, error):
        """A signal that broke names itself, and stops nothing else."""
        for signal in self:
            if signal._origin.id and (signal.last_error or False) != error:
                signal.sudo().last_error = error  # sudo: whoever finds out

    # ------------------------------------------------------------
    # Remembering
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """The active signals in their order, as :class:`Rule`."""
        # sudo: signals of every company count
        return self.sudo().search([("active", "=", True)])._prepare_rules()

    def _prepare_rules(self):
        return tuple(
            Rule(
                signal.id or signal._origin.id or 0,
                signal.source,
                signal.weight,
                signal.limit_from,
                signal.limit_full,
                signal.half_life_days,
                signal.fresh_days,
                tuple(signal.tier_ids._origin.ids),
                signal.company_id._origin.id,
                signal.domain or "[]",
            )
            for signal in self
        )

    @api.model_create_multi
    def create(self, vals_list):
        signals = super().create(vals_list)
        self.env.registry.clear_cache()
        return signals

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for signal, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", signal.name)
        return vals_list

    def action_view_scores(self):
        """Customers this signal costs points."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_score_action"
        )
        return dict(
            action,
            name=self.name,
            domain=[("signal_ids", "in", self.ids)],
            context={},
        )
