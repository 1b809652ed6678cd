from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

VIP_MARK = "★"
# of the customer; written by the evaluation and the dialog alone
TIER_FIELDS = [
    "customer_tier_id",
    "customer_tier_lock_date",
    "customer_tier_lock_reason",
]


class CrmCustomerTier(models.Model):
    """What a customer is worth to the group, and how it is treated for that.

    ``crm_customer_tier_criterion.py`` says what is asked of a customer,
    ``crm_customer_tier_query.py`` who fits, ``crm_customer_tier_evaluate.py`` moves
    them and writes the history, and the other files of the name hold a treatment each.
    """

    _name = "crm.customer.tier"
    _description = "Customer Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10, help="The first tier whose criteria a customer meets is its own."
    )
    color = fields.Integer()
    is_vip = fields.Boolean(
        "VIP", help="Its customers are marked wherever their name is read."
    )
    description = fields.Text(translate=True, help="Whom it is for, in one sentence.")
    match = fields.Selection(
        [("all", "All of them"), ("any", "Any of them")],
        "Must Meet",
        required=True,
        default="all",
    )
    criterion_ids = fields.One2many(
        "crm.customer.tier.criterion", "tier_id", "Criteria", copy=True
    )
    domain = fields.Char(
        "Customers",
        default="[]",
        help="Only these customers: by type, tags, industry, country …",
    )
    grace_days = fields.Integer(
        "Days of Grace",
        help="How long a customer that no longer fits keeps the tier before it falls "
        "to a lower one.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    partner_count = fields.Integer("Customers Now", compute="_compute_partner_count")
    last_error = fields.Char(readonly=True, copy=False)

    _name_uniq = models.UniqueIndex("(name)", "Two tiers cannot have one name.")
    _grace_positive = models.Constraint(
        "CHECK (grace_days >= 0)", "The days of grace cannot be negative."
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("name", "is_vip")
    def _compute_display_name(self):
        for tier in self:
            name = tier.name or ""
            tier.display_name = f"{VIP_MARK} {name}" if tier.is_vip else name

    def _compute_currency_id(self):
        """Tiers are one for the group: amounts count in its main company's currency."""
        self.currency_id = self._get_main_company().currency_id

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_partner_count(self):
        customers = self.env["res.partner"]
        counts = customers._read_group(
            customers._get_tiered_domain() & Domain("customer_tier_id", "in", self.ids),
            ["customer_tier_id"],
            ["__count"],
        )
        counts = dict(counts)
        for tier in self:
            tier.partner_count = counts.get(tier, 0)

    @api.model
    def _get_main_company(self):
        """The first company of the group, in whose currency tiers count."""
        # sudo: whoever looks
        return self.env["res.company"].sudo().browse(self._get_main_company_id())

    @api.model
    @tools.ormcache()
    def _get_main_company_id(self):
        # sudo: as above
        return self.env["res.company"].sudo().search([], order="id", limit=1).id

    @api.constrains("domain")
    def _check_domain(self):
        for tier in self:
            try:
                tier._get_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The customers of “%(tier)s” cannot be understood: %(error)s",
                        tier=tier.name,
                        error=error,
                    )
                ) from error
            tier._note_error(False)

    def _get_domain(self):
        """The customers who may be in the tier, checked against their model.

        :return: ``Domain``
        :raise ValueError: it is no domain, names a field customers do not have, or a
            fact, whose value would depend on who asks
        """
        self.ensure_one()
        domain = Domain(literal_eval(self.domain or "[]"))
        # sudo: conditions may ask fields their author does not see
        customers = self.env["res.partner"].sudo()
        domain.validate(customers)
        for condition in domain.iter_conditions():
            field = customers._fields[condition.field_expr.split(".")[0]]
            if field.compute == "_compute_lifecycle_facts":
                raise ValueError(
                    self.env._(
                        "“%s” is a figure: ask for it by a criterion.",
                        field._description_string(self.env),
                    )
                )
        return domain

    def _note_error(self, error):
        """A definition that broke names itself, and stops nothing else."""
        for tier in self:
            if (tier.last_error or False) != error:
                tier.sudo().last_error = error  # sudo: whoever finds out

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for tier, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", tier.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: the history counts also where the user does not see it
        changes = self.env["crm.customer.tier.change"].sudo()
        used = changes.search(
            Domain("tier_id", "in", self.ids) | Domain("previous_id", "in", self.ids),
            limit=1,
        )
        if used:
            raise UserError(
                self.env._(
                    "Customers are or have been in this tier, so that it cannot be "
                    "deleted. Archive it instead: they get the next tier they fit."
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_customers(self):
        """The customers of the tier, those who are worth most first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.res_partner_action_tier"
        )
        domain = self.env["res.partner"]._get_tiered_domain()
        domain &= Domain("customer_tier_id", "=", self.id)
        return dict(action, name=self.display_name, domain=list(domain))

    def action_view_changes(self):
        """Who came into the tier and who left it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_customer_tier_change_action"
        )
        domain = Domain("tier_id", "=", self.id) | Domain("previous_id", "=", self.id)
        return dict(action, domain=list(domain), context={})
