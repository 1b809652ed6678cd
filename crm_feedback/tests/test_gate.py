from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FeedbackCommon
from .test_flow import NO_SOLUTION


@tagged("post_install", "-at_install")
class TestGate(FeedbackCommon):
    """Every way of changing a state ends in the same gate."""

    def test_a_drag_in_the_kanban_meets_the_gate(self):
        feedback = self._new_feedback()
        with self.assertRaises(UserError) as error:
            feedback.web_save({"state": "solved"}, {"state": {}})
        self.assertIn(NO_SOLUTION, str(error.exception))
        feedback.solution = "Done."
        self.assertEqual(
            feedback.web_save({"state": "solved"}, {"state": {}})[0]["state"], "solved"
        )

    def test_dragging_to_assigned_needs_an_owner(self):
        feedback = self._new_unassigned().with_user(self.agent)
        with self.assertRaises(UserError) as error:
            feedback.web_save({"state": "assigned"}, {"state": {}})
        self.assertIn("it has no owner", str(error.exception))

    def test_many_at_once_are_refused_whole_and_named(self):
        ready = self._new_feedback(solution="Done.")
        others = self.env["crm.feedback"].with_user(self.agent)
        for number in range(12):
            others |= self._new_feedback(name=f"Chair {number}")
        with self.assertRaises(UserError) as error, self.cr.savepoint():
            (ready | others).write({"state": "solved"})
        self.assertEqual(str(error.exception).count(NO_SOLUTION), 10)
        self.assertIn("2 more", str(error.exception))
        self.assertEqual(ready.state, "assigned")

    def test_records_in_different_states_take_their_own_steps(self):
        new = self._new_unassigned().with_user(self.agent)
        solved = self._new_feedback()
        self._solve(solved)
        both = new | solved | self._new_feedback()
        both.write({"user_id": self.agent.id, "severity": "high"})
        self.assertEqual(both.mapped("state"), ["assigned", "solved", "assigned"])
        both.write({"state": "assigned"})
        self.assertEqual(both.mapped("reopen_count"), [0, 1, 0])

    def test_an_import_meets_the_gate(self):
        header = ["name", "kind", "state", "solution", "user_id/.id"]
        header += ["cause_id/.id", "no_measure_reason"]
        cause = str(self.env.ref("crm_feedback.cause_product_defect").id)
        model = self.env["crm.feedback"].with_user(self.agent)
        agent = str(self.agent.id)
        result = model.load(
            header, [["Loose leg", "Complaint", "Solved", "", agent, "", ""]]
        )
        self.assertIn(NO_SOLUTION, result["messages"][0]["message"])
        self.assertFalse(model.search([("name", "=", "Loose leg")]))
        rows = [
            ["Loose leg", "Complaint", "Closed", "Screwed on.", agent, cause, "One"],
            ["Nice leg", "Praise", "Assigned", "", agent, "", ""],
            ["Green leg", "Suggestion", "", "", "", "", ""],
        ]
        result = model.load(header, rows)
        self.assertFalse(result["messages"])
        loose, nice, green = model.browse(result["ids"])
        self.assertEqual(loose.state, "closed")
        self.assertTrue(loose.assigned_date and loose.solved_date and loose.close_date)
        self.assertFalse(self._answers(loose))
        self.assertEqual((nice.state, green.state), ("assigned", "assigned"))

    def test_an_imported_change_meets_the_gate(self):
        feedback = self._new_feedback()
        result = feedback.load([".id", "state"], [[str(feedback.id), "Solved"]])
        self.assertIn(NO_SOLUTION, result["messages"][0]["message"])

    def test_created_closed_needs_a_solution_and_an_owner(self):
        with self.assertRaises(UserError) as error:
            self._new_feedback(state="closed")
        self.assertIn(NO_SOLUTION, str(error.exception))
        with self.assertRaises(UserError) as error:
            self._new_unassigned(state="closed", solution="Done.")
        self.assertIn("it has no owner", str(error.exception))

    def test_unknown_states_are_refused(self):
        feedback = self._new_feedback()
        with self.assertRaises(ValueError):
            feedback.write({"state": "confirmed"})
        with self.assertRaises(ValueError):
            self._new_feedback(state="confirmed")

    def test_a_context_opens_no_door(self):
        feedback = self._new_feedback()
        model = feedback.with_context(default_state="closed", install_mode=True)
        with self.assertRaises(UserError):
            model.create({"name": "Forged"})

    def _automate(self, state, code):
        """An automation that runs ``code`` when feedback comes to ``state``."""
        model = self.env.ref("crm_feedback.model_crm_feedback")
        field = self.env["ir.model.fields"]._get("crm.feedback", "state")
        automation = self.env["base.automation"].create(
            {
                "name": f"When {state}",
                "model_id": model.id,
                "trigger": "on_state_set",
                "trg_selection_field_id": self.env["ir.model.fields.selection"]
                .search([("field_id", "=", field.id), ("value", "=", state)])
                .id,
            }
        )
        self.env["ir.actions.server"].create(
            {
                "name": automation.name,
                "model_id": model.id,
                "state": "code",
                "code": code,
                "base_automation_id": automation.id,
                "usage": "base_automation",
            }
        )

    def test_automations_see_every_step(self):
        self._automate("assigned", "record.write({'severity': 'critical'})")
        feedback = self._new_unassigned().with_user(self.agent)
        feedback.action_assign_to_me()
        self.assertEqual(feedback.severity, "critical")
        feedback.write({"severity": "low", "solution": "Done."})
        feedback.action_solve()
        feedback.action_reopen()
        self.assertEqual(feedback.severity, "critical")

    def test_automations_meet_the_gate(self):
        self._automate("assigned", "record.write({'state': 'solved'})")
        feedback = self._new_unassigned().with_user(self.agent)
        with self.assertRaises(UserError) as error, self.cr.savepoint():
            feedback.action_assign_to_me()
        self.assertIn(NO_SOLUTION, str(error.exception))

    def test_server_code_meets_the_gate(self):
        feedback = self._new_feedback().sudo()
        with self.assertRaises(UserError):
            feedback.write({"state": "closed"})
