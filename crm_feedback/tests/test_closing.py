from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.crm_feedback_closing import CLOSING_ACTIVITY, REVISIT_ACTIVITY
from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestClosing(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "carla@customer.example"

    def _solved(self, **values):
        feedback = self._new_feedback(**values)
        self._solve(feedback)
        return feedback

    def _ask(self, feedback):
        """Run the hourly job; the mails that it wrote for ``feedback``."""
        before = self._mails(feedback)
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_feedback.ir_cron_feedback_confirm"
            ).method_direct_trigger()
        return self._mails(feedback) - before

    def _mails(self, feedback):
        """Those to customers; colleagues get theirs too."""
        mails = self.env["mail.mail"].search(
            [("model", "=", "crm.feedback"), ("res_id", "in", feedback.ids)]
        )
        return mails.filtered(lambda mail: mail.recipient_ids & feedback.partner_id)

    def test_a_complaint_needs_its_cause_and_a_correction(self):
        feedback = self._solved(cause_id=False, no_measure_reason=False)
        with self.assertRaises(UserError) as error:
            feedback.action_close()
        self.assertIn("name its root cause", str(error.exception))
        self.assertIn("corrective action", str(error.exception))
        feedback.cause_id = self.env.ref("crm_feedback.cause_people_silence")
        with self.assertRaisesRegex(UserError, "corrective action"):
            feedback.action_close()
        feedback.measure_ids = [(0, 0, {"name": "A second person on Fridays"})]
        feedback.action_close()
        self.assertEqual((feedback.state, feedback.outcome), ("closed", "closed"))
        self.assertEqual(feedback.measure_ids.cause_id, feedback.cause_id)

    def test_other_kinds_and_a_relaxed_company_need_none(self):
        empty = {"cause_id": False, "no_measure_reason": False}
        praise = self._solved(kind="praise", **empty)
        praise.action_close()
        self.assertEqual(praise.state, "closed")
        self.env["ir.config_parameter"].set_param(
            "crm_feedback.close_without_cause", "True"
        )
        complaint = self._solved(**empty)
        complaint.action_close()
        self.assertEqual(complaint.state, "closed")

    def test_confirmed_by_word_of_mouth_is_said_so(self):
        feedback = self._solved()
        feedback.action_record_confirmation()
        self.assertEqual((feedback.state, feedback.outcome), ("closed", "reported"))
        self.assertTrue(feedback.confirmed_date)
        self.assertIn(
            "word of mouth", feedback.message_ids[0].body + feedback.message_ids[1].body
        )
        with self.assertRaisesRegex(UserError, "only what is solved"):
            self._new_feedback().action_record_confirmation()

    def test_what_is_confirmed_waits_for_its_cause_then_ends_by_itself(self):
        feedback = self._solved(cause_id=False)
        feedback.action_record_confirmation()
        self.assertEqual(feedback.state, "solved")
        asked = feedback.sudo().activity_search([CLOSING_ACTIVITY])
        self.assertEqual(asked.user_id, self.agent)
        self.assertIn("name its root cause", feedback.closing_hint)
        feedback.cause_id = self.env.ref("crm_feedback.cause_delivery_late")
        self.assertEqual((feedback.state, feedback.outcome), ("closed", "reported"))
        self.assertFalse(feedback.sudo().activity_search([CLOSING_ACTIVITY]))

    def test_recorded_fields_are_nobodys_to_write(self):
        feedback = self._solved()
        for name, value in (
            ("outcome", "confirmed"),
            ("confirmed_date", fields.Datetime.now()),
            ("ask_date", fields.Datetime.now()),
            ("link_version", 5),
        ):
            with self.subTest(name=name), self.assertRaises(UserError):
                feedback.with_user(self.manager).write({name: value})

    def test_asked_reminded_and_ended_without_an_answer(self):
        start = fields.Datetime.now()
        feedback = self._solved()
        first = self._ask(feedback)
        self.assertEqual(len(first), 1)
        self.assertIn("/feedback/confirm/", first.body_html)
        self.assertIn(feedback.number, first.subject)
        self.assertTrue(feedback.ask_date and feedback.answered_date)
        self.assertFalse(self._ask(feedback), "asked once")
        with freeze_time(start + timedelta(days=3, hours=1)):
            self.assertIn("One click", self._ask(feedback).subject)
            self.assertFalse(self._ask(feedback), "reminded once")
        with freeze_time(start + timedelta(days=9)):
            self.assertFalse(self._ask(feedback))
            self.assertEqual(feedback.state, "solved")
        with freeze_time(start + timedelta(days=11)):
            self.assertFalse(self._ask(feedback))
        self.assertEqual((feedback.state, feedback.outcome), ("closed", "no_answer"))
        self.assertFalse(feedback.confirmed_date)

    def test_silence_does_not_end_what_people_close(self):
        start = fields.Datetime.now()
        self.category.is_closed_by_hand = True
        feedback = self._solved(category_id=self.category.id)
        for days in (0, 4, 30):
            with freeze_time(start + timedelta(days=days)):
                self._ask(feedback)
        self.assertEqual(feedback.state, "solved")

    def test_nobody_is_asked_who_should_not_be(self):
        self.env["mail.blacklist"].create({"email": "black@customer.example"})
        black, gone, none = self.env["res.partner"].create(
            [
                {"name": "Black", "email": "black@customer.example"},
                {"name": "Gone", "email": "gone@customer.example"},
                {"name": "None"},
            ]
        )
        cases = self.env["crm.feedback"]
        for partner, reason in (
            (black, "blacklisted"),
            (gone, "archived"),
            (none, "no e-mail"),
        ):
            feedback = self._solved(partner_id=partner.id, user_id=self.agent.id)
            partner.active = partner != gone
            cases |= feedback
            self.assertFalse(self._ask(feedback))
            self.assertIn(reason, feedback.message_ids[0].body)
            self.assertTrue(feedback.sudo().activity_search([CLOSING_ACTIVITY]))
        posted = len(cases.message_ids)
        self._ask(cases)
        self.assertEqual(len(cases.message_ids), posted, "said once")
        praise = self._solved(kind="praise")
        self.assertFalse(self._ask(praise))
        self.env["ir.config_parameter"].set_param(
            "crm_feedback.skip_confirmation", "True"
        )
        self.assertFalse(self._ask(self._solved()))

    def test_history_asks_nobody(self):
        old = fields.Datetime.now() - timedelta(days=30)
        feedback = (
            self.env["crm.feedback"]
            .sudo()
            .create(
                {
                    "name": "Old",
                    "partner_id": self.contact.id,
                    "state": "solved",
                    "solution": "Done.",
                    "solved_date": old,
                    "date": old,
                }
            )
        )
        self.assertFalse(self._ask(feedback))

    def test_one_that_fails_leaves_the_others_alone(self):
        bad, good = self._solved(), self._solved()
        original = type(bad)._ask_customer

        def fail(records):
            if records == bad.sudo():
                raise ValueError("broken template")
            return original(records)

        self.patch(type(bad), "_ask_customer", fail)
        with self.assertLogs("odoo.addons.crm_feedback", "ERROR") as logs:
            self._ask(bad | good)
        self.assertIn(str(bad.id), logs.output[0])
        self.assertTrue(good.ask_date)
        self.assertFalse(bad.ask_date)

    def test_a_call_is_planned_after_a_complaint(self):
        feedback = self._solved()
        feedback.action_close()
        call = feedback.sudo().activity_search([REVISIT_ACTIVITY])
        today = fields.Date.context_today(feedback)
        self.assertEqual(call.date_deadline, today + timedelta(days=14))
        feedback.action_reopen()
        self.assertFalse(feedback.sudo().activity_search([REVISIT_ACTIVITY]))

    def test_reopening_forgets_how_it_ended(self):
        feedback = self._solved()
        feedback.action_record_confirmation()
        feedback.action_reopen()
        self.assertFalse(feedback.outcome or feedback.confirmed_date)
        self.assertTrue(feedback.cause_id, "what was found out stays")

    def test_settings_take_sensible_numbers(self):
        settings = self.env["res.config.settings"]
        with self.assertRaisesRegex(ValidationError, "Reminder After"):
            settings.create({"feedback_remind_days": 0})
        settings.create({"feedback_skip_revisit": True}).execute()
        feedback = self._solved()
        feedback.action_close()
        self.assertFalse(feedback.sudo().activity_search([REVISIT_ACTIVITY]))


