from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFlowSilentCustomer(TransactionCase):
    """One customer through all three addons: bought, complained, silent, came back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now()
        cls.seller = new_test_user(
            cls.env, "seller_flow", groups="sales_team.group_sale_salesman"
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Comes Back", "is_company": True, "user_id": cls.seller.id}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Something", "type": "consu"}
        )

    def at(self, days):
        """Freeze the clock so many days after the start."""
        return freeze_time(self.start + timedelta(days=days))

    def buy(self):
        self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        ).action_confirm()

    def run_night(self):
        """The nightly runs, facts and stages first."""
        with self.enter_registry_test_mode():
            for name in (
                "crm_lifecycle.ir_cron_customer_metrics_refresh",
                "crm_churn.ir_cron_churn_alert_raise",
            ):
                self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()

    def get_alerts(self):
        return self.env["crm.churn.alert"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_silence_raises_an_alert_and_a_purchase_closes_it(self):
        self.buy()
        with self.at(10):
            self.buy()
            self.assertEqual(self.customer.lifecycle_stage_id.key, "customer_active")
        with self.at(40):
            complaint = self.env["crm.feedback"].create(
                {"name": "Came too late", "partner_id": self.customer.id}
            )
        self.assertEqual(complaint.user_id, self.seller)
        self.assertEqual(complaint.lifecycle_stage_id.key, "customer_active")
        with self.at(60):
            self.run_night()
            self.assertFalse(self.get_alerts())
        with self.at(102):
            self.run_night()
        alert = self.get_alerts()
        self.assertEqual((alert.state, alert.user_id), ("new", self.seller))
        with self.at(192):
            self.run_night()
            self.assertEqual(self.customer.lifecycle_stage_id.key, "customer_dormant")
            self.assertEqual(self.get_alerts(), alert)
        with self.at(200):
            self.buy()
        self.assertEqual(self.customer.lifecycle_stage_id.key, "customer_active")
        self.assertEqual(alert.state, "saved")
        self.assertTrue(alert.recovered_date)
        self.assertEqual(complaint.lifecycle_stage_id.key, "customer_active")

    def test_the_stays_tell_the_whole_way(self):
        self.buy()
        for days in (10, 300):
            with self.at(days):
                self.run_night()
                self.buy()
        stays = self.env["crm.lifecycle.visit"].search(
            [("partner_id", "=", self.customer.id)], order="entered_date, id"
        )
        self.assertEqual(
            [stay.stage_id.key for stay in stays],
            ["customer_new", "customer_active", "customer_dormant", "customer_active"],
        )
        self.assertEqual(
            [stay.origin for stay in stays], ["event", "event", "auto", "event"]
        )
