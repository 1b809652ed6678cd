from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCommon):
    def test_new_feedback_has_number_date_and_customer(self):
        before = fields.Datetime.now() - timedelta(seconds=1)
        feedback = self._new_feedback()
        self.assertRegex(feedback.number, r"^FB\d{5}$")
        self.assertGreaterEqual(feedback.date, before)
        self.assertEqual(feedback.commercial_partner_id, self.customer)
        self.assertEqual((feedback.kind, feedback.severity), ("complaint", "normal"))
        self.assertEqual(feedback.display_name, f"{feedback.number} A chair is broken")

    def test_numbers_go_up_and_are_found(self):
        first, second = self._new_feedback(), self._new_feedback(name="A lamp is dark")
        self.assertLess(first.number, second.number)
        found = self.env["crm.feedback"].name_search(second.number)
        self.assertEqual([record_id for record_id, _name in found], second.ids)
        found = self.env["crm.feedback"].name_search("lamp is dark")
        self.assertEqual([record_id for record_id, _name in found], second.ids)

    def test_form_needs_a_subject_only(self):
        with Form(self.env["crm.feedback"].with_user(self.agent)) as form:
            form.name = "Nobody answers the phone"
        self.assertEqual(form.record.user_id, self.agent)
        self.assertEqual(form.record.state, "assigned")

    def test_blank_subjects_are_refused(self):
        for name in ("", " ", "\n\t", "\u200b", "\x00"):
            with self.subTest(name=name), self.assertRaises(ValidationError) as error:
                self._new_feedback(name=name)
            self.assertIn("in a few words", str(error.exception))
        feedback = self._new_feedback()
        with self.assertRaises(ValidationError):
            feedback.name = "   "

    def test_subject_is_one_line_of_limited_length(self):
        self.assertEqual(self._new_feedback(name=" Two\n lines ").name, "Two lines")
        self._new_feedback(name="x" * 200)
        with self.assertRaises(ValidationError) as error:
            self._new_feedback(name="x" * 201)
        self.assertIn("201", str(error.exception))

    def test_any_text_is_kept_as_it_is(self):
        for text in (
            "<script>alert(1)</script>{{ 7*7 }} ${x}",
            "'; DROP TABLE crm_feedback; --",
            "👍🏽 很好 \u202eabc",
            "x" * 1_000_000,
        ):
            with self.subTest(text=text[:20]):
                feedback = self._new_feedback(description=text, solution=text)
                feedback.action_solve()
                self.env.flush_all()
                feedback.invalidate_recordset()
                self.assertEqual(feedback.description, text)
                self.assertEqual(feedback.solution, text)

    def test_characters_the_database_cannot_hold_are_dropped(self):
        feedback = self._new_feedback(name="a\x00b", description="c\x00d")
        self.env.flush_all()
        self.assertEqual((feedback.name, feedback.description), ("ab", "cd"))

    def test_text_is_escaped_in_the_chatter(self):
        feedback = self._new_feedback()
        feedback.name = "<img src=x onerror=alert(1)>"
        self.env.flush_all()
        self.cr.precommit.run()
        bodies = "".join(
            str(body or "") for body in feedback.message_ids.mapped("body")
        )
        self.assertNotIn("<img", bodies)

    def test_it_cannot_come_from_the_future(self):
        with self.assertRaises(ValidationError) as error:
            self._new_feedback(date=fields.Datetime.now() + timedelta(days=3))
        self.assertIn("future", str(error.exception))

    def test_what_the_system_records_cannot_be_written(self):
        feedback = self._new_feedback()
        stage = self.env.ref("crm_lifecycle.stage_customer_lost")
        for values in (
            {"number": "FB99999"},
            {"close_date": fields.Datetime.now()},
            {"reopen_count": 0},
            {"lifecycle_stage_id": stage.id},
        ):
            with self.subTest(values=values):
                with self.assertRaises(UserError):
                    feedback.write(values)
                with self.assertRaises(UserError):
                    self._new_feedback(**values)
        model = self.env["crm.feedback"].with_user(self.agent)
        with self.assertRaises(UserError):
            model.with_context(default_reopen_count=7).create({"name": "Forged"})

    def test_stage_of_the_time_stays_when_the_customer_moves_on(self):
        active = self.env.ref("crm_lifecycle.stage_customer_active")
        dormant = self.env.ref("crm_lifecycle.stage_customer_dormant")
        self.customer._lifecycle_move(active)
        feedback = self._new_feedback()
        self.assertEqual(feedback.lifecycle_stage_id, active)
        self.customer._lifecycle_move(dormant)
        feedback.invalidate_recordset()
        self.assertEqual(feedback.lifecycle_stage_id, active)
        self.assertEqual(self._new_feedback().lifecycle_stage_id, dormant)

    def test_copy_starts_again(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        copy = feedback.copy()
        self.assertEqual(copy.name, "A chair is broken (copy)")
        self.assertNotEqual(copy.number, feedback.number)
        self.assertEqual(copy.state, "assigned")
        self.assertFalse(copy.solution or copy.solved_date)
        self.assertTrue(self._new_feedback(name="y" * 200).copy().name)

    def test_only_new_feedback_is_deleted(self):
        handled = self._new_feedback(user=self.manager)
        with self.assertRaises(UserError) as error:
            handled.unlink()
        self.assertIn("history is kept", str(error.exception))
        self._new_unassigned().with_user(self.manager).unlink()

    def test_category_name_is_used_once(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.env["crm.feedback.category"].create({"name": "Trucks"})

    def test_category_counts_and_opens_its_feedback(self):
        feedback = self._new_feedback(category_id=self.category.id)
        self.assertEqual(self.category.feedback_count, 1)
        domain = self.category.action_view_feedback()["domain"]
        self.assertEqual(self.env["crm.feedback"].search(domain), feedback)
