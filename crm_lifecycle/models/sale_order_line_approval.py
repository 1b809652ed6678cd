from odoo import api, models

# what a customer is offered by a line
OFFER_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """What a line gives away, and what its change means for an approval."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._approval_has_rules():
            return super().create(vals_list)
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        before = orders._approval_get_granted()
        lines = super().create(vals_list)
        lines.order_id._approval_follow_lines(before)
        return lines

    def write(self, vals):
        if not vals.keys() & OFFER_FIELDS or not self._approval_has_rules():
            return super().write(vals)
        before = self.order_id._approval_get_granted()
        result = super().write(vals)
        self.order_id._approval_follow_lines(before)
        return result

    def unlink(self):
        if not self._approval_has_rules():
            return super().unlink()
        orders = self.order_id
        before = orders._approval_get_granted()
        result = super().unlink()
        orders.exists()._approval_follow_lines(before)
        return result

    @api.model
    def _approval_has_rules(self):
        return bool(self.env["crm.approval.rule"]._get_rule_ids("quotation"))

    # ------------------------------------------------------------
    # Measuring
    # ------------------------------------------------------------

    def _approval_is_measured(self):
        """Hook: whether the price of a line is the salesperson's to decide."""
        self.ensure_one()
        return bool(
            self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.is_expense
            and not self._is_delivery()
            and self.product_type != "combo"  # the price is that of its items
        )

    def _approval_get_net_price(self):
        """What the customer pays for one."""
        return self.price_unit * (1 - (self.discount or 0) / 100)

    def _approval_get_reference_price(self, base):
        """What one costs without the salesperson's doing.

        :param str base: see ``crm.approval.rule.discount_base``
        """
        self.ensure_one()
        line = self.with_company(self.company_id)
        if line.combo_item_id:
            price = line._get_display_price()
        elif base == "pricelist":
            price = line._get_pricelist_price()
        else:
            product = line.product_id.with_context(**line._get_product_price_context())
            price = product._price_compute(
                "list_price",
                uom=line.product_uom_id,
                currency=line.currency_id,
                company=line.company_id,
                date=line._get_order_date(),
            )[product.id]
        return line.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=line.product_id.taxes_id._filter_taxes_by_company(
                line.company_id
            ),
            fiscal_position=line.order_id.fiscal_position_id,
        )

    def _approval_get_discount(self, base, share):
        """What a line gives away.

        :param str base: see ``crm.approval.rule.discount_base``
        :param float share: part of the price that lines with a negative amount take
            back, 0 to 1
        :return: ``(percent, amount for the whole quantity)``
        """
        net = self._approval_get_net_price() * (1 - share)
        reference = self._approval_get_reference_price(base) or self.price_unit
        if reference <= 0:
            return 0.0, 0.0
        given = reference - net
        # what is lost by rounding the price is nobody's discount
        if self.currency_id.compare_amounts(given, 0) <= 0:
            return 0.0, 0.0
        return given / reference * 100, given * self.product_uom_qty
