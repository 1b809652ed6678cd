from odoo import api, fields, models


class ResPartner(models.Model):
    """The tier of a customer; contacts have that of their company."""

    _inherit = "res.partner"

    customer_tier_id = fields.Many2one(
        "crm.customer.tier",
        "Customer Tier",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "customer_tier_id"]
