from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.crm_churn_alert_state import EVIDENCE
from .common import NOW, ChurnCommon


@tagged("post_install", "-at_install")
class TestAccess(ChurnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._new_user("employee")
        cls.own = cls._new_alert(user=cls.seller)
        cls.unassigned = cls._new_alert(cls._new_customers(1))
        cls.foreign = cls._new_alert(cls._new_customers(1), user=cls.manager)

    def test_who_may_do_what(self):
        expected = {
            # user: read, write, create, unlink
            self.employee: (False, False, False, False),
            self.seller: (True, True, False, False),
            self.leader: (True, True, False, False),
            self.manager: (True, True, False, True),
        }
        operations = ("read", "write", "create", "unlink")
        for user, rights in expected.items():
            for operation, allowed in zip(operations, rights, strict=True):
                with self.subTest(user=user.login, operation=operation):
                    model = self.Alert.with_user(user)
                    self.assertEqual(model.has_access(operation), allowed)

    def test_sellers_see_their_own_and_nobodys(self):
        found = self.Alert.with_user(self.seller).search([])
        self.assertIn(self.own, found)
        self.assertIn(self.unassigned, found)
        self.assertNotIn(self.foreign, found)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.seller).action_start()
        self.unassigned.with_user(self.seller).action_start()

    def test_team_managers_see_all_of_their_company(self):
        alerts = self.own | self.unassigned | self.foreign
        found = self.Alert.with_user(self.leader).search([("id", "in", alerts.ids)])
        self.assertEqual(found, alerts)
        with self.assertRaises(AccessError):
            self.own.with_user(self.leader).unlink()

    def test_other_companies_are_not_seen(self):
        alert = self._new_alert(
            self._new_customers(1), company_id=self.other_company.id
        )
        for user in (self.seller, self.leader, self.manager):
            self.assertNotIn(alert, self.Alert.with_user(user).search([]))
        self.manager.company_ids += self.other_company
        companies = (self.company | self.other_company).ids
        seen = self.Alert.with_user(self.manager).with_context(
            allowed_company_ids=companies
        )
        self.assertIn(alert, seen.search([]))

    def test_evidence_is_not_changed_even_by_managers(self):
        for name in EVIDENCE:
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(UserError, "evidence"),
            ):
                self.own.with_user(self.manager).write({name: False})

    def test_numbers_on_the_customer_follow_the_rights(self):
        customers = self.own.partner_id | self.foreign.partner_id
        seen = customers.with_user(self.seller).mapped("churn_alert_count")
        self.assertEqual(seen, [1, 0])
        seen = customers.with_user(self.leader).mapped("churn_open_alert_count")
        self.assertEqual(seen, [1, 1])
        with self.assertRaises(AccessError):
            customers.with_user(self.employee).read(["churn_alert_count"])

    @freeze_time(NOW)
    def test_who_sees_no_alerts_can_confirm_the_order_that_closes_one(self):
        clerk = self._new_user("clerk", "sales_team.group_sale_salesman")
        order = self._new_order(self.foreign.partner_id, confirm=False)
        order.user_id = clerk
        order.with_user(clerk).action_confirm()
        self.assertEqual(self.foreign.state, "saved")

    def test_employees_without_the_app_open_and_archive_customers(self):
        self.employee.group_ids += self.env.ref("base.group_partner_manager")
        customer = self.customer.with_user(self.employee)
        customer.get_view(view_type="form")
        self.contact.active = False
        customer.active = False
        self.assertEqual(self.own.state, "false_alarm")
