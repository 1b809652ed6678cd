from odoo import api, fields, models
from odoo.exceptions import UserError

GUARDED = ("sent", "sale")
OFFER_FIELDS = {
    "order_line",
    "partner_id",
    "pricelist_id",
    "currency_id",
    "payment_term_id",
    "fiscal_position_id",
    "company_id",
}
# handed over by server code alone: a paid quotation that is held stays as it is
LEAVE_HELD = object()


class SaleOrder(models.Model):
    """Quotations beyond the salesperson's authority wait for who has to agree.

    The gate is the change of the state, which every way of sending and confirming
    ends in. What was agreed to is kept as a fingerprint of the offer: another offer
    is a new question. A confirmed order cannot be made cheaper than it was: what is
    added to it is offered and agreed to by a quotation of its own.
    """

    _name = "sale.order"
    _inherit = ["sale.order", "crm.approval.mixin"]

    _approval_kind = "quotation"

    approval_status = fields.Selection(
        [
            ("needed", "Needs Approval"),
            ("pending", "Waiting for Approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        compute="_compute_approval_status",
        compute_sudo=True,
        groups="base.group_user",
    )
    approval_reasons = fields.Text(
        "Why it Needs Approval",
        compute="_compute_approval_status",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends(
        "state",
        "team_id",
        "partner_id",
        "pricelist_id",
        "amount_total",
        "approval_request_id.state",
        "order_line.product_id",
        "order_line.product_uom_qty",
        "order_line.price_unit",
        "order_line.discount",
    )
    def _compute_approval_status(self):
        offers = self.filtered(lambda order: order.state in ("draft", "sent"))
        found = self.env["crm.approval.rule"]._judge(offers)
        for order in self:
            rules = found.get(order, {})
            reasons = [reason for whys in rules.values() for reason in whys]
            order.approval_reasons = "\n".join(dict.fromkeys(reasons)) or False
            state = order.approval_request_id.state
            if order not in offers or not rules:
                order.approval_status = False
            elif order._approval_is_given():
                order.approval_status = "approved"
            elif state in ("pending", "rejected"):
                order.approval_status = state
            else:
                order.approval_status = "needed"

    # ------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered(lambda o: o.state in GUARDED)._approval_check_free()
        return orders

    def write(self, vals):
        target = vals.get("state")
        offers = self.browse()
        if target in GUARDED:
            offers = self.filtered(lambda o: o.state not in ("sale", target))
            offers._approval_check_free()
        result = super().write(vals)
        if vals.keys() & OFFER_FIELDS:
            offers._approval_check_free()
            self._approval_follow_change()
        if target == "cancel":
            self._approval_withdraw()
        return result

    def _approval_get_held(self):
        """The orders that must not be sent or confirmed, with the rules that ask.

        :return: ``{order: {rule: [reason, …]}}``
        """
        found = self.env["crm.approval.rule"]._judge(self)
        return {
            order: rules
            for order, rules in found.items()
            if not order._approval_is_given()
        }

    def _approval_is_given(self):
        """Whether the offer, as it is now, has been agreed to."""
        self.ensure_one()
        request = self.sudo().approval_request_id  # sudo: asked for everybody
        return (
            request.state == "approved"
            and (request.res_model, request.res_id) == (self._name, self._origin.id)
            and request.fingerprint == self.sudo()._approval_get_fingerprint()
        )  # sudo: the same for everybody

    def _approval_is_held(self):
        """Whether a quotation waits for approval; for pages customers see."""
        self.ensure_one()
        return self.state in ("draft", "sent") and bool(self._approval_get_held())

    def _approval_check_free(self):
        """Raise when one of the orders must not be sent or confirmed.

        :raise UserError: who must agree, and why; customers get no particulars
        """
        held = self._approval_get_held()
        if not held:
            return
        if self.env.user.share:
            raise UserError(
                self.env._(
                    "This quotation is not available yet. We will come back to you "
                    "shortly."
                )
            )
        raise UserError(
            "\n\n".join(
                order._approval_describe_held(rules)
                for order, rules in list(held.items())[:10]
            )
        )

    def _approval_describe_held(self, rules):
        """Why an order is held, who must agree, and what to do."""
        reasons = [reason for whys in rules.values() for reason in whys]
        lines = [
            self.env._("%s cannot be sent or confirmed yet.", self.name),
            *dict.fromkeys(reasons),
        ]
        request = self.approval_request_id
        if request.state == "pending":
            lines.append(self.env._("Waiting for the approval of: %s", request.missing))
        else:
            names = [slot.display_name for rule in rules for slot in rule.line_ids]
            lines.append(
                self.env._(
                    "Must agree: %s. Use “Ask for Approval” on the quotation.",
                    ", ".join(dict.fromkeys(names)),
                )
            )
        return "\n".join(lines)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def request_approval(self, reason=None):
        """Ask everybody who must agree, at once or as the rules say.

        :param str reason: for the approvers, may be empty
        :return: id of the ``crm.approval.request``
        :raise UserError: nothing is to be approved, or has been asked already
        """
        self.ensure_one()
        self.check_access("write")
        held = self._approval_get_held()
        if not held or self.state not in ("draft", "sent"):
            raise UserError(self.env._("Nobody has to approve %s.", self.name))
        if self.sudo().approval_request_id.state == "pending":  # sudo: others' too
            raise UserError(
                self.env._("Approval of %s has been asked for already.", self.name)
            )
        return self._approval_ask(reason, held[self]).id

    def action_request_approval(self):
        """Open the dialog that asks for the approval."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Approval"),
            "res_model": "sale.order.approval.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # ------------------------------------------------------------
    # For the approval engine
    # ------------------------------------------------------------

    def _approval_get_amount(self):
        company = self._approval_get_company()
        return (self.currency_id or company.currency_id)._convert(
            self.amount_untaxed,
            company.currency_id,
            company,
            self.date_order or fields.Date.context_today(self),
        )

    def _approval_get_team(self):
        return self.team_id

    def _approval_get_excluded(self):
        """The salesperson profits from the discount, whoever asks for it."""
        return super()._approval_get_excluded() | self.user_id

    def _approval_get_lifecycle_record(self):
        return self.opportunity_id or self.partner_id.commercial_partner_id
