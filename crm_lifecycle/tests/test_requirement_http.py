import base64
import json
import xmlrpc.client
from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_requirement import RequirementCommon
from .test_quotation_routes import PIXEL

WORDS = "Missing: Phone known (Phone)."


@tagged("post_install", "-at_install")
class TestRequirementHttp(RequirementCommon, HttpCase):
    """What is required is required over the wire as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._require(field_paths="phone", name="Phone known")
        cls.key = (
            cls.env["res.users.apikeys"]
            .with_user(cls.seller)
            ._generate("rpc", "Test", datetime.now() + timedelta(days=1))
        )

    def _post(self, url, values, **headers):
        return self.url_open(
            url,
            data=json.dumps(values),
            headers={"Content-Type": "application/json", **headers},
        )

    def _call(self, method, *args):
        """A call of the web client."""
        self.authenticate(self.seller.login, self.seller.login)
        return self._post(
            f"/web/dataset/call_kw/crm.lead/{method}",
            {
                "params": {
                    "model": "crm.lead",
                    "method": method,
                    "args": [self.lead.ids, *args],
                    "kwargs": {},
                }
            },
        ).json()

    def _assert_stands(self, stage):
        self.env.invalidate_all()
        self.assertEqual(self.lead.lifecycle_stage_id, stage)

    @mute_logger("odoo.http")
    def test_json_2_is_refused_and_lets_pass_who_fills_in_what_is_missing(self):
        values = {"stage_id": self.pipeline_qualified.id}
        url, bearer = "/json/2/crm.lead/write", f"Bearer {self.key}"
        response = self._post(
            url, {"ids": self.lead.ids, "vals": values}, Authorization=bearer
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn(WORDS, response.json()["message"])
        self._assert_stands(self.stage)
        values["phone"] = "+32 2 555 12 34"
        response = self._post(
            url, {"ids": self.lead.ids, "vals": values}, Authorization=bearer
        )
        self.assertEqual(response.status_code, 200)
        self._assert_stands(self.following)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_xml_rpc_is_refused(self):
        with self.assertRaises(xmlrpc.client.Fault) as caught:
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname,
                self.seller.id,
                self.key,
                "crm.lead",
                "write",
                [self.lead.ids, {"stage_id": self.pipeline_won.id}],
            )
        self.assertIn(WORDS, caught.exception.faultString)
        self._assert_stands(self.stage)

    @mute_logger("odoo.http")
    def test_web_client_gets_what_its_dialog_needs(self):
        for method, args in (
            ("web_save", [{"stage_id": self.pipeline_qualified.id}, {}]),
            ("action_lifecycle_move", [self.following.id]),
        ):
            error = self._call(method, *args)["error"]["data"]
            self.assertIn(WORDS, error["message"])
            refusal = error["context"]["lifecycle_refusal"]
            self.assertEqual(refusal["stage_id"], self.following.id)
            self.assertEqual(
                refusal["forms"],
                [
                    {
                        "model": "crm.lead",
                        "id": self.lead.id,
                        "name": "Lead 0",
                        "fields": ["phone"],
                    }
                ],
            )
        self._assert_stands(self.stage)

    @mute_logger("odoo.http")
    def test_private_methods_of_the_gate_are_not_for_clients(self):
        for method in ("_lifecycle_move", "_lifecycle_find_gaps", "_lifecycle_place"):
            self.assertIn("error", self._call(method, self.following.id))
        self._assert_stands(self.stage)

    @mute_logger("odoo.http")
    def test_a_signature_in_the_portal_wins_no_lead_and_tells_no_secrets(self):
        order = self._new_order(self.customer, confirm=False)
        order.write(
            {
                "opportunity_id": self.lead.id,
                "require_signature": True,
                "require_payment": False,
            }
        )
        model = self.env["ir.model"]._get("sale.order")
        field = self.env["ir.model.fields"]._get("sale.order", "state")
        self.env["base.automation"].create(
            {
                "name": "Won by the order",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [Command.set(field.ids)],
                "filter_domain": "[('state', '=', 'sale')]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Won",
                            "model_id": model.id,
                            "state": "code",
                            "code": "records.opportunity_id.action_set_won()",
                        }
                    )
                ],
            }
        )
        token = order._portal_ensure_token()
        params = {"access_token": token, "name": "Carla", "signature": PIXEL}
        url = f"/my/orders/{order.id}/accept"
        answer = self._post(url, {"params": params}).json()
        self.assertIn("Please contact us", answer["error"]["data"]["message"])
        self.assertNotIn("Phone known", json.dumps(answer["error"]["data"]["context"]))
        self._assert_stands(self.stage)
        self.assertEqual(order.state, "draft")
        self.lead.phone = "+32 2 555 12 34"
        self.env.flush_all()
        self._post(url, {"params": params})
        self._assert_stands(self.won)
        self.assertEqual(order.state, "sale")
        self.assertTrue(base64.b64decode(order.signature))
