from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TemplateCase

MONDAY = datetime(2026, 3, 2, 8)  # 9:00 in Brussels


@tagged("post_install", "-at_install")
class TestFlowGoverned(TemplateCase):
    """The nine steps at work: limits, exceptions, the hand-over and onboarding."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller, cls.leader, cls.director, cls.technician = (
            new_test_user(
                cls.env, f"governed_{name}", groups=f"sales_team.group_sale_{group}"
            )
            for name, group in (
                ("seller", "salesman"),
                ("leader", "salesman_all_leads"),
                ("director", "manager"),
                ("technician", "salesman_all_leads"),
            )
        )
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office hours", "tz": "Europe/Brussels", "company_id": False}
        )
        cls.env.company.resource_calendar_id = cls.calendar
        for xmlid, user in (
            ("crm_lifecycle.role_management", cls.director),
            ("crm_lifecycle_suite.role_operations", cls.technician),
        ):
            cls.env.ref(xmlid).user_ids = [Command.set(user.ids)]
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Has Signed",
                "is_company": True,
                "email": "office@signed.example.com",
                "user_id": cls.seller.id,
            }
        )

    def publish_nine_steps(self):
        process = self.publish("process_nine_steps")
        process.team_ids.write(
            {"user_id": self.leader.id, "member_ids": [self.seller.id]}
        )
        self.stages = {stage.key: stage for stage in process.stage_ids}
        return process

    def new_lead(self):
        """A lead in the first stage, made by the salesperson."""
        return (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create(
                {
                    "name": "Opportunity",
                    "type": "opportunity",
                    "user_id": self.seller.id,
                    "team_id": self.stages["closing"].process_id.team_ids.id,
                    "partner_id": self.customer.id,
                    "stage_id": self.stages["lead_capture"].crm_stage_id.id,
                }
            )
        )

    def win(self, lead):
        for key in (
            "screening",
            "first_contact",
            "needs_diagnosis",
            "proposal",
            "negotiation",
            "closing",
        ):
            self.move_on(lead, self.stages[key])
        self.assertEqual(lead.won_status, "won")

    def escalate(self):
        cron = self.env.ref("crm_lifecycle.ir_cron_sla_escalate")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def get_told(self, lead):
        """Who has been told of the running limit of ``lead``, in the order of time."""
        timers = self.env["crm.sla.timer"].search(
            [("lead_id", "=", lead.id), ("done_date", "=", False)]
        )
        return timers.escalation_ids.sorted("id").mapped("user_ids.login")

    def test_a_late_lead_escalates_once_and_then_higher(self):
        with freeze_time(MONDAY):
            self.publish_nine_steps()
            lead = self.new_lead()
            self.assertEqual(lead.lifecycle_timer_state, "running")
        with freeze_time(MONDAY + timedelta(hours=4, minutes=30)):
            self.escalate()
            self.assertEqual(lead.lifecycle_timer_state, "soon")
            self.assertEqual(self.get_told(lead), [])
        with freeze_time(MONDAY + timedelta(hours=5, minutes=30)):
            for _time in range(3):
                self.escalate()
            self.assertEqual(lead.lifecycle_timer_state, "late")
            self.assertEqual(self.get_told(lead), ["governed_seller"])
            mine = lead.activity_ids.filtered(lambda a: a.user_id == self.seller)
            self.assertEqual(len(mine), 1)
        with freeze_time(MONDAY + timedelta(days=3)):
            self.escalate()
            self.assertEqual(
                self.get_told(lead),
                ["governed_seller", "governed_leader", "governed_director"],
            )

    def test_an_exception_needs_both_and_is_on_the_path(self):
        self.publish_nine_steps()
        management = self.env.ref("crm_lifecycle.role_management")
        self.env["crm.approval.rule"].create(
            {
                "name": "Leader and management",
                "kind": "exception",
                "line_ids": [
                    Command.create({"approver_type": "team_leader"}),
                    Command.create({"approver_type": "role", "role_id": management.id}),
                ],
            }
        )
        lead = self.new_lead()
        kind = self.env.ref("crm_lifecycle.exception_kind_skip")
        exception = self.env["crm.lifecycle.exception"].browse(
            lead.request_lifecycle_exception(
                self.stages["needs_diagnosis"].id, kind.id, "They know what they want"
            )
        )
        request = exception.approval_request_id
        with self.assertRaises(UserError):
            request.with_user(self.seller)._decide(True)
        request.with_user(self.leader)._decide(True)
        self.assertEqual(lead.lifecycle_stage_id, self.stages["lead_capture"])
        request.with_user(self.director)._decide(True, "Fine")
        self.assertEqual(lead.lifecycle_stage_id, self.stages["needs_diagnosis"])
        skipped = self.stages["screening"] | self.stages["first_contact"]
        self.assertEqual(exception.skipped_stage_ids, skipped)
        marks = lead.get_lifecycle_path()[-1]["marks"]
        self.assertTrue(any("Skipped" in mark["label"] for mark in marks))

    def test_signing_hands_over_and_onboarding_has_four_dates(self):
        with freeze_time(MONDAY):
            self.publish_nine_steps()
            self.win(self.new_lead())
            self.assertEqual(self.customer.lifecycle_stage_id.key, "delivery")
            handover = self.env["crm.lifecycle.handover"].search(
                [("partner_id", "=", self.customer.id)]
            )
            self.assertEqual(handover.receiver_ids, self.technician)
            handover.with_user(self.technician).action_accept()
        types = self.stages["delivery"].plan_id.template_ids.activity_type_id
        steps = self.customer.activity_ids.filtered(
            lambda activity: activity.activity_type_id in types
        )
        dates = [fields.Date.to_string(day) for day in steps.mapped("date_deadline")]
        self.assertEqual(
            sorted(dates), ["2026-03-02", "2026-03-03", "2026-03-09", "2026-06-02"]
        )
        self.assertEqual(steps.user_id, self.technician)

    def test_onboarding_begins_once(self):
        with freeze_time(MONDAY):
            self.publish_nine_steps()
            self.win(self.new_lead())
            first = self.customer.activity_ids
            self.win(self.new_lead())
        self.assertEqual(self.customer.activity_ids, first)
