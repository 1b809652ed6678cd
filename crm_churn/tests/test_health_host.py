from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW
from .health_common import HealthCommon


@tagged("post_install", "-at_install")
class TestHealthHost(HealthCommon):
    """Level and main reason where people look, and for whom."""

    @classmethod
    @freeze_time(NOW)
    def setUpClass(cls):
        super().setUpClass()
        cls._new_signal("rhythm", weight=60, limit_from=1, limit_full=2)
        cls._buys(cls.customer, 60).purchase_rhythm = 20
        cls.well = cls._new_customers(1)
        cls._buys(cls.well, 5)
        cls.nobody = cls._new_customers(1)
        cls._night()
        cls.employee = cls._new_user("plain")

    def test_customer_contact_lead_and_order_show_it(self):
        lead = self._new_leads(partner_id=self.contact.id)
        order = self._new_order(self.contact, confirm=False)
        for record in (self.customer, self.contact, lead, order):
            for user in (self.employee, self.seller, self.manager):
                found = record.with_user(user).sudo(record._name != "res.partner")
                self.assertEqual(found.churn_level, "at_risk", record)
                self.assertEqual(found.churn_reason, "Rhythm (−60)")
        self.assertFalse(self.nobody.churn_level)

    def test_customers_do_not_learn_it(self):
        portal = self._new_user("portal_user")
        portal.group_ids = self.env.ref("base.group_portal")
        with self.assertRaises(AccessError):
            self.customer.with_user(portal).read(["churn_level"])
        names = portal.partner_id.with_user(portal).fields_get()
        self.assertFalse({"churn_level", "churn_score", "churn_reason"} & names.keys())

    def test_employees_see_no_scores_but_the_level(self):
        self.assertEqual(self.customer.with_user(self.employee).churn_level, "at_risk")
        with self.assertRaises(AccessError):
            self.customer.with_user(self.employee).read(["churn_explanation"])
        with self.assertRaises(AccessError):
            self.Score.with_user(self.employee).search([])

    def test_search_finds_what_is_shown(self):
        partners = self.env["res.partner"].with_user(self.seller)
        mine = self.customer | self.well | self.nobody
        for levels in (["at_risk"], ["healthy"], ["healthy", False], [False]):
            with self.subTest(levels=levels):
                found = partners.search(
                    [("id", "in", mine.ids), ("churn_level", "in", levels)]
                )
                shown = mine.filtered(lambda p, names=levels: p.churn_level in names)
                self.assertEqual(found, shown)
        for operator, expected in (("<", self.customer), (">=", self.well)):
            found = partners.search(
                [("id", "in", mine.ids), ("churn_score", operator, 50)]
            )
            self.assertEqual(found, expected)

    @freeze_time(NOW)
    def test_companies_see_their_own(self):
        self._buys(self.well, 60, self.other_company).purchase_rhythm = 20
        self._night()
        self.seller.company_ids += self.other_company
        ours = self.well.with_user(self.seller).with_context(
            allowed_company_ids=self.company.ids
        )
        self.assertEqual(ours.churn_level, "healthy")
        both = ours.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.assertEqual(both.churn_level, "at_risk")
        domain = [("id", "=", self.well.id), ("churn_level", "=", "healthy")]
        self.assertTrue(ours.search(domain))
        self.assertFalse(both.search(domain))
        domain = [("id", "=", self.well.id), ("churn_score", ">=", 50)]
        self.assertTrue(ours.search(domain))
        self.assertFalse(both.search(domain))
        self.assertEqual(
            self.Score.with_user(self.leader).search([]).company_id, self.company
        )

    def test_a_page_of_customers_costs_one_query(self):
        customers = self._new_customers(80)
        self._buys(customers, 5)
        self._night()
        self.env.invalidate_all()
        customers.with_user(self.employee).mapped("name")
        self.Signal.search([]).mapped("name")
        with self.assertQueryCount(3):
            customers.with_user(self.employee).mapped("churn_level")

    def test_the_profile_opens_for_who_sees_it(self):
        for user in (self.seller, self.leader, self.manager):
            found = self.customer.with_user(user)
            self.assertIn("Rhythm", found.churn_explanation)
            view = self.env.ref("crm_lifecycle.res_partner_view_form_profile")
            arch = found.get_view(view.id, "form")["arch"]
            self.assertIn("churn_explanation", arch)
            action = found.action_view_churn_score()
            self.assertEqual(action["res_id"], self._score().id)

    def test_automatic_moves_can_ask_for_the_level(self):
        found = self.env["res.partner"].search(
            [("churn_level", "=", "at_risk"), ("id", "=", self.customer.id)]
        )
        self.assertEqual(found, self.customer)

    @freeze_time(NOW)
    def test_merged_customers_have_one_score(self):
        other = self._new_customers(1)
        for partner in (other, self.customer):
            self._new_order(partner, NOW - self._days(9))
        self.env["crm.customer.metrics"]._refresh((other | self.customer).ids)
        self.assertTrue(self._score(other))
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (other | self.customer).ids, self.customer, extra_checks=False
        )
        self.assertEqual(len(self._score()), 1)
