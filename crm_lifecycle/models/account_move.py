from odoo import api, models


class AccountMove(models.Model):
    """Invoices are purchases of those who order nothing; see the customer facts.

    The nightly run finds changed invoices by itself, but not who had them before.
    """

    _inherit = "account.move"

    def write(self, vals):
        if "partner_id" in vals:
            self._lifecycle_mark_customers()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_in_facts(self):
        self._lifecycle_mark_customers()

    def _lifecycle_mark_customers(self):
        invoices = self.filtered(lambda move: move.is_sale_document(True))
        self.env["crm.customer.metrics.dirty"]._mark(invoices.partner_id)