@tagged("post_install", "-at_install")
class TestCause(FeedbackCommon):
    def test_causes_are_a_tree(self):
        cause = self.env.ref("crm_feedback.cause_delivery_late")
        self.assertEqual(cause.display_name, "Delivery / Later than Promised")
        with self.assertRaisesRegex(UserError, "Recursion"), self.cr.savepoint():
            cause.parent_id.parent_id = cause
        self.env.invalidate_all()
        self._new_feedback(cause_id=cause.id)
        self.assertEqual(cause.parent_id.feedback_count, cause.feedback_count)

    def test_a_cause_that_comes_again_is_proposed_as_a_change(self):
        process = self.env["crm.lifecycle.process"].create({"name": "Care"})
        stage = self.env["crm.lifecycle.stage"].create(
            {"name": "Served", "process_id": process.id}
        )
        cause = self.env.ref("crm_feedback.cause_people_handover")
        records = self.env["crm.feedback"]
        for _number in range(3):
            records |= self._new_feedback(cause_id=cause.id)
        records.flush_recordset()
        self.cr.execute(
            "UPDATE crm_feedback SET lifecycle_stage_id = %s WHERE id = ANY(%s)",
            [stage.id, records.ids],
        )
        records.invalidate_recordset()
        suggestions = self.env["crm.lifecycle.suggestion"]
        suggestions._refresh(process)
        found = suggestions.search(
            [("process_id", "=", process.id), ("source", "=", "feedback")]
        )
        self.assertEqual(found.stage_id, stage)
        self.assertIn("3 complaints of 1 customers", found.evidence)
        self.assertIn("Lost in a Hand-over", found.name)
        records[0].cause_id = False
        suggestions._refresh(process)
        self.assertFalse(found.exists(), "two are an accident")

    def test_corrective_actions_have_an_owner_who_is_reminded(self):
        feedback = self._new_feedback()
        measure = (
            self.env["crm.feedback.measure"]
            .with_user(self.agent)
            .create({"name": " Guards\n in boxes ", "feedback_id": feedback.id})
        )
        self.assertEqual(measure.name, "Guards in boxes")
        self.assertEqual(measure.activity_ids.user_id, self.agent)
        measure.write({"user_id": self.colleague.id})
        self.assertEqual(measure.sudo().activity_ids.user_id, self.colleague)
        mine = measure.with_user(self.colleague)
        mine.date_deadline = fields.Date.today() - timedelta(days=1)
        self.assertEqual(mine.state, "late")
        mine.action_done()
        self.assertEqual((mine.state, mine.activity_ids.ids), ("done", []))
        mine.action_undo()
        self.assertEqual(mine.state, "late")
        with self.assertRaises(ValidationError):
            mine.user_id = self.clerk
        with self.assertRaisesRegex(ValidationError, "what is to be done"):
            mine.name = " \u200b "

    def test_corrective_actions_of_others_are_closed(self):
        feedback = self._new_unassigned(user_id=self.leader.id)
        measure = (
            self.env["crm.feedback.measure"]
            .with_user(self.leader)
            .create({"name": "Guards", "feedback_id": feedback.id})
        )
        self.assertFalse(measure.with_user(self.colleague).has_access("read"))
        self.assertTrue(measure.with_user(self.manager).has_access("write"))
        self.assertFalse(measure.with_user(self.clerk).has_access("read"))
