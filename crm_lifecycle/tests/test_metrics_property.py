import random
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import NOW
from .test_metrics_common import NightlyCommon

ROUNDS = 30


@tagged("post_install", "-at_install")
class TestMetricsProperty(NightlyCommon):
    """Random histories: what the nightly runs make of them is what is true."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(19)
        self.partners = self.env["res.partner"].create(
            [{"name": f"Company {n}", "is_company": True} for n in range(14)]
        )
        self.contacts = self.env["res.partner"].create(
            [
                {"name": f"Contact {n}", "parent_id": self.partners[n % 14].id}
                for n in range(14)
            ]
        )
        self.now = NOW
        self.orders = self.env["sale.order"]
        self.moves = self.env["account.move"]

    def _pick(self, records):
        return self.random.choice(list(records)) if records else records

    def _pick_partner(self):
        return self._pick(self.partners | self.contacts)

    def _act_order(self):
        self.orders |= self._sell(
            self.random.randint(-30, 900),
            self.random.choice([-20.0, 0.0, 15.5, 99.99]),
            partner=self._pick_partner(),
            company=self._pick(self.company | self.other_company),
            state=self.random.choice(["sale", "sale", "sale", "draft"]),
        )

    def _act_cancel(self):
        self._pick(self.orders)._action_cancel()

    def _act_backdate(self):
        if order := self._pick(self.orders):
            order.date_order -= timedelta(days=self.random.randint(1, 500))

    def _act_reprice(self):
        if order := self._pick(self.orders.filtered(lambda o: o.state != "cancel")):
            order.order_line.price_unit = self.random.randint(1, 50)

    def _act_hand_over(self):
        self._pick(self.orders).partner_id = self._pick_partner()

    def _act_delete(self):
        if order := self._pick(self.orders.filtered(lambda o: o.state != "sale")):
            self.orders -= order
            order.unlink()

    def _act_invoice(self):
        self.moves |= self._invoice(
            self.random.randint(-20, 800),
            self.random.choice([30.0, 12.34]),
            partner=self._pick_partner(),
            move_type=self.random.choice(["out_invoice", "out_invoice", "out_refund"]),
        )

    def _act_redraft(self):
        if move := self._pick(self.moves):
            if move.state == "posted":
                move.button_draft()
                move.partner_id = self._pick_partner()
            elif self.random.random() < 0.5:
                self.moves -= move
                move.unlink()
            else:
                move.action_post()

    def _act_message(self):
        self._write_message(
            self._pick(self._pick_partner() | self._pick(self.orders.partner_id)),
            self._pick(self.seller.partner_id | self.contacts),
            self.now,
        )

    def _act_meeting(self):
        stop = self.now + timedelta(days=self.random.randint(-20, 60))
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": stop - timedelta(hours=1),
                "stop": stop,
                "partner_ids": [Command.set(self._pick_partner().ids)],
            }
        )

    def _act_call(self):
        partner = self._pick_partner()
        call = partner.activity_schedule("mail.mail_activity_data_call")
        call.action_feedback()

    def _act_move_contact(self):
        self._pick(self.contacts).parent_id = self._pick(self.partners)

    def _act_stage(self):
        self._pick(self.partners)._lifecycle_move(self.active)

    def _act_merge(self):
        group = "partners" if self.random.random() < 0.5 else "contacts"
        records = getattr(self, group)
        if len(records) < 4:
            return
        gone, kept = self.random.sample(list(records), 2)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (gone | kept).ids, kept, extra_checks=False
        )
        setattr(self, group, records - gone)
        self.env.invalidate_all()

    def test_random_histories(self):
        acts = sorted(name for name in dir(self) if name.startswith("_act_"))
        rebuild_days = (
            "odoo.addons.crm_lifecycle.models.crm_customer_metrics_changes.REBUILD_DAYS"
        )
        with patch(rebuild_days, 9999):
            for number in range(ROUNDS):
                if number % 3 == 0:
                    self.now += timedelta(days=self.random.randint(0, 90))
                done = [self.random.choice(acts) for _ in range(5)]
                with freeze_time(self.now), self._do():
                    for name in done:
                        getattr(self, name)()
                    self.env.flush_all()
                self.assertIsNotNone(self._run(self.now))
                with self.subTest(number=number, done=done):
                    self.assertEqual(self._find_differences(self.now), [])
        self.assertGreater(self.Metrics.search_count([]), 5)
