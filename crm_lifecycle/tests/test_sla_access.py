from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .sla_common import FRIDAY, SlaCommon
from .test_access import ALL, OPERATIONS, READ

MATRIX = {
    "crm.sla.policy": (READ, READ, ALL),
    "crm.sla.level": (READ, READ, ALL),
    "crm.sla.timer": (READ, READ, READ),
    "crm.sla.escalation": (READ, READ, READ),
    "crm.sla.report": (READ, READ, READ),
}
SEEN = ("crm.sla.timer", "crm.sla.report", "crm.sla.escalation")


@tagged("post_install", "-at_install")
class TestSlaAccess(SlaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_seller = cls._new_user("other", "sales_team.group_sale_salesman")
        with freeze_time(FRIDAY):
            cls.mine = cls._new_leads()
            cls.free = cls._new_leads(user_id=False)
            cls.theirs = cls._new_leads(user_id=cls.other_seller.id)
        cls.others_team = cls.team.copy({"name": "Far away", "user_id": False})
        with freeze_time(FRIDAY):
            cls.far = cls._new_leads(
                user_id=cls.other_seller.id, team_id=cls.others_team.id
            )
        cls.leads = cls.mine | cls.free | cls.theirs | cls.far
        with freeze_time("2026-04-29 14:01:00"):
            cls._timers(cls.leads)._escalate(FRIDAY.replace(month=5))

    def _seen(self, user, model_name):
        key = "lead_id" if model_name == "crm.sla.timer" else "timer_id.lead_id"
        records = self.env[model_name].with_user(user)
        found = records.search([(key, "in", self.leads.ids)])
        return found.sudo().mapped(key)

    def test_rights_are_as_in_the_table(self):
        users = (self.seller, self.leader, self.manager)
        for model_name, rights in MATRIX.items():
            for user, allowed in zip(users, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model_name, user=user.name, op=operation):
                        model = self.env[model_name].with_user(user)
                        self.assertEqual(model.has_access(operation), letter in allowed)

    def test_each_sees_the_clocks_of_the_leads_that_concern_them(self):
        for user, leads in (
            (self.seller, self.mine | self.free),
            (self.other_seller, self.free | self.theirs | self.far),
            (self.leader, self.mine | self.free | self.theirs),
            (self.manager, self.leads),
        ):
            for model_name in SEEN:
                with self.subTest(user=user.name, model=model_name):
                    self.assertEqual(self._seen(user, model_name), leads)

    def test_followers_see_what_they_follow(self):
        self.theirs.message_subscribe(self.seller.partner_id.ids)
        self.assertIn(self.theirs, self._seen(self.seller, "crm.sla.timer"))

    def test_groups_and_sums_hide_what_lists_hide(self):
        for model_name in ("crm.sla.timer", "crm.sla.report"):
            domain = [("policy_id", "=", self.policy.id)]
            model = self.env[model_name].with_user(self.seller)
            groups = model._read_group(domain, ["owner_id"], ["__count"])
            self.assertEqual(sum(count for _owner, count in groups), 2)

    def test_employees_outside_of_sales_see_nothing(self):
        outsider = self._new_user("outsider")
        for model_name in MATRIX:
            with self.assertRaises(AccessError):
                self.env[model_name].with_user(outsider).search([])
        names = self.customer.with_user(outsider).fields_get()
        self.assertNotIn("lifecycle_timer_state", names)

    def test_another_companys_clocks_and_limits_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._timers(self.mine).company_id = other
        for model_name in SEEN:
            self.assertNotIn(self.mine, self._seen(self.manager, model_name))
        policy = self._new_policy(
            "Theirs", company_id=other.id, counting="always", resource_calendar_id=False
        )
        policies = self.env["crm.sla.policy"].with_user(self.manager)
        self.assertNotIn(policy, policies.search([]))
        self.assertNotIn(policy.level_ids[0], policies.env["crm.sla.level"].search([]))

    def test_the_service_is_not_for_clients(self):
        timer = self._timers(self.mine).with_user(self.manager)
        for name, values in (
            ("write", {"deadline": False}),
            ("write", {"done_date": FRIDAY}),
        ):
            with self.assertRaises(AccessError):
                getattr(timer, name)(values)
        with self.assertRaises(AccessError):
            timer._stop()
