from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_confirm(self):
        """A confirmed order makes a customer, and may move one on."""
        result = super().action_confirm()
        self.filtered(
            lambda order: order.state == "sale"
        )._lifecycle_register_purchase()
        return result

    def _lifecycle_register_purchase(self):
        # sudo: who confirms an order need not have the right to edit the customer
        customers = self.sudo().partner_id.commercial_partner_id
        self.env["crm.customer.metrics"]._refresh(customers.ids)
        if not customers:
            return
        customers._lifecycle_become_customer(
            self.env._("Order confirmed: %s", ", ".join(self[:3].mapped("name")))
        )
        # sudo: tiers are written by the engine alone
        self.env["crm.customer.tier"].sudo()._evaluate(customers.ids, origin="order")
        customers._lifecycle_filter_movable()._lifecycle_advance(origin="event")

    # The nightly run finds changed orders by itself, but not who had them before.

    def write(self, vals):
        if vals.keys() & {"partner_id", "company_id"}:
            self.env["crm.customer.metrics.dirty"]._mark(self.partner_id)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_in_facts(self):
        self.env["crm.customer.metrics.dirty"]._mark(self.partner_id)
