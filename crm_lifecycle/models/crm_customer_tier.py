from odoo import fields, models


class CrmCustomerTier(models.Model):
    """What a customer is worth to the group, and how it is treated for that."""

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

    _name_uniq = models.UniqueIndex("(name)", "Two tiers cannot have one name.")
