from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.crm_feedback_flow import TRANSITIONS
from .common import FeedbackCommon

NO_SOLUTION = "cannot be solved without a solution text"


@tagged("post_install", "-at_install")
class TestFlow(FeedbackCommon):
    def test_the_table_names_every_state(self):
        states = [
            value
            for value, _label in self.env["crm.feedback"]._fields["state"].selection
        ]
        self.assertEqual(list(TRANSITIONS), states)
        self.assertLessEqual(
            {s for targets in TRANSITIONS.values() for s in targets}, set(states)
        )

    def test_a_complaint_goes_all_the_way(self):
        feedback = self._new_unassigned().with_user(self.agent)
        self.assertEqual((feedback.state, feedback.is_open), ("new", True))
        self.assertFalse(feedback.assigned_date)
        feedback.action_assign_to_me()
        self.assertEqual((feedback.state, feedback.user_id), ("assigned", self.agent))
        self.assertTrue(feedback.assigned_date)
        self._solve(feedback)
        self.assertEqual(feedback.state, "solved")
        self.assertTrue(feedback.solved_date)
        self.assertTrue(feedback.is_open)
        feedback.action_close()
        self.assertEqual((feedback.state, feedback.is_open), ("closed", False))
        self.assertTrue(feedback.close_date)

    def test_every_step_outside_the_table_is_refused(self):
        for source, targets in TRANSITIONS.items():
            for target in set(TRANSITIONS) - {source, *targets}:
                with self.subTest(source=source, target=target):
                    feedback = (
                        self._new_unassigned(solution="Done.", state=source)
                        if (source == "new")
                        else self._new_feedback(solution="Done.", state=source)
                    )
                    self.assertEqual(feedback.state, source)
                    with self.assertRaises(UserError) as error, self.cr.savepoint():
                        feedback.state = target
                    self.assertIn("no step leads there", str(error.exception))

    def test_it_is_not_solved_without_a_solution(self):
        for text in (False, "", "  \n ", "\u200b"):
            feedback = self._new_feedback(solution=text)
            with self.subTest(text=text), self.assertRaises(UserError) as error:
                feedback.action_solve()
            self.assertIn(NO_SOLUTION, str(error.exception))
            self.assertIn(feedback.number, str(error.exception))
            self.assertEqual(feedback.state, "assigned")

    def test_a_solution_written_in_the_same_go_counts(self):
        feedback = self._new_feedback()
        feedback.write({"state": "solved", "solution": "Done."})
        self.assertEqual(feedback.state, "solved")

    def test_the_solution_stays_while_it_is_solved(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        for text in (False, " "):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                feedback.solution = text
        feedback.solution = "Two chairs were replaced."
        self.assertEqual(feedback.state, "solved")

    def test_reopening_counts_and_keeps_the_history(self):
        feedback = self._new_feedback()
        first = feedback.assigned_date
        self._solve(feedback, "Glued.")
        feedback.action_close()
        self._flush_tracking()
        feedback.action_reopen()
        self._flush_tracking()
        self.assertEqual((feedback.state, feedback.reopen_count), ("assigned", 1))
        self.assertFalse(
            feedback.close_date or feedback.solved_date or feedback.solution
        )
        self.assertEqual(feedback.assigned_date, first)
        tracked = feedback.sudo().message_ids.tracking_value_ids
        self.assertIn("Glued.", tracked.mapped("old_value_text"))
        self.assertEqual(len(self._answers(feedback)), 1)
        with self.assertRaises(UserError) as error:
            feedback.action_solve()
        self.assertIn(NO_SOLUTION, str(error.exception))
        self._solve(feedback)
        feedback.action_reopen()
        self.assertEqual(feedback.reopen_count, 2)

    def test_reopening_many_counts_each(self):
        once, never = self._new_feedback(), self._new_feedback()
        self._solve(once)
        once.action_reopen()
        both = once | never
        self._solve(both)
        both.action_reopen()
        self.assertEqual(both.mapped("reopen_count"), [2, 1])

    def test_given_back_it_is_new_again(self):
        feedback = self._new_feedback()
        feedback.state = "new"
        self.assertFalse(feedback.user_id or feedback.assigned_date)
        self.assertFalse(self._answers(feedback))
        feedback.user_id = self.agent
        self.assertEqual(feedback.state, "assigned")
        feedback.user_id = False
        self.assertEqual(feedback.state, "new")

    def test_what_is_solved_keeps_an_owner(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        with self.assertRaises(UserError):
            feedback.user_id = False
        feedback.invalidate_recordset()
        self.assertEqual(feedback.user_id, self.agent)

    def test_the_same_state_again_changes_nothing(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        moment = feedback.solved_date
        messages = feedback.message_ids
        feedback.action_solve()
        self.assertEqual(feedback.solved_date, moment)
        self.assertEqual(feedback.message_ids, messages)

    def test_open_is_one_rule(self):
        feedback = self._new_feedback()
        domain = [("id", "=", feedback.id)]
        model = self.env["crm.feedback"]
        for close in (False, True):
            if close:
                self._solve(feedback)
                feedback.action_close()
            found = model.search([*domain, ("is_open", "=", True)])
            self.assertEqual(bool(found), feedback.is_open)
            self.assertEqual(feedback.is_open, not close)
            self.assertNotEqual(found, model.search([*domain, ("is_open", "=", False)]))

    def _flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()
