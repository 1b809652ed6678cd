from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestRoute(FeedbackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.agent | cls.colleague | cls.leader

    def _new_route(self, **values):
        values = {"member_ids": self.people.ids, **values}
        return self.env["crm.feedback.route"].create({"name": "Route", **values})

    def test_the_first_line_that_fits_names_all_three_roles(self):
        self._new_route(name="Praise", kind="praise", sequence=1)
        severe = self._new_route(
            severity="critical",
            sequence=2,
            member_ids=self.colleague.ids,
            handler_id=self.leader.id,
            supervisor_id=self.manager.id,
        )
        self._new_route(sequence=3, member_ids=self.leader.ids)
        feedback = self._new_feedback(severity="critical")
        self.assertEqual(feedback.route_id, severe)
        self.assertEqual(feedback.user_id, self.colleague)
        self.assertEqual(feedback.handler_id, self.leader)
        self.assertEqual(feedback.supervisor_id, self.manager)
        self.assertEqual(self._new_feedback().user_id, self.leader)

    def test_who_is_named_by_hand_stays(self):
        self._new_route(member_ids=self.colleague.ids, handler_id=self.leader.id)
        feedback = self._new_feedback(user_id=self.agent.id)
        self.assertEqual(feedback.user_id, self.agent)
        self.assertEqual(feedback.handler_id, self.leader)

    def test_it_goes_to_whoever_has_least_to_do(self):
        self._new_route()
        for _number in range(2):
            self._new_feedback(user_id=self.agent.id)
        self._new_feedback(user_id=self.colleague.id)
        batch = (
            self.env["crm.feedback"]
            .with_user(self.agent)
            .create([{"name": f"Chair {n}"} for n in range(6)])
        )
        counts = batch.grouped("user_id")
        self.assertEqual(
            [len(counts[user]) for user in self.people],
            [1, 2, 3],
            "everybody has three afterwards",
        )

    def test_lines_ask_for_tier_product_country_category_and_company(self):
        tier = self.env["crm.customer.tier"].search([("active", "=", True)], limit=1)
        tier = tier or self.env["crm.customer.tier"].create({"name": "Gold"})
        parent = self.env["product.category"].create({"name": "Furniture"})
        child = self.env["product.category"].create(
            {"name": "Chairs", "parent_id": parent.id}
        )
        product = self.env["product.product"].create(
            {"name": "Chair", "categ_id": child.id}
        )
        other = self.env["res.company"].create({"name": "Other Inc"})
        france = self.env.ref("base.fr")
        for condition, fitting in (
            ({"categ_ids": parent.ids}, {"product_id": product.id}),
            ({"category_ids": self.category.ids}, {"category_id": self.category.id}),
        ):
            route = self._new_route(member_ids=self.leader.ids, **condition)
            self.assertFalse(self._new_feedback().route_id)
            self.assertEqual(self._new_feedback(**fitting).route_id, route)
            route.active = False
        by_country = self._new_route(country_ids=france.ids)
        self.assertFalse(self._new_feedback().route_id)
        self.customer.country_id = france
        self.assertEqual(self._new_feedback().route_id, by_country)
        by_country.active = False
        by_tier = self._new_route(tier_ids=tier.ids)
        self.assertFalse(self._new_feedback().route_id)
        self.customer.customer_tier_id = tier
        self.assertEqual(self._new_feedback().route_id, by_tier)
        by_tier.active = False
        self._new_route(company_id=other.id)
        self.assertFalse(self._new_feedback().route_id)

    def test_who_cannot_do_it_is_passed_over(self):
        self._new_route(member_ids=(self.colleague | self.leader).ids)
        self.colleague.active = False
        self.assertEqual(self._new_feedback().user_id, self.leader)

    def test_a_line_needs_people_who_can_open_it(self):
        with self.assertRaisesRegex(ValidationError, "Name the people"):
            self._new_route(member_ids=[])
        with self.assertRaisesRegex(ValidationError, "no access to customer feedback"):
            self._new_route(member_ids=self.clerk.ids)
        with self.assertRaisesRegex(ValidationError, "no access to customer feedback"):
            self._new_feedback(handler_id=self.clerk.id)

    def test_the_roles_see_it_and_hear_of_it(self):
        stranger = self._new_unassigned(user_id=self.leader.id)
        stranger = stranger.with_user(self.colleague)
        self.assertFalse(stranger.has_access("read"))
        stranger.sudo().handler_id = self.colleague
        self.assertTrue(stranger.has_access("write"))
        self.assertIn(self.colleague.partner_id, stranger.sudo().message_partner_ids)

    def test_the_team_leader_follows_up(self):
        team = self.env["crm.team"].create(
            {"name": "Care", "user_id": self.leader.id, "member_ids": self.agent.ids}
        )
        self.assertTrue(team)
        self.assertEqual(self._new_feedback().supervisor_id, self.leader)

    def test_many_need_no_more_queries_for_their_route(self):
        self._new_route()
        model = self.env["crm.feedback"].with_user(self.agent)

        def name(count):
            values = [
                {"company_id": self.env.company.id, "kind": "complaint"}
                | {
                    "severity": "low",
                    "partner_id": self.contact.id,
                }
                for _number in range(count)
            ]
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            model._name_owners(values, self.contact.ids)
            return self.cr.sql_log_count - start

        name(1)
        self.assertLessEqual(name(50), name(5) + 1)
