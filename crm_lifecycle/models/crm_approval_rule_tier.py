from odoo import fields, models


class CrmApprovalRuleTier(models.Model):
    """How much may be given away to the customers of one tier."""

    _name = "crm.approval.rule.tier"
    _description = "Discount Limit of a Customer Tier"
    _order = "rule_id, tier_id"
    _rec_name = "tier_id"

    rule_id = fields.Many2one(
        "crm.approval.rule",
        "Rule",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('kind', '=', 'quotation'), ('is_discount_limited', '=', True)]",
    )
    tier_id = fields.Many2one(
        "crm.customer.tier",
        "Customer Tier",
        required=True,
        index=True,
        ondelete="cascade",
    )
    discount_limit = fields.Float(
        "Discount Limit (%)", help="Up to here nobody is asked."
    )
    usual_limit = fields.Float("Other Customers (%)", related="rule_id.discount_limit")

    _once = models.UniqueIndex(
        "(rule_id, tier_id)", "A rule has one discount limit for each tier."
    )
    _discount_range = models.Constraint(
        "CHECK (discount_limit >= 0 AND discount_limit <= 100)",
        "The discount limit is a percentage.",
    )


class CrmApprovalRule(models.Model):
    """Rules that hold for some tiers only, or ask earlier or later for them."""

    _inherit = "crm.approval.rule"

    tier_ids = fields.Many2many(
        "crm.customer.tier",
        string="Customer Tiers",
        help="Empty: whatever the tier of the customer.",
    )
    tier_line_ids = fields.One2many(
        "crm.approval.rule.tier", "rule_id", "Limits by Customer Tier", copy=True
    )

    def _concerns(self, target):
        if not super()._concerns(target):
            return False
        return not self.tier_ids or target._approval_get_tier() in self.tier_ids

    def _get_discount_limit(self, target):
        """Up to which discount nobody is asked, for the customer of ``target``."""
        self.ensure_one()
        lines = self.tier_line_ids
        if not lines:
            return self.discount_limit
        tier = target._approval_get_tier()
        line = lines.filtered(lambda line: line.tier_id == tier)
        return line.discount_limit if line else self.discount_limit


class CrmApprovalMixin(models.AbstractModel):
    _inherit = "crm.approval.mixin"

    def _approval_get_tier(self):
        """Hook: the tier of the customer it is about."""
        self.ensure_one()
        record = self._approval_get_lifecycle_record()
        if not record:
            return self.env["crm.customer.tier"]
        return record._lifecycle_get_tiers()[record]


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    def _get_tiers(self):
        """Approvals hurry for the customer they are about."""
        tiers = super()._get_tiers()
        for timer in self.filtered("approval_request_id"):
            target = timer.approval_request_id._get_target()
            if target:
                tiers[timer] = target._approval_get_tier()
        return tiers


class CrmCustomerTier(models.Model):
    _inherit = "crm.customer.tier"

    discount_line_ids = fields.One2many(
        "crm.approval.rule.tier", "tier_id", "Discounts Without Approval"
    )
