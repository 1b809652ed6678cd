from odoo import api, models
from odoo.exceptions import UserError

from .sale_order_approval import LEAVE_HELD


class PaymentTransaction(models.Model):
    """Paying does not get around an approval, and money that came is not lost."""

    _inherit = "payment.transaction"

    @api.model_create_multi
    def create(self, vals_list):
        transactions = super().create(vals_list)
        if transactions._approval_get_held():
            raise UserError(
                self.env._(
                    "This quotation is not available yet. We will come back to you "
                    "shortly."
                )
            )
        return transactions

    def _approval_get_held(self):
        """The transactions for a quotation that waits for approval."""
        return self.filtered(
            lambda transaction: any(
                order._approval_is_held() for order in transaction.sale_order_ids
            )
        )

    def _post_process(self):
        transactions = self.with_context(approval_leave_held=LEAVE_HELD)
        return super(PaymentTransaction, transactions)._post_process()

    def _check_amount_and_confirm_order(self):
        """A quotation that changed after it was paid for waits; its salesperson is
        told."""
        held = self._approval_get_held()
        for order in held.sale_order_ids:
            order._approval_stamp(
                self.env._(
                    "The customer has paid, but the quotation has changed since and "
                    "waits for approval."
                ),
                author=self.env.ref("base.user_root"),
                notify=order.user_id,
            )
        return super(PaymentTransaction, self - held)._check_amount_and_confirm_order()
