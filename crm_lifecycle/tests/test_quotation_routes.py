import base64
import json
from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_quotation import QuotationCommon

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
).decode()


@tagged("post_install", "-at_install")
class TestQuotationRoutes(QuotationCommon):
    """No way of sending or confirming leads around the approval."""

    def test_no_server_side_route_sends_or_confirms(self):
        order = self.order
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env.ref("sale.model_sale_order").id,
                "state": "code",
                "code": "records.action_confirm()",
            }
        )
        mark_sent = self.env.ref("sale.model_sale_order_action_quotation_sent")
        active = {"active_model": "sale.order", "active_ids": order.ids}
        routes = {
            "confirm": order.action_confirm,
            "send": order.action_quotation_send,
            "mark as sent": order.action_quotation_sent,
            "write sale": lambda: order.write({"state": "sale"}),
            "write sent": lambda: order.write({"state": "sent"}),
            "write as superuser": lambda: order.sudo().write({"state": "sale"}),
            "validate": order.sudo()._validate_order,
            "server action": action.with_context(**active).run,
            "own server action": mark_sent.with_context(**active).run,
            "mark by posting": lambda: order.with_context(
                mark_so_as_sent=True
            ).message_post(body="Here it is"),
            "forged context": lambda: order.with_context(
                approval_leave_held=True, approval_write=True
            ).action_quotation_sent(),
        }
        for name, route in routes.items():
            with self.subTest(route=name):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    route()
                self.env.invalidate_all()
                self.assertEqual(order.state, "draft")

    def test_created_as_sent_or_confirmed_is_refused(self):
        line = {"product_id": self.product.id, "discount": 50}
        for state in ("sent", "sale"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.env["sale.order"].create(
                    {
                        "partner_id": self.customer.id,
                        "state": state,
                        "order_line": [Command.create(line)],
                    }
                )
        self.env.invalidate_all()

    def test_lines_written_with_the_state_are_judged_too(self):
        order = self._new_quotation()
        line = order.order_line
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.write(
                {
                    "state": "sale",
                    "order_line": [Command.update(line.id, {"discount": 90})],
                }
            )
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_composer_and_template_do_not_send_it(self):
        template = self.env.ref("sale.email_template_edi_sale")
        for mode in ("comment", "mass_mail"):
            composer = self.env["mail.compose.message"].create(
                {
                    "model": "sale.order",
                    "res_ids": repr(self.order.ids),
                    "composition_mode": mode,
                    "template_id": template.id,
                }
            )
            with self.assertRaises(UserError), self.env.cr.savepoint():
                composer._action_send_mail()
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            template.send_mail(self.order.id)
        self.order.message_post(body="Shall we?", subtype_xmlid="mail.mt_note")

    def test_sent_quotation_that_changed_is_not_sent_again(self):
        order = self._new_quotation()
        order.action_quotation_sent()
        order.order_line.discount = 30
        self.assertEqual(order.state, "sent")
        with self.assertRaises(UserError):
            order.action_quotation_send()
        with self.assertRaises(UserError):
            order.with_context(mark_so_as_sent=True).message_post(body="Again")
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_one_held_order_stops_the_batch_and_is_named(self):
        free = self._new_quotation()
        with self.assertRaises(UserError) as caught:
            (free | self.order).action_confirm()
        self.assertIn(self.order.name, str(caught.exception))
        self.assertNotIn(free.name, str(caught.exception))

    def test_printed_it_says_that_it_is_no_offer(self):
        report = self.env["ir.actions.report"]
        name = "sale.report_saleorder"
        html = report._render_qweb_html(name, self.order.ids)[0].decode()
        self.assertIn("not released", html)
        self._approve(self.order)
        html = report._render_qweb_html(name, self.order.ids)[0].decode()
        self.assertNotIn("not released", html)

    def test_forged_approval_does_not_count(self):
        approved = self._new_quotation(discount=25)
        request = self._approve(approved)
        self.assertEqual(request.state, "approved")
        with self.assertRaises(UserError):
            self.order.write({"approval_request_id": request.id})
        self.order.sudo().approval_request_id = request
        with self.assertRaises(UserError):
            self.order.action_confirm()

    def test_paid_after_the_offer_changed_waits_and_the_seller_is_told(self):
        order = self._new_quotation()
        provider = self.env["payment.provider"].search([], limit=1)
        methods = self.env["payment.method"].with_context(active_test=False)
        method = methods.search([], limit=1)
        values = {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "amount": 100,
            "currency_id": order.currency_id.id,
            "partner_id": order.partner_id.id,
            "sale_order_ids": [Command.set(order.ids)],
        }
        transaction = self.env["payment.transaction"].sudo().create(values)
        order.order_line.discount = 50
        transaction.amount = 500
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual(order.state, "draft")
        self.assertIn("has paid", "".join(order.message_ids.mapped("body")))
        transaction.state = "pending"
        transaction._post_process()
        self.assertEqual(order.state, "draft")
        with self.assertRaises(UserError) as caught:
            self.env["payment.transaction"].sudo().create(
                {**values, "reference": "Again"}
            )
        self.assertIn("not available yet", str(caught.exception))


@tagged("post_install", "-at_install")
class TestQuotationHttp(QuotationCommon, HttpCase):
    """The same over the wire, as clients and customers do it."""

    def _rpc(self, url, params):
        response = self.url_open(
            url,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    @mute_logger("odoo.http")
    def test_customers_cannot_accept_what_is_held_and_learn_nothing(self):
        order = self.order.sudo()
        order.write({"require_signature": True, "require_payment": False})
        token = order._portal_ensure_token()
        url = f"/my/orders/{order.id}?access_token={token}"
        for page_url in (url, f"{url}&report_type=pdf&download=1"):
            page = self.url_open(page_url).text
            self.assertIn("o_lifecycle_not_available", page)
            for secret in (self.finance.name, "is the limit", "75.00", "Thing"):
                self.assertNotIn(secret, page)
        wrong = self.url_open(f"/my/orders/{order.id}?access_token=wrong")
        self.assertNotIn("o_lifecycle_not_available", wrong.text, "no probing")
        answer = self._rpc(
            f"/my/orders/{order.id}/accept",
            {"access_token": token, "name": "Carla", "signature": PIXEL},
        )
        self.assertTrue(answer["result"].get("error"))
        self.env.invalidate_all()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.signature)
        self._approve(self.order)
        answer = self._rpc(
            f"/my/orders/{order.id}/accept",
            {"access_token": token, "name": "Carla", "signature": PIXEL},
        )
        self.assertFalse(answer["result"].get("error"))
        self.env.invalidate_all()
        self.assertEqual(order.state, "sale")
        self.assertIn("Thing", self.url_open(url).text)

    @mute_logger("odoo.http")
    def test_employees_preview_what_customers_do_not_see_yet(self):
        self.authenticate(self.seller.login, self.seller.login)
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertIn("o_lifecycle_preview", page)
        self.assertIn("Thing", page)

    @mute_logger("odoo.http")
    def test_json_rpc_and_json_2_are_refused_with_the_reason(self):
        self.authenticate(self.seller.login, self.seller.login)
        for method, args in (
            ("action_confirm", []),
            ("write", [{"state": "sale"}]),
            ("action_quotation_sent", []),
        ):
            answer = self._rpc(
                f"/web/dataset/call_kw/sale.order/{method}",
                {
                    "model": "sale.order",
                    "method": method,
                    "args": [self.order.ids, *args],
                    "kwargs": {"context": {"approval_leave_held": True}},
                },
            )
            self.assertIn("Ask for Approval", answer["error"]["data"]["message"])
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.seller)
            ._generate("rpc", "Test", datetime.now() + timedelta(days=1))
        )
        response = self.url_open(
            "/json/2/sale.order/write",
            data=json.dumps({"ids": self.order.ids, "vals": {"state": "sale"}}),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key}",
            },
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("Ask for Approval", response.text)
        for method in ("_decide", "_approval_ask", "_end"):
            response = self.url_open(
                f"/json/2/crm.approval.request/{method}",
                data=json.dumps({"ids": []}),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {key}",
                },
            )
            self.assertGreaterEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "draft")

    @mute_logger("odoo.http")
    def test_portal_users_read_nothing_of_the_approval(self):
        portal = self._new_user("portal")
        portal.group_ids = self.env.ref("base.group_portal")
        portal.partner_id.parent_id = self.customer
        self.order.request_approval("Because he insists")
        self.order.sudo().message_subscribe(portal.partner_id.ids)
        order = self.env["sale.order"].with_user(portal)
        known = order.fields_get()
        for name in (
            "approval_status",
            "approval_reasons",
            "approval_missing",
            "approval_request_id",
            "approval_state",
            "is_my_approval",
        ):
            self.assertNotIn(name, known)
        messages = self.env["mail.message"].with_user(portal)
        bodies = messages.search(
            [("model", "=", "sale.order"), ("res_id", "=", self.order.id)]
        ).mapped("body")
        self.assertFalse([body for body in bodies if "insists" in (body or "")])
