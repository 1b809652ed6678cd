from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


class QuotationCommon(ApprovalCommon):
    """Discounts beyond 10 % need the product manager, finance and the director."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approvers = cls.product_manager | cls.finance | cls.director
        cls.rule = cls._new_rule(
            *cls.approvers,
            kind="quotation",
            is_discount_limited=True,
            discount_limit=10,
        )
        cls.order = cls._new_quotation(discount=25)

    @classmethod
    def _new_quotation(cls, count=1, quantity=1, user=None, **line):
        order = (
            cls.env["sale.order"]
            .with_user(user or cls.seller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "team_id": cls.team.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": quantity,
                                "tax_ids": False,
                                **line,
                            }
                        )
                        for _ in range(count)
                    ],
                }
            )
        )
        return order

    def _approve(self, order, users=None):
        if order.sudo().approval_request_id.state != "pending":
            order.request_approval("A first order")
        request = order.sudo().approval_request_id
        for user in users or self.approvers:
            self._decide(request, user)
        return request


@tagged("post_install", "-at_install")
class TestQuotation(QuotationCommon):
    """Inside the authority freely, beyond it by approval."""

    def test_inside_the_limit_nobody_is_asked(self):
        order = self._new_quotation(discount=10)
        self.assertFalse(order.approval_status)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaises(UserError):
            self._new_quotation(discount=10).request_approval()

    def test_beyond_it_the_message_says_who_and_why(self):
        self.assertEqual(self.order.approval_status, "needed")
        with self.assertRaises(UserError) as caught:
            self.order.action_confirm()
        message = str(caught.exception)
        for part in ("Thing", "25", "10", self.finance.name, "Ask for Approval"):
            self.assertIn(part, message)
        self.assertEqual(self.order.state, "draft")

    def test_all_are_asked_at_once_and_then_it_is_free(self):
        self.order.request_approval("Big customer")
        request = self.order.sudo().approval_request_id
        self.assertEqual(request.activity_ids.user_id, self.approvers)
        self.assertIn("Thing", request.summary)
        with self.assertRaises(UserError) as caught:
            self.order.action_quotation_sent()
        self.assertIn(self.director.name, str(caught.exception))
        self._approve(self.order)
        self.order.invalidate_recordset()
        self.assertEqual(self.order.approval_status, "approved")
        self.order.action_quotation_sent()
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(request.state, "approved")
        self.assertGreaterEqual(request.elapsed_hours, 0)

    def test_rejected_stays_held_until_it_is_asked_again(self):
        self.order.request_approval()
        self._decide(self.order.sudo().approval_request_id, self.finance, False)
        self.assertEqual(self.order.approval_status, "rejected")
        with self.assertRaises(UserError):
            self.order.action_confirm()
        self.order.order_line.discount = 5
        self.assertFalse(self.order.approval_status)
        self.order.action_confirm()

    def test_neither_requester_nor_salesperson_decides(self):
        self.rule.line_ids[0].user_id = self.seller
        self.order.with_user(self.manager).request_approval()
        request = self.order.sudo().approval_request_id
        self.assertNotIn(self.seller, request.line_ids.user_ids)
        self.assertIn(self.boss, request.line_ids.user_ids, "who is accountable")
        for user in (self.seller, self.manager):
            with self.assertRaises(UserError):
                self._decide(request, user)

    def test_changed_quotation_voids_what_was_approved_or_asked(self):
        line = self.order.order_line
        other = self.env["product.product"].create({"name": "Other", "list_price": 100})
        pricelist = self.env["product.pricelist"].create({"name": "Other list"})
        terms = self.env["account.payment.term"].create({"name": "Much later"})
        partner = self.env["res.partner"].create({"name": "Other"})
        changes = (
            lambda: line.write({"discount": 30}),
            lambda: line.write({"price_unit": 60}),
            lambda: line.write({"product_uom_qty": 7}),
            lambda: line.write({"product_id": other.id, "discount": 30}),
            lambda: self.order.write({"partner_id": partner.id}),
            lambda: self.order.write({"pricelist_id": pricelist.id}),
            lambda: self.order.write({"payment_term_id": terms.id}),
            lambda: self.order.write(
                {"order_line": [Command.create({"product_id": other.id})]}
            ),
            lambda: self.order.order_line[-1].unlink(),
            lambda: self.order.write(
                {"order_line": [Command.update(line.id, {"discount": 40})]}
            ),
        )
        for number, change in enumerate(changes):
            with self.subTest(number=number):
                request = self._approve(self.order)
                self.assertEqual(request.state, "approved")
                change()
                self.assertEqual(request.state, "voided")
                with self.assertRaises(UserError):
                    self.order.action_confirm()
                self.order.request_approval()
                pending = self.order.sudo().approval_request_id
                line.discount += 1
                self.assertEqual(pending.state, "voided")
                self.assertFalse(pending.activity_ids)

    def test_what_is_no_offer_voids_nothing(self):
        request = self._approve(self.order)
        self.order.write({"client_order_ref": "Their number", "note": "Thank you"})
        self.order.order_line.write({"name": "A better description"})
        self.order.write(
            {
                "order_line": [
                    Command.create({"display_type": "line_note", "name": "Note"})
                ]
            }
        )
        self.assertEqual(request.state, "approved")
        self.order.action_confirm()

    def test_cancelling_the_order_withdraws_the_question(self):
        self.order.request_approval()
        request = self.order.sudo().approval_request_id
        with self.assertRaises(UserError):
            self.order.request_approval()
        self.order.action_cancel()
        self.assertEqual(request.state, "cancelled")
        self.assertFalse(request.activity_ids)

    def test_deleted_quotation_takes_its_approval_along(self):
        self.order.request_approval()
        request = self.order.sudo().approval_request_id
        self.order.sudo().unlink()
        self.assertFalse(request.exists())

    def test_copy_of_an_approved_quotation_is_not_approved(self):
        self._approve(self.order)
        copied = self.order.copy()
        self.assertFalse(copied.approval_request_id)
        with self.assertRaises(UserError):
            copied.action_confirm()

    def test_confirmed_orders_are_not_made_cheaper(self):
        self._approve(self.order)
        self.order.action_confirm()
        line = self.order.order_line
        for values in (
            {"discount": 26},
            {"price_unit": 90},
            {"product_uom_qty": 2},
        ):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                line.write(values)
            self.assertIn("quotation of its own", str(caught.exception))
            self.env.invalidate_all()
        added = {"product_id": self.product.id, "discount": 50}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.order.write({"order_line": [Command.create(added)]})
        self.env.invalidate_all()
        line.write({"discount": 20})
        self.order.write(
            {"order_line": [Command.create({"product_id": self.product.id})]}
        )
        self.assertEqual(len(self.order.order_line), 2)

    def test_orders_confirmed_before_the_rule_stay_editable(self):
        self.rule.active = False
        self.order.action_confirm()
        self.rule.active = True
        self.order.order_line.write({"name": "Described"})
        self.order.order_line.write({"discount": 25, "product_uom_qty": 1})
        self.order.write(
            {"order_line": [Command.create({"product_id": self.product.id})]}
        )
        self.order.action_lock()
        self.order.action_unlock()

    def test_without_a_rule_confirming_costs_nothing_more(self):
        self.rule.active = False
        orders = self.env["sale.order"]
        for _ in range(100):
            orders |= self._new_quotation(discount=50)
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        orders._approval_check_free()
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_a_hundred_orders_are_judged_with_few_queries(self):
        orders = self.env["sale.order"]
        for _ in range(100):
            orders |= self._new_quotation(discount=5)
        self.rule.domain = "[('partner_id.name', '!=', 'Nobody')]"
        self.env.flush_all()
        orders[0]._approval_check_free()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders._approval_check_free()
        self.assertLess(self.env.cr.sql_log_count - before, 25)
