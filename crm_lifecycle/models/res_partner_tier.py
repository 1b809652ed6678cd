from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_tier import TIER_FIELDS, VIP_MARK

# customers never learn what they are worth
INTERNAL = "base.group_user"
MERGING = object()  # only server code can hand it over


class ResPartner(models.Model):
    """The tier of a customer; contacts have that of their company."""

    _inherit = "res.partner"

    customer_tier_id = fields.Many2one(
        "crm.customer.tier",
        "Customer Tier",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        groups=INTERNAL,
    )
    customer_tier_color = fields.Integer(
        related="customer_tier_id.color", groups=INTERNAL
    )
    customer_is_vip = fields.Boolean(
        "VIP", related="customer_tier_id.is_vip", groups=INTERNAL
    )
    customer_tier_lock_date = fields.Date(
        "Tier Set by Hand Until",
        copy=False,
        groups=INTERNAL,
        help="Until then the figures do not move the customer.",
    )
    customer_tier_lock_reason = fields.Char(
        "Why the Tier Is Set by Hand", copy=False, groups=INTERNAL
    )
    customer_tier_is_locked = fields.Boolean(
        compute="_compute_customer_tier_is_locked", groups=INTERNAL
    )
    customer_tier_change_ids = fields.One2many(
        "crm.customer.tier.change",
        "partner_id",
        "History of Tiers",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.depends("customer_tier_lock_date")
    def _compute_customer_tier_is_locked(self):
        today = fields.Date.today()
        for partner in self:
            date = partner.customer_tier_lock_date
            partner.customer_tier_is_locked = bool(date and date >= today)

    @api.model
    def _get_tiered_domain(self):
        """Who has a tier of its own: companies, and persons without one."""
        return Domain("is_company", "=", True) | Domain("parent_id", "=", False)

    @api.depends_context("lifecycle_show_vip")
    def _compute_display_name(self):
        """In the lists and forms of employees, VIP customers have a star."""
        super()._compute_display_name()
        if not self.env.context.get("lifecycle_show_vip"):
            return
        if not self.env.user._is_internal():
            return
        for partner in self.sudo():  # sudo: the name is shown already
            if partner.customer_tier_id.is_vip:
                partner.display_name = f"{VIP_MARK} {partner.display_name}"

    # ------------------------------------------------------------
    # Nobody writes it by hand
    # ------------------------------------------------------------

    def _has_field_access(self, field, operation):
        """Tiers are given by their criteria, or by the dialog with a reason."""
        if (
            operation == "write"
            and field.name in TIER_FIELDS
            and not self.env.su
            and self.env.context.get("customer_tier_write") is not MERGING
        ):
            return False
        return super()._has_field_access(field, operation)

    def _check_field_access(self, field, operation):
        """Say what to do instead."""
        if (
            operation == "write"
            and field.name in TIER_FIELDS
            and not self._has_field_access(field, operation)
        ):
            raise UserError(
                self.env._(
                    "The tier of a customer follows its figures. To set it by hand for "
                    "a time, use “Set Tier” on the customer."
                )
            )
        return super()._check_field_access(field, operation)

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "customer_tier_id"]

    def _lifecycle_follow_company(self):
        """A contact has the tier of the company it came to, also when that has none."""
        result = super()._lifecycle_follow_company()
        for partner in self.sudo():  # sudo: the company may be hidden
            tier = partner.commercial_partner_id.customer_tier_id
            if partner.customer_tier_id != tier:
                models.BaseModel.write(partner, {"customer_tier_id": tier.id})
        return result

    # ------------------------------------------------------------
    # For limits, rules and pools
    # ------------------------------------------------------------

    def _lifecycle_get_tiers(self):
        # sudo: a target or rule holds, whoever looks
        return {partner: partner.sudo().customer_tier_id for partner in self}

    @api.model
    def _lifecycle_get_tier_column(self):
        """The tier of the customer ``r``, as SQL."""
        return SQL("r.customer_tier_id")


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"

    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    customer_tier_color = fields.Integer(related="partner_id.customer_tier_color")


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    @api.model
    def _get_of_customers_domain(self, customers):
        own = Domain("partner_id", "in", customers.ids)
        return super()._get_of_customers_domain(customers) | own
