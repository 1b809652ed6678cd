from odoo import models
from odoo.exceptions import UserError

from .sale_order_approval import LEAVE_HELD


class SaleOrder(models.Model):
    """What a change of the offer means, and what customers get of a held one."""

    _inherit = "sale.order"

    # ------------------------------------------------------------
    # The offer changes
    # ------------------------------------------------------------

    def _approval_follow_change(self):
        """Void what was asked or agreed to about another offer."""
        for order in self.sudo():  # sudo: requests are written by the engine alone
            request = order.approval_request_id
            if (
                order.state in ("draft", "sent")
                and request.state in ("pending", "approved")
                and request.fingerprint != order._approval_get_fingerprint()
            ):
                request._void(
                    self.env._(
                        "The quotation has changed: what was agreed to no longer "
                        "counts."
                    )
                )

    def _approval_withdraw(self):
        """Nobody has to decide about a cancelled order any more."""
        requests = self.sudo().approval_request_id  # sudo: written by the engine alone
        requests._end("cancelled", self.env._("The order was cancelled."))

    def _approval_follow_lines(self, before):
        """Lines have changed: quotations are asked about anew, orders stay as agreed.

        :param dict before: what confirmed orders gave away, see
            :meth:`_approval_get_granted`
        :raise UserError: a confirmed order gives away more than before
        """
        self._approval_follow_change()
        for order, after in self._approval_get_granted().items():
            granted = before.get(order, {})
            for key, (percent, amount) in after.items():
                old_percent, old_amount = granted.get(key, (-1, -1))
                if percent <= old_percent + 0.01 and (
                    order.currency_id.compare_amounts(amount, old_amount) <= 0
                ):
                    continue
                rule = self.env["crm.approval.rule"].browse(key[0])
                raise UserError(order._approval_describe_amended(rule))

    def _approval_describe_amended(self, rule):
        """Why a confirmed order cannot be changed like that."""
        rule = rule.sudo()  # sudo: rules hold for everybody
        return "\n".join(
            [
                self.env._("%s is confirmed and was agreed to as it is.", self.name),
                *self._approval_get_reasons(rule),
                self.env._(
                    "Offer what is added, or cheaper, by a quotation of its own and "
                    "ask for approval there."
                ),
            ]
        )

    def action_update_prices(self):
        result = super().action_update_prices()
        self._approval_follow_change()
        return result

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    def action_quotation_send(self):
        """The dialog is not even opened for a quotation that is held."""
        self._approval_check_sending()
        return super().action_quotation_send()

    def _approval_check_sending(self):
        """Raise when one of the quotations must not be sent.

        Who has paid is told so, whatever the quotation waits for now.
        """
        if self.env.context.get("approval_leave_held") is not LEAVE_HELD:
            quotations = self.filtered(lambda o: o.state in ("draft", "sent"))
            quotations._approval_check_free()

    def action_quotation_sent(self):
        """A customer who began to pay before the offer changed is not stopped."""
        orders = self
        if self.env.context.get("approval_leave_held") is LEAVE_HELD:
            orders = self.filtered(lambda order: not order._approval_is_held())
        return super(SaleOrder, orders).action_quotation_sent()

    def message_post(self, **kwargs):
        if self.env.context.get("mark_so_as_sent"):
            self._approval_check_sending()
        return super().message_post(**kwargs)

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self._approval_is_held()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._approval_is_held()

    def _can_be_edited_on_portal(self):
        return super()._can_be_edited_on_portal() and not self._approval_is_held()
