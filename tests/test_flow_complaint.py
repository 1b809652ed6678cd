from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestFlowComplaint(TransactionCase):
    """One complaint, from the public form to the health of the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now()
        cls.seller, cls.fitter = (
            new_test_user(cls.env, login, groups="sales_team.group_sale_salesman")
            for login in ("seller_complaint", "fitter_complaint")
        )
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Loud Cafe",
                "is_company": True,
                "user_id": cls.seller.id,
                "email": "loud@cafe.example",
            }
        )
        cls.env["crm.feedback.route"].create(
            {
                "name": "Complaints to the workshop",
                "kind": "complaint",
                "sequence": 0,
                "member_ids": cls.fitter.ids,
                "supervisor_id": cls.seller.id,
            }
        )
        product = cls.env["product.product"].create({"name": "Grinder"})
        cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        ).action_confirm()

    def at(self, days):
        """Freeze the clock so many days after the start."""
        return freeze_time(self.start + timedelta(days=days))

    def run_jobs(self, *names):
        with self.enter_registry_test_mode():
            for name in names:
                self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()

    def get_mails(self, case, text):
        mails = self.env["mail.mail"].search(
            [("model", "=", "crm.feedback"), ("res_id", "=", case.id)]
        )
        return mails.filtered(lambda mail: text in (mail.subject or ""))

    def get_health(self):
        self.run_jobs("crm_lifecycle.ir_cron_customer_metrics_refresh")
        return self.env["crm.churn.score"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def write_in(self):
        """What the public form does with a post."""
        case = self.env["crm.feedback"]._take_in(
            {
                "description": "The grinder stops every morning.",
                "kind": "complaint",
                "channel": "web",
                "partner_id": self.customer.id,
                "company_id": self.env.company.id,
            }
        )
        case._acknowledge()
        return case

    def test_from_the_form_to_the_customers_last_word(self):
        with self.at(5):
            self.assertEqual(self.get_health().score, 100)
            case = self.write_in()
            self.assertEqual(
                (case.user_id, case.supervisor_id), (self.fitter, self.seller)
            )
            self.assertTrue(self.get_mails(case, "We have got it"))
            self.assertEqual(set(case.timer_ids.mapped("state")), {"running"})
        with self.at(15):
            self.run_jobs("crm_lifecycle.ir_cron_sla_escalate")
            self.assertEqual(case.timer_state, "late")
            health = self.get_health()
            complaint = self.env.ref("crm_churn.signal_complaint")
            self.assertIn(complaint, health.signal_ids)
            self.assertLess(health.score, 100)
            work = case.with_user(self.fitter)
            work.write({"solution": "The motor was cleaned."})
            work.action_solve()
            self.run_jobs("crm_feedback.ir_cron_feedback_confirm")
            self.assertTrue(self.get_mails(case, "Have we solved it?"))
            self.assertEqual(case._take_verdict(0, False, "No!"), "reopened")
        with self.at(16):
            work.write(
                {
                    "solution": "The motor was replaced.",
                    "cause_id": self.env.ref("crm_feedback.cause_product_defect").id,
                    "measure_ids": [Command.create({"name": "Another supplier"})],
                }
            )
            work.action_solve()
            self.assertEqual(case._take_verdict(1, True, "At last."), "confirmed")
            self.assertEqual((case.state, case.outcome), ("closed", "confirmed"))
            response = case._ask_on_page()
            self.assertTrue(response, "asked on the same page")
            response._take_answer(1, "It took much too long.")
            again = response.case_id
            self.assertEqual((again.kind, again.channel), ("complaint", "survey"))
            self.assertEqual(again.user_id, self.fitter)
        self.assertTrue(case.timer_ids.filtered(lambda timer: timer.state == "missed"))
