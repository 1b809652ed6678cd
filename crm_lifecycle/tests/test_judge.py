from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..exceptions import MoveRefused
from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestJudge(LifecycleCommon):
    """What refuses a move, what only asks for a reason, and who passes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer._lifecycle_move(cls.new)
        cls.model = type(cls.env["res.partner"])

    def _with(self, hook):
        def answer(records, stage):
            return {record: ["No phone."] for record in records}

        return patch.object(self.model, hook, answer)

    def test_refusal_says_why_and_tells_the_client_what_was_tried(self):
        with self._with("_lifecycle_get_gate_blockers"):
            with self.assertRaises(MoveRefused) as caught:
                self.customer.lifecycle_stage_id = self.active
        self.assertIn("No phone.", str(caught.exception))
        self.assertEqual(
            caught.exception.context["lifecycle_refusal"],
            {
                "model": "res.partner",
                "ids": self.customer.ids,
                "stage_id": self.active.id,
                "stage": "Active",
                "needs_reason": False,
                "records": [
                    {
                        "id": self.customer.id,
                        "name": "Customer Inc",
                        "reasons": ["No phone."],
                    }
                ],
                "warnings": [],
                "forms": [],
            },
        )
        self.assertIsInstance(caught.exception, UserError)

    def test_leaving_the_process_is_a_move_too(self):
        with self._with("_lifecycle_get_gate_blockers"):
            with self.assertRaises(MoveRefused):
                self.customer.lifecycle_stage_id = False

    def test_change_of_the_process_asks_nobody(self):
        with self._with("_lifecycle_get_gate_blockers"):
            self.customer._lifecycle_move(self.active, origin="migration")
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)

    def test_warning_asks_for_a_reason_by_hand(self):
        with self._with("_lifecycle_get_warnings"):
            for reason in (None, "", "  "):
                with self.assertRaises(MoveRefused) as caught:
                    self.customer.write(
                        {
                            "lifecycle_stage_id": self.active.id,
                            "lifecycle_move_reason": reason,
                        }
                    )
        self.assertTrue(caught.exception.context["lifecycle_refusal"]["needs_reason"])

    def test_reason_and_warning_are_kept_on_the_stay(self):
        with self._with("_lifecycle_get_warnings"):
            self.customer.write(
                {
                    "lifecycle_stage_id": self.active.id,
                    "lifecycle_move_reason": "He has none",
                }
            )
        visit = self._visits(self.customer)[-1]
        self.assertEqual(visit.reason, "He has none")
        self.assertEqual(visit.warning, "No phone.")
        self.assertEqual(self.customer.get_lifecycle_path()[-1]["warning"], "No phone.")

    def test_automatic_move_passes_a_warning_and_is_logged(self):
        with self._with("_lifecycle_get_warnings"):
            self.customer._lifecycle_move(self.active, origin="auto")
        self.assertEqual(self._visits(self.customer)[-1].warning, "No phone.")

    def test_reason_does_not_open_the_gate(self):
        with self._with("_lifecycle_get_gate_blockers"):
            with self.assertRaises(MoveRefused):
                self.customer.write(
                    {
                        "lifecycle_stage_id": self.active.id,
                        "lifecycle_move_reason": "Because I say so",
                    }
                )

    def test_kit_says_before_the_move_what_the_refusal_says(self):
        self.env["crm.lifecycle.transition"].sudo().search(
            [("source_id", "=", self.new.id), ("target_id", "=", self.active.id)]
        ).trigger = "manual"
        with self._with("_lifecycle_get_gate_blockers"):
            kit = self.contact.with_user(self.seller).get_lifecycle_kit()
        self.assertEqual(kit["stage"]["name"], self.new.name)
        move = next(m for m in kit["moves"] if m["stage_id"] == self.active.id)
        self.assertEqual(move["blockers"], ["No phone."])

    def test_responsible_falls_back_from_salesperson_to_process_owner(self):
        def responsible():
            return self.customer._lifecycle_get_role_users("responsible")[self.customer]

        self.process.sudo().user_id = self.manager
        self.assertEqual(responsible(), self.seller)
        self.customer.user_id = False
        self.new.user_id = self.leader
        self.assertEqual(responsible(), self.leader)
        self.new.user_id = False
        self.assertEqual(responsible(), self.manager)
