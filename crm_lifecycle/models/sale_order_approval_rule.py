from odoo import api, fields, models


class CrmApprovalRule(models.Model):
    """What a salesperson may offer without asking: the rules about quotations."""

    _inherit = "crm.approval.rule"

    kind = fields.Selection(
        selection_add=[("quotation", "Quotations")], ondelete={"quotation": "cascade"}
    )
    is_discount_limited = fields.Boolean(
        "Beyond a Discount",
        help="Asks only when a product is cheaper than the limit allows, by its "
        "discount, its price, or a discount on the whole order.",
    )
    discount_limit = fields.Float(
        "Discount Limit (%)", help="Up to here nobody is asked."
    )
    discount_base = fields.Selection(
        [
            ("list", "The sales price of the product"),
            ("pricelist", "The price of the price list"),
        ],
        "Measured from",
        required=True,
        default="list",
        help="From the price of the price list, what that list gives away is not "
        "counted.",
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="With those below them. Empty: every product.",
    )

    _discount_range = models.Constraint(
        "CHECK (discount_limit >= 0 AND discount_limit <= 100)",
        "The discount limit is a percentage.",
    )

    @api.model
    def _get_kind_models(self):
        return {**super()._get_kind_models(), "quotation": "sale.order"}

    def _is_about_product(self, product):
        """Whether a product is in the categories of the rule."""
        path = product.categ_id.parent_path or ""
        return not self.product_category_ids or any(
            path.startswith(category.parent_path)
            for category in self.product_category_ids
        )
