import hashlib

from markupsafe import Markup

from odoo import models
from odoo.tools import format_amount

TOLERANCE = 0.01  # percent, for prices that are rounded


class SaleOrder(models.Model):
    """What an order offers: measured against a rule, described, fingerprinted."""

    _inherit = "sale.order"

    # ------------------------------------------------------------
    # Measuring
    # ------------------------------------------------------------

    def _approval_get_discounts(self, rule):
        """What the lines a rule is about give away.

        A discount on the whole order, a line with a negative amount, counts for
        every other line by its share.

        :return: ``{line: (percent, amount)}``
        """
        self.ensure_one()
        totals = {
            line: line._approval_get_net_price() * line.product_uom_qty
            # no filtered(): what is read is read for the lines of all orders at once
            for line in self.order_line
            if line._approval_is_measured()
        }
        offered = sum(total for total in totals.values() if total > 0)
        reduced = -sum(total for total in totals.values() if total < 0)
        share = min(reduced / offered, 1) if offered else 0
        return {
            line: line._approval_get_discount(rule.discount_base, share)
            for line, total in totals.items()
            if line.product_uom_qty > 0
            and total >= 0
            and rule._is_about_product(line.product_id)
        }

    def _approval_get_findings(self, rule):
        """What is beyond the limit of a rule.

        :return: ``{line: (percent, amount, reason)}``; the line is empty for what
            the whole order is asked about
        """
        self.ensure_one()
        nothing = self.env["sale.order.line"]
        if not rule.is_discount_limited:
            products = self.order_line.product_id
            if products and any(map(rule._is_about_product, products)):
                return {nothing: (0, 0, self._approval_describe_amount(rule))}
            return {}
        limit = rule._get_discount_limit(self)
        return {
            line: (
                percent,
                amount,
                self.env._(
                    "“%(product)s”: %(percent)s %% off, %(limit)s %% is the limit.",
                    product=line.product_id.display_name,
                    percent=f"{percent:.4g}",
                    limit=f"{limit:g}",
                ),
            )
            for line, (percent, amount) in self._approval_get_discounts(rule).items()
            if percent > limit + TOLERANCE
        }

    def _approval_describe_amount(self, rule):
        if not rule.amount_from:
            return rule.name
        return self.env._(
            "The amount is %(limit)s or more (%(rule)s).",
            limit=format_amount(
                self.env, rule.amount_from, self._approval_get_company().currency_id
            ),
            rule=rule.name,
        )

    def _approval_get_reasons(self, rule):
        return [reason for _, _, reason in self._approval_get_findings(rule).values()]

    def _approval_get_granted(self):
        """What confirmed orders give away beyond the rules now.

        :return: ``{order: {(rule id, line id): (percent, amount)}}``
        """
        rules = self.env["crm.approval.rule"]
        confirmed = self.sudo().filtered(  # sudo: rules hold for everybody
            lambda order: order.state == "sale"
        )
        return {
            order: {
                (rule.id, line.id): (percent, amount)
                for rule in found
                for line, (percent, amount, _) in order._approval_get_findings(
                    rule
                ).items()
            }
            for order, found in rules._judge(confirmed).items()
        }

    # ------------------------------------------------------------
    # What was agreed to
    # ------------------------------------------------------------

    def _approval_get_fingerprint(self):
        """The offer as a text that differs when it changes: what, how many, at what
        price, to whom, on which terms."""
        self.ensure_one()
        lines = sorted(
            (
                line.product_id.id,
                line.product_uom_id.id,
                round(line.product_uom_qty, 6),
                round(line.price_unit, 6),
                round(line.discount, 6),
            )
            for line in self.order_line
            if not line.display_type and not line.is_downpayment
        )
        offer = (
            self.company_id.id,
            self.partner_id.id,
            self.pricelist_id.id,
            self.currency_id.id,
            self.payment_term_id.id,
            round(self.amount_total, 2),
            lines,
        )
        return hashlib.sha256(repr(offer).encode()).hexdigest()

    def _approval_get_title(self):
        return f"{self.name} · {self.partner_id.display_name}"

    def _approval_get_summary(self):
        """The lines with their discounts, for approvers who may not open orders."""
        head = Markup("<tr><th>%s</th><th>%s</th><th>%s</th><th>%s</th></tr>") % (
            self.env._("Product"),
            self.env._("Quantity"),
            self.env._("Unit Price"),
            self.env._("Discount"),
        )
        rule = self.env["crm.approval.rule"].new({"discount_base": "list"})
        rows = Markup("").join(
            Markup("<tr><td>%s</td><td>%s</td><td>%s</td><td>%s %%</td></tr>")
            % (
                line.product_id.display_name,
                f"{line.product_uom_qty:g} {line.product_uom_id.name or ''}",
                format_amount(
                    self.env, line._approval_get_net_price(), self.currency_id
                ),
                f"{percent:.4g}",
            )
            for line, (percent, _) in self._approval_get_discounts(rule).items()
        )
        return Markup("<table class='table table-sm mb-0'>%s%s</table>") % (head, rows)
