from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestCompany(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main = cls.env.company
        cls.branch = cls.env["res.company"].create({"name": "Other Company"})
        cls.both = cls._new_user(
            "both",
            "crm_lifecycle.group_crm_lifecycle_team_manager",
            company_ids=[Command.set((cls.main | cls.branch).ids)],
        )
        cls.branch_customer = cls.env["res.partner"].create(
            {"name": "Branch Customer", "company_id": cls.branch.id}
        )

    def _in_both(self):
        model = self.env["crm.feedback"].with_user(self.both)
        return model.with_context(allowed_company_ids=(self.main | self.branch).ids)

    def test_each_company_sees_its_own(self):
        here = self._new_feedback()
        there = self._in_both().create(
            {"name": "Over there", "partner_id": self.branch_customer.id}
        )
        self.assertEqual(there.company_id, self.branch)
        self.assertEqual(here.company_id, self.main)
        found = self.env["crm.feedback"].with_user(self.leader).search([])
        self.assertIn(here.id, found.ids)
        self.assertNotIn(there.id, found.ids)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            there.with_user(self.manager).read(["name"])

    def test_counts_are_those_of_the_allowed_companies(self):
        self._new_feedback()
        shared = {"name": "Shared", "partner_id": self.customer.id}
        self._in_both().create({**shared, "company_id": self.branch.id})
        customer = self.customer.with_user(self.leader)
        self.assertEqual(customer.feedback_count, 1)
        customer = self.customer.with_user(self.both).with_context(
            allowed_company_ids=(self.main | self.branch).ids
        )
        self.assertEqual(customer.feedback_count, 2)

    def test_companies_do_not_mix(self):
        category = self.env["crm.feedback.category"].create(
            {"name": "Branch Trucks", "company_id": self.branch.id}
        )
        for values in (
            {"category_id": category.id},
            {"partner_id": self.branch_customer.id, "company_id": self.main.id},
            {"company_id": self.branch.id, "user_id": self.leader.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._in_both().sudo().create({"name": "Mixed", **values})

    def test_who_works_elsewhere_is_passed_over(self):
        category = self.env["crm.feedback.category"].create(
            {"name": "Everywhere", "user_id": self.leader.id}
        )
        feedback = self._in_both().create(
            {
                "name": "Over there",
                "partner_id": self.branch_customer.id,
                "category_id": category.id,
            }
        )
        self.assertEqual(feedback.user_id, self.both)

    def test_a_company_may_number_by_itself(self):
        self.env["ir.sequence"].create(
            {
                "name": "Branch Feedback",
                "code": "crm.feedback",
                "prefix": "BR",
                "padding": 3,
                "company_id": self.branch.id,
            }
        )
        there = self._in_both().create(
            {"name": "Over there", "partner_id": self.branch_customer.id}
        )
        self.assertEqual(there.number, "BR001")
        self.assertRegex(self._new_feedback().number, r"^FB")
