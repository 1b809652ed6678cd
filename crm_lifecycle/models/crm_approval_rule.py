import logging
from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CrmApprovalRule(models.Model):
    """When somebody has to agree, and who.

    Every rule that concerns a target asks its own approvers, all rules at once.
    The engine knows what all kinds share; a kind adds its own conditions here and
    in ``_approval_get_reasons`` of its model.

    A condition that breaks after it was saved (a field was removed, say) counts as
    met: what cannot be judged is asked about rather than let through, by the
    approvers of that rule and of no other. It names itself in ``last_error``.
    """

    _name = "crm.approval.rule"
    _description = "Approval Rule"
    _order = "kind, sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    kind = fields.Selection([], "Applies to", required=True)
    model_name = fields.Char(compute="_compute_model_name")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    team_ids = fields.Many2many(
        "crm.team", string="Sales Teams", help="Empty: whatever the team."
    )
    amount_from = fields.Monetary(
        "From an Amount of", help="In the currency of the company; 0: any amount."
    )
    domain = fields.Char("Condition", default="[]")
    mode = fields.Selection(
        [
            ("all", "All, asked at once"),
            ("any", "Any one of them, asked at once"),
            ("sequence", "All, one after another"),
        ],
        "Who must agree",
        required=True,
        default="all",
    )
    line_ids = fields.One2many(
        "crm.approval.rule.line", "rule_id", "Approvers", copy=True
    )
    last_error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the condition could not be evaluated last time. It counts as met "
        "until it is put right.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount_from >= 0)", "The amount cannot be negative."
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.model
    def _get_kind_models(self):
        """Hook: what each kind of rule is about: ``{kind: model name}``."""
        return {}

    @api.depends("kind")
    def _compute_model_name(self):
        models_by_kind = self._get_kind_models()
        for rule in self:
            rule.model_name = models_by_kind.get(rule.kind)

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("kind", "domain")
    def _check_domain(self):
        for rule in self:
            try:
                rule._get_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(rule)s” cannot be used: %(error)s",
                        rule=rule.name,
                        error=error,
                    )
                ) from error
            rule._reset_error()

    @api.constrains("active", "line_ids")
    def _check_has_approvers(self):
        for rule in self.filtered("active"):
            if not rule.line_ids:
                raise ValidationError(
                    self.env._("Say who has to agree in “%s”.", rule.name)
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"last_error"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # Judging
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache("kind")
    def _get_rule_ids(self, kind):
        """Ids of the active rules of one kind, whatever the company."""
        # sudo: rules hold for everybody
        return tuple(self.sudo().search([("kind", "=", kind)]).ids)

    @api.model
    def _judge(self, targets):
        """Which rules ask for an approval of which targets, and why.

        Costs nothing when there is no rule of the kind; one query per rule that
        has a condition, whatever the number of targets.

        :param targets: records of one model with ``crm.approval.mixin``
        :return: ``{target: {rule: [reason, …]}}``, only targets to be approved
        """
        rule_ids = self._get_rule_ids(targets._approval_kind)
        found = {}
        targets = targets.sudo()  # sudo: teams and amounts hold for everybody
        for rule in self.sudo().browse(rule_ids):  # sudo: so do rules
            reasons = {
                target: target._approval_get_reasons(rule)
                for target in targets
                if rule._concerns(target)
            }
            concerned = targets.filtered(lambda t, r=reasons: r.get(t))
            for target in rule._filter_matching(concerned):
                found.setdefault(target, {})[rule] = reasons[target]
        return found

    def _concerns(self, target):
        """Whether company, team and amount of a target are those of the rule."""
        self.ensure_one()
        company = target._approval_get_company()
        if self.company_id and self.company_id != company:
            return False
        if self.team_ids and target._approval_get_team() not in self.team_ids:
            return False
        return not self.amount_from or (
            company.currency_id.compare_amounts(
                target._approval_get_amount(), self.amount_from
            )
            >= 0
        )

    def _get_domain(self):
        """The condition, checked against the model of the kind.

        :return: ``Domain``
        :raise ValueError: it is no domain, or names a field the model does not have
        """
        self.ensure_one()
        domain = Domain(literal_eval(self.domain or "[]"))
        # sudo: conditions may ask fields their author does not see
        domain.validate(self.env[self.model_name].sudo())
        return domain

    def _filter_matching(self, targets):
        """The ``targets`` that meet the condition; all when it cannot be judged."""
        self.ensure_one()
        if not targets or (self.domain or "[]").strip() == "[]":
            return targets
        try:
            with self.env.cr.savepoint():
                ids = targets._origin.ids
                found = targets.browse(
                    targets.search(self._get_domain() & Domain("id", "in", ids)).ids
                )
        except Exception as error:
            _logger.warning("Approval rule %s: broken condition: %s", self.name, error)
            self.last_error = str(error)
            return targets
        self._reset_error()
        return targets.filtered(lambda t: t._origin in found)

    def _reset_error(self):
        if self.last_error:
            self.last_error = False
