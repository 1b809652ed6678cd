from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon
from .test_access import ALL, OPERATIONS, READ

# rights of an employee outside of sales, user, team manager, process manager
MATRIX = {
    "crm.approval.rule": (READ, READ, READ, ALL),
    "crm.approval.rule.line": (READ, READ, READ, ALL),
    "crm.approval.request": (READ, READ, READ, READ),
    "crm.approval.line": (READ, READ, READ, READ),
    "crm.approval.decide": (ALL, ALL, ALL, ALL),
    "crm.lifecycle.exception": ("", READ, READ, READ),
    "crm.lifecycle.exception.kind": ("", READ, READ, ALL),
    "crm.lifecycle.exception.request": ("", ALL, ALL, ALL),
}


@tagged("post_install", "-at_install")
class TestApprovalAccess(ApprovalCommon):
    """Who sees what, and that nothing can be forged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._new_rule(cls.director)
        cls.exception = cls._ask()
        cls.request = cls.exception.approval_request_id

    def test_rights_are_as_in_the_table(self):
        users = (self.finance, self.seller, self.leader, self.manager)
        for model_name, rights in MATRIX.items():
            for user, allowed in zip(users, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(
                        model=model_name, user=user.name, operation=operation
                    ):
                        model = self.env[model_name].with_user(user)
                        self.assertEqual(model.has_access(operation), letter in allowed)

    def test_own_those_to_decide_and_those_of_the_team_are_seen(self):
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        outside_leader = self._new_user(
            "outside_leader",
            "sales_team.group_sale_salesman",
            "crm_lifecycle.group_crm_lifecycle_team_manager",
        )
        sees = (
            (self.seller, True),
            (self.director, True),
            (self.leader, True),
            (self.manager, True),
            (colleague, False),
            (outside_leader, False),
            (self.finance, False),
        )
        for user, is_seen in sees:
            with self.subTest(user=user.name):
                requests = self.env["crm.approval.request"].with_user(user)
                self.assertEqual(bool(requests.search([])), is_seen)
                lines = self.env["crm.approval.line"].with_user(user)
                self.assertEqual(bool(lines.search([])), is_seen)
        for user, is_seen in sees:
            if user in (self.director, self.finance):
                continue  # work outside of sales: decide without the exception
            exceptions = self.env["crm.lifecycle.exception"].with_user(user)
            self.assertEqual(bool(exceptions.search([])), is_seen, user.name)

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self.manager.write({"company_ids": [(4, other.id)]})
        for model_name in (
            "crm.approval.request",
            "crm.approval.line",
            "crm.lifecycle.exception",
        ):
            model = self.env[model_name].with_user(self.manager)
            self.assertTrue(model.search([]))
            model = model.with_context(allowed_company_ids=other.ids)
            self.assertFalse(model.search([]))

    def test_nobody_writes_the_records_of_the_engine(self):
        forged = {
            "lifecycle_write": True,
            "approval_write": True,
            "lifecycle_move": {"exception_id": self.exception.id},
        }
        for user in (self.seller, self.director, self.manager):
            for record in (self.request, self.request.line_ids, self.exception):
                record = record.with_user(user).with_context(**forged)
                with self.assertRaises(AccessError):
                    record.write({"state": "approved"})
                with self.assertRaises(AccessError):
                    record.unlink()
        with self.assertRaises(AccessError):
            self.env["crm.approval.request"].with_user(self.manager).create(
                {"name": "Forged", "state": "approved"}
            )
        self.assertEqual(self.request.state, "pending")

    def test_flag_and_exception_of_a_move_cannot_be_forged(self):
        lead = self.lead.with_user(self.seller)
        with self.assertRaises(AccessError):
            lead.write({"lifecycle_exception_flag": False})
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.seller).create(
                {"name": "Forged", "lifecycle_exception_flag": "waiting"}
            )
        self.process.sudo().strict = True
        lead = lead.with_context(
            lifecycle_move={"exception_id": self.exception.id, "origin": "migration"}
        )
        self.process.transition_ids.sudo().unlink()
        with self.assertRaises(UserError):
            lead.write({"lifecycle_stage_id": self.won.id})

    def test_a_stranger_reads_no_reason_by_the_dialog(self):
        wizard = (
            self.env["crm.approval.decide"]
            .with_user(self.finance)
            .create({"request_id": self.request.id, "decision": "approve"})
        )
        with self.assertRaises(AccessError):
            wizard.read(["reason"])
        with self.assertRaises(AccessError):
            wizard.action_apply()
        self.assertEqual(self.request.state, "pending")

    def test_dialog_decides_for_who_is_asked(self):
        action = self.request.with_user(self.director).action_approve()
        wizard = (
            self.env["crm.approval.decide"]
            .with_user(self.director)
            .with_context(**action["context"])
            .create({"comment": "Go"})
        )
        self.assertEqual(wizard.reason, "It is urgent")
        wizard.action_apply()
        self.assertEqual(self.request.state, "approved")
        self.assertEqual(self.request.line_ids.comment, "Go")
