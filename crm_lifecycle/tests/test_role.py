from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LifecycleCommon


class RoleCommon(LifecycleCommon):
    """The lead stands in a stage of the running process; ``node`` is that stage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_leads()
        cls.node = cls.lead.lifecycle_stage_id
        cls.expert = cls._new_user("expert", "sales_team.group_sale_salesman")
        cls.lawyer = cls._new_user("lawyer")
        cls.legal = cls.env["res.role"].create(
            {"name": "Counsel", "user_ids": [(6, 0, [cls.expert.id, cls.lawyer.id])]}
        )

    @classmethod
    def _add_role(cls, kind, source="user", stage=None, **values):
        roles = cls.env["crm.lifecycle.role"].sudo()
        return roles.create(
            {
                "stage_id": (stage or cls.node).id,
                "kind": kind,
                "source": source,
                **values,
            }
        )

    def _who(self, kind, record=None):
        record = record or self.lead
        return record._lifecycle_get_role_users(kind)[record]


@tagged("post_install", "-at_install")
class TestRole(RoleCommon):
    def test_without_roles_the_salesperson_is_responsible_and_the_leader_accountable(
        self,
    ):
        self.assertEqual(self._who("responsible"), self.seller)
        self.assertEqual(self._who("accountable"), self.leader)
        self.assertFalse(self._who("consulted"))
        self.assertFalse(self._who("informed"))

    def test_several_people_of_one_kind_come_in_the_order_of_the_lines(self):
        self._add_role("consulted", user_id=self.manager.id, sequence=2)
        self._add_role("consulted", "leader", sequence=1)
        self._add_role("consulted", "role", role_id=self.legal.id, sequence=3)
        self._add_role("consulted", "owner", sequence=4)
        self.node.invalidate_recordset(["role_ids"])
        users = self._who("consulted")
        self.assertEqual(users[:2].ids, [self.leader.id, self.manager.id])
        self.assertEqual(
            users, self.leader | self.manager | self.legal.user_ids | self.seller
        )

    def test_responsible_falls_back_in_the_stated_order(self):
        self._add_role("responsible", user_id=self.expert.id)
        self._add_role("accountable", user_id=self.lawyer.id)
        owner = self._new_user("stage_owner")
        boss = self._new_user("boss")
        self.node.sudo().user_id = owner
        self.process.user_id = boss
        expected = [self.expert, self.seller, owner, self.lawyer, self.leader, boss]
        for user in expected:
            self.assertEqual(self._who("responsible"), user)
            user.active = False
        self.assertFalse(self._who("responsible"), "nobody is left")

    def test_portal_users_are_passed_over(self):
        self._add_role("responsible", user_id=self.expert.id)
        self.expert.sudo().write(
            {"group_ids": [(6, 0, [self.env.ref("base.group_portal").id])]}
        )
        self.assertEqual(self._who("responsible"), self.seller)

    def test_who_may_not_enter_the_company_of_the_record_is_passed_over(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._add_role("consulted", user_id=self.expert.id)
        self._add_role("consulted", user_id=self.manager.id)
        self.manager.company_ids += other
        lead = self._new_leads(company_id=other.id, team_id=False, user_id=False)
        self.assertEqual(lead.lifecycle_stage_id, self.node)
        self.assertEqual(self._who("consulted", lead), self.manager)
        self.assertEqual(self._who("consulted"), self.expert | self.manager)

    def test_an_empty_role_and_a_team_without_leader_fall_back(self):
        self._add_role("responsible", "role", role_id=self.legal.id)
        self.legal.user_ids = False
        self.team.user_id = False
        self.assertEqual(self._who("responsible"), self.seller)
        self.assertFalse(self._who("accountable"))

    def test_a_contact_has_the_people_of_its_own_salesperson(self):
        self.customer._lifecycle_move(self.new)
        self.assertEqual(self._who("responsible", self.customer), self.seller)

    def test_of_a_role_the_one_with_the_fewest_activities_does_the_work(self):
        self._add_role("responsible", "role", role_id=self.legal.id)
        self.customer.activity_schedule(user_id=self.expert.id)
        self.assertEqual(
            self.lead._lifecycle_pick_responsible()[self.lead], self.lawyer
        )
        leads = self._new_leads(5)
        picked = list(leads._lifecycle_pick_responsible().values())
        self.assertEqual(picked.count(self.lawyer), 3, "then they take turns")
        self.assertEqual(picked.count(self.expert), 2)

    def test_people_of_a_thousand_leads_take_a_constant_number_of_queries(self):
        self._add_role("responsible", "role", role_id=self.legal.id)
        self._add_role("accountable", "leader")
        counts = []
        for leads in (self._new_leads(20), self._new_leads(1000)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads._lifecycle_pick_responsible()
            leads._lifecycle_get_role_users("accountable")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLess(counts[0], 25)

    def test_a_seller_asks_without_the_right_to_read_users_of_roles(self):
        self._add_role("consulted", "role", role_id=self.legal.id)
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        by_kind = {role["kind"]: role for role in kit["roles"]}
        self.assertEqual(
            {user["name"] for user in by_kind["consulted"]["users"]},
            {self.expert.name, self.lawyer.name},
        )
        self.assertEqual(by_kind["responsible"]["users"][0]["id"], self.seller.id)
        self.assertNotIn("informed", by_kind, "nobody is left out")


@tagged("post_install", "-at_install")
class TestRoleDefinition(RoleCommon):
    def test_the_person_changes_while_the_process_runs_the_rest_does_not(self):
        role = self._add_role("responsible", user_id=self.expert.id)
        role = role.with_user(self.manager)
        role.user_id = self.lawyer
        self.assertEqual(self._who("responsible"), self.lawyer)
        for values in ({"kind": "informed"}, {"source": "owner"}, {"sequence": 3}):
            with self.assertRaises(UserError):
                role.write(values)
        with self.assertRaises(UserError):
            role.unlink()
        with self.assertRaises(UserError):
            role.copy({"kind": "informed"})

    def test_only_process_managers_change_roles_and_everybody_may_read_them(self):
        role = self._add_role("responsible", user_id=self.expert.id)
        self.assertEqual(role.with_user(self.seller).kind, "responsible")
        for user in (self.seller, self.leader):
            with self.assertRaises(AccessError):
                role.with_user(user).user_id = self.lawyer
        with self.assertRaises(AccessError):
            role.with_user(self.lawyer).check_access("read")

    def test_an_archived_or_portal_person_is_not_chosen(self):
        self.lawyer.active = False
        with self.assertRaises(ValidationError):
            self._add_role("responsible", user_id=self.lawyer.id)

    def test_roles_go_through_a_draft_and_an_open_draft_follows_a_new_person(self):
        self._add_role("responsible", user_id=self.expert.id)
        self._add_role("informed", "role", role_id=self.legal.id)
        self.node.sudo().write({"department": "Sales"})
        self.process.with_user(self.manager).action_new_draft()
        draft = self.process.draft_ids
        copied = draft.stage_ids.filtered(lambda s: s.key == self.node.key)
        self.assertEqual(copied.department, "Sales")
        self.assertEqual(copied.role_ids.user_id, self.expert)
        self.assertEqual(copied.role_ids.role_id, self.legal)
        role = self.node.role_ids.filtered("user_id")
        role.with_user(self.manager).user_id = self.lawyer
        self.assertEqual(copied.role_ids.user_id, self.lawyer)
        copied.department = "Operations"
        draft.with_user(self.manager).action_publish()
        self.assertEqual(self.node.role_ids.user_id, self.lawyer)
        self.assertEqual(self.node.department, "Operations")

    def test_what_another_database_does_not_have_is_left_empty(self):
        self._add_role("responsible", user_id=self.expert.id)
        self._add_role("informed", "role", role_id=self.legal.id)
        definition = self.process._get_definition()
        stage = next(s for s in definition["stages"] if s["key"] == self.node.key)
        for line in stage["roles"]:
            for name in ("user_id", "role_id"):
                line[name] = line[name] and {"login": "gone", "name": "gone"}
        copy = self.process.create({"name": "Elsewhere"})
        copy._apply_definition(definition)
        roles = copy.stage_ids.filtered(lambda s: s.key == self.node.key).role_ids
        self.assertEqual(roles.mapped("source"), ["user", "role"])
        self.assertFalse(roles.user_id | roles.user_id)
        self.assertIn("does not exist", roles[0].display_name)

    def test_a_definition_with_a_wrong_role_names_it(self):
        definition = self.process._get_definition()
        definition["stages"][0]["roles"] = [{"key": "x", "kind": "boss"}]
        errors = self.process._get_definition_errors(definition)
        self.assertEqual(len(errors), 1)
        self.assertIn(definition["stages"][0]["key"], errors[0])


@tagged("post_install", "-at_install")
class TestStageOwner(RoleCommon):
    def _ownerless(self):
        found = self.process.stage_ids.filtered("is_ownerless")
        stages = self.env["crm.lifecycle.stage"].with_user(self.seller)
        domain = [("is_ownerless", "=", True), ("process_id", "=", self.process.id)]
        self.assertEqual(found, stages.search(domain), "field and filter agree")
        return found

    def test_lost_stages_need_no_owner(self):
        self.assertFalse(self._ownerless() & (self.lead_lost | self.lost))

    def test_an_employee_by_name_or_role_answers_for_a_stage(self):
        self.assertIn(self.node, self._ownerless())
        role = self._add_role("responsible", user_id=self.expert.id)
        self.assertNotIn(self.node, self._ownerless())
        self.expert.active = False
        self.assertIn(self.node, self._ownerless(), "the one has left")
        role.write({"source": "role", "role_id": self.legal.id, "user_id": False})
        self.assertNotIn(self.node, self._ownerless(), "the lawyer is still there")
        self.lawyer.active = False
        self.assertIn(self.node, self._ownerless())
        self.node.sudo().user_id = self.manager
        self.assertNotIn(self.node, self._ownerless())

    def test_neither_the_salesperson_nor_the_consulted_make_an_owner(self):
        self._add_role("responsible", "owner")
        self._add_role("accountable", "leader")
        self._add_role("consulted", user_id=self.expert.id)
        self.assertIn(self.node, self._ownerless())
