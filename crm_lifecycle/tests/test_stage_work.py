from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import NOW
from .test_role import RoleCommon


class WorkCommon(RoleCommon):
    """The second pipeline stage has a plan of two steps."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.qualified = cls.process.stage_ids.filtered(
            lambda s: s.crm_stage_id == cls.pipeline_qualified
        )
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.todo = cls.env.ref("mail.mail_activity_data_todo")
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "Qualify",
                "res_model": "crm.lead",
                "template_ids": [
                    (
                        0,
                        0,
                        {"activity_type_id": cls.call.id, "summary": "Ask for budget"},
                    ),
                    (
                        0,
                        0,
                        {
                            "activity_type_id": cls.todo.id,
                            "summary": "Check contract",
                            "responsible_type": "other",
                            "responsible_id": cls.lawyer.id,
                            "delay_count": 1,
                            "delay_unit": "months",
                            "delay_from": "after_plan_date",
                        },
                    ),
                ],
            }
        )
        cls.qualified.sudo().plan_id = cls.plan

    def _qualify(self, leads=None):
        (leads or self.lead).with_user(self.manager).stage_id = self.pipeline_qualified


@tagged("post_install", "-at_install")
class TestStagePlan(WorkCommon):
    @freeze_time(NOW)
    def test_entering_schedules_the_steps_for_those_who_do_them(self):
        self.assertFalse(self.lead.activity_ids)
        self._qualify()
        first, second = self.lead.activity_ids.sorted("date_deadline")
        self.assertEqual(first.summary, "Ask for budget")
        self.assertEqual(first.user_id, self.seller)
        self.assertEqual(first.date_deadline, date(2026, 3, 2))
        self.assertEqual(second.user_id, self.lawyer)
        self.assertEqual(second.date_deadline, date(2026, 4, 2))

    def test_no_message_and_no_mail_go_out(self):
        messages = self.lead.message_ids
        before = self.env["mail.mail"].search_count([])
        self._qualify()
        self.assertEqual(self.lead.message_ids, messages)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_a_lead_that_comes_back_gets_the_plan_only_when_wanted(self):
        self._qualify()
        done = self.lead.activity_ids.filtered(lambda a: a.user_id == self.seller)
        done.action_done()
        self.lead.stage_id = self.pipeline_new
        self._qualify()
        self.assertEqual(len(self.lead.activity_ids), 1, "once")
        self.qualified.sudo().plan_each_entry = True
        self.lead.stage_id = self.pipeline_new
        self._qualify()
        self.assertEqual(len(self.lead.activity_ids), 2, "what is open is not doubled")

    def test_lost_imported_and_rebuilt_leads_get_no_plan(self):
        lost = self._new_leads()
        lost.action_set_lost()
        imported = self._new_leads()
        imported.with_context(import_file=True).stage_id = self.pipeline_qualified
        self.assertFalse(imported.activity_ids)
        lead = self._new_leads(stage_id=self.pipeline_qualified.id)
        lead.activity_ids.unlink()
        self._visits(lead).sudo().unlink()
        lead._lifecycle_rebuild_history()
        self.assertEqual(lead.lifecycle_stage_id, self.qualified)
        self.assertFalse((lead | lost).activity_ids)

    def test_a_step_of_somebody_who_left_goes_to_the_responsible(self):
        self.lawyer.active = False
        self._qualify()
        self.assertEqual(self.lead.activity_ids.user_id, self.seller)

    def test_without_anybody_the_steps_are_there_for_everybody(self):
        self.lawyer.active = False
        self.team.user_id = False
        self.process.user_id = False
        lead = self._new_leads(user_id=False)
        self._qualify(lead)
        self.assertEqual(len(lead.activity_ids), 2)
        self.assertFalse(lead.activity_ids.user_id)

    def test_a_broken_plan_does_not_keep_a_lead_from_moving(self):
        steps = type(self.env["mail.activity.plan.template"])
        with (
            patch.object(steps, "_determine_responsible", side_effect=ValueError),
            self.assertLogs("odoo.addons.crm_lifecycle", "WARNING") as logs,
        ):
            self._qualify()
        self.assertEqual(self.lead.lifecycle_stage_id, self.qualified)
        self.assertFalse(self.lead.activity_ids)
        self.assertIn(self.qualified.name, logs.output[0])

    def test_merged_leads_keep_one_of_each_step(self):
        leads = self._new_leads(3)
        self._qualify(leads)
        by_hand = leads[1].activity_schedule(
            activity_type_id=self.call.id, summary="Ask for budget", automated=False
        )
        merged = leads.merge_opportunity()
        self.assertEqual(
            sorted((merged.activity_ids - by_hand).mapped("summary")),
            ["Ask for budget", "Check contract"],
        )
        self.assertIn(by_hand, merged.activity_ids)
        self._qualify(merged)
        self.assertEqual(len(merged.activity_ids), 3)

    def test_a_seller_moves_and_colleagues_get_their_steps(self):
        self.lead.with_user(self.seller).stage_id = self.pipeline_qualified
        self.assertEqual(self.lead.activity_ids.user_id, self.seller | self.lawyer)

    def test_a_plan_for_other_records_is_refused(self):
        plan = self.plan.copy({"res_model": "res.partner", "template_ids": False})
        with self.assertRaises(ValidationError):
            self.qualified.sudo().plan_id = plan
        with self.assertRaises(ValidationError):
            self.new.sudo().plan_id = self.plan

    def test_process_managers_make_plans_for_leads_and_customers(self):
        process_manager = self._new_user(
            "planner", "crm_lifecycle.group_crm_lifecycle_manager"
        )
        for user in (self.manager, process_manager):
            for model in ("crm.lead", "res.partner"):
                plan = self.env["mail.activity.plan"].with_user(user)
                plan = plan.create(
                    {"name": "P", "res_model": model, "template_ids": [(0, 0, {})]}
                )
                plan.name = "Q"
                plan.unlink()
        with self.assertRaises(AccessError):
            self.plan.with_user(self.seller).name = "R"

    def test_a_thousand_leads_get_their_steps_in_one_batch(self):
        counts = []
        for number in (20, 1000):
            leads = self._new_leads(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads._lifecycle_start_plan(self.qualified)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(leads.activity_ids), 2 * number)
        self.assertLess(counts[1], 100, "less than 0.1 per lead")


@tagged("post_install", "-at_install")
class TestStageFollowers(WorkCommon):
    def test_consulted_and_informed_follow_the_accountable_does_not(self):
        self._add_role("consulted", user_id=self.expert.id, stage=self.qualified)
        self._add_role("informed", "role", role_id=self.legal.id, stage=self.qualified)
        self._add_role("accountable", user_id=self.leader.id, stage=self.qualified)
        self.qualified.sudo().plan_id = False
        self._qualify()
        followers = self.lead.message_partner_ids
        self.assertLessEqual(self.legal.user_ids.partner_id, followers)
        self.assertNotIn(self.leader.partner_id, followers)

    def test_who_follows_goes_on_following(self):
        fan = self._new_user("fan")
        self.lead.message_subscribe(fan.partner_id.ids)
        self._add_role("informed", user_id=self.expert.id, stage=self.qualified)
        self._qualify()
        self.lead.stage_id = self.pipeline_new
        self.assertIn(fan.partner_id, self.lead.message_partner_ids)
        self.assertIn(self.expert.partner_id, self.lead.message_partner_ids)

    def test_following_does_not_open_a_lead_that_odoo_keeps_closed(self):
        self._add_role("consulted", user_id=self.expert.id, stage=self.qualified)
        self._qualify()
        self.assertIn(self.expert.partner_id, self.lead.message_partner_ids)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.expert).check_access("read")
        with self.assertRaises(AccessError):
            self.lead.with_user(self.lawyer).check_access("read")


@tagged("post_install", "-at_install")
class TestStageMail(WorkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Hello",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello {{ object.name }}",
                "body_html": "<p>Welcome</p>",
                "partner_to": "{{ object.id }}",
            }
        )
        cls.new.sudo().write({"mail_template_id": cls.template.id, "plan_id": False})
        cls.customer.email = "hello@customer.example.com"

    def _mails(self, partner=None):
        partner = partner or self.customer
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )

    def test_the_mail_is_queued_once_per_customer(self):
        self.customer._lifecycle_move(self.new)
        self.assertEqual(self._mails().state, "outgoing")
        self.assertEqual(self._mails().recipient_ids, self.customer)
        self.customer._lifecycle_move(self.active)
        self.customer._lifecycle_move(self.new)
        self.assertEqual(len(self._mails()), 1)

    def test_who_cannot_be_mailed_gives_a_task_to_the_responsible(self):
        silent = self.customer.copy({"email": False})
        blocked = self.customer.copy({"email": "no@customer.example.com"})
        self.env["mail.blacklist"]._add("no@customer.example.com")
        (silent | blocked)._lifecycle_move(self.new)
        self.assertFalse(self._mails(silent) | self._mails(blocked))
        self.assertEqual((silent | blocked).activity_ids.user_id, self.seller)
        self.assertIn("no address", silent.activity_ids.summary)
        self.assertIn("opted out", blocked.activity_ids.summary)

    def test_archived_and_imported_customers_are_not_mailed(self):
        archived = self.customer.copy({"active": False})
        imported = self.customer.copy()
        archived._lifecycle_move(self.new)
        imported.with_context(import_file=True)._lifecycle_move(self.new)
        self.assertFalse(self._mails(archived) | self._mails(imported))
        self.assertFalse((archived | imported).activity_ids)

    def test_a_broken_template_does_not_keep_a_customer_from_moving(self):
        with (
            patch.object(
                type(self.template), "send_mail_batch", side_effect=ValueError
            ),
            self.assertLogs("odoo.addons.crm_lifecycle", "WARNING"),
        ):
            self.customer._lifecycle_move(self.new)
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
