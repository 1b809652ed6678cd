from odoo import fields, models

INTERNAL = "base.group_user"


class SaleOrder(models.Model):
    """Orders show the tier of their customer, and may change it at once."""

    _inherit = "sale.order"

    # related_sudo: who works on an order may know the tier of its customer
    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", groups=INTERNAL
    )
    customer_tier_color = fields.Integer(
        related="partner_id.customer_tier_color", groups=INTERNAL
    )

    def _approval_get_tier(self):
        # sudo: a rule holds, whoever looks
        return self.sudo().partner_id.customer_tier_id
