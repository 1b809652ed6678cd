from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestDeparture(LifecycleCommon):
    """Nothing is left with a seller who leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._new_user("admin", "base.group_erp_manager")
        cls.successor = cls._new_user("successor", "sales_team.group_sale_salesman")
        cls.leads = cls._new_leads(3)
        cls.lost = cls.leads[2]
        cls.lost.action_set_lost()
        cls.open = cls.leads[:2]
        cls.task = cls.open[0].activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.seller.id
        )

    def _depart(self, **values):
        action = self.seller.with_user(self.admin).action_archive()
        wizard = self.env[action["res_model"]].with_user(self.admin)
        form = Form(wizard.with_context(**action["context"]))
        form.successor_id = self.successor
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def test_archiving_asks_what_becomes_of_the_open_records(self):
        wizard = self._depart()
        self.assertFalse(self.seller.active)
        self.assertIn("2 leads", wizard.summary)
        self.assertIn("1 tasks on them", wizard.summary)
        self.assertIn("Salesperson has left", self.open[1].lifecycle_attention)
        wizard.action_hand_over()
        self.assertEqual(self.open.user_id, self.successor)
        self.assertEqual(self.customer.user_id, self.successor)
        self.assertEqual(self.task.user_id, self.successor)
        self.assertEqual(self.lost.user_id, self.seller, "closed ones are history")
        self.assertIn("Left the company", self.open[0].message_ids[0].body)
        self.assertTrue(self._visits(self.open[0]), "its history goes with it")

    def test_the_successor_is_told_once(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        self._depart().action_hand_over()
        told = self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.successor.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertIn(self.open[0].name, told.body)

    def test_back_to_the_pools_the_rest_to_a_colleague(self):
        pool = self.env["crm.lead.pool"].create(
            {
                "name": "Open field",
                "res_model": "crm.lead",
                "domain": f"[('id', '=', {self.open[0].id})]",
            }
        )
        self._depart(destination="pool").action_hand_over()
        self.assertEqual(self.open[0].lifecycle_pool_id, pool)
        self.assertFalse(self.open[0].user_id)
        self.assertEqual(self.open[1].user_id, self.successor)
        self.assertFalse(self.open[1].lifecycle_pool_id)

    def test_whoever_has_nothing_leaves_without_questions(self):
        idle = self._new_user("idle", "sales_team.group_sale_salesman")
        self.assertFalse(idle.with_user(self.admin).action_archive())
        self.assertFalse(idle.active)

    def test_nobody_who_leaves_takes_over(self):
        wizard = self._depart()
        wizard.successor_id = self.seller
        with self.assertRaises(ValidationError):
            wizard.action_hand_over()
        self.assertEqual(self.open.user_id, self.seller, "nothing is half done")
