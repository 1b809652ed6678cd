from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestAssignment(LifecycleCommon):
    """The lead says why it went to whom, or to nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        cls.expert = cls._new_user("expert", "sales_team.group_sale_salesman")
        members = cls.env["crm.team.member"]
        values = {"crm_team_id": cls.team.id, "assignment_max": 3000}
        cls.member = members.create({**values, "user_id": cls.seller.id})
        cls.expert_member = members.create(
            {
                **values,
                "user_id": cls.expert.id,
                "assignment_domain_preferred": "[('expected_revenue', '>', 50000)]",
            }
        )

    def _open(self, **values):
        return self._new_leads(user_id=False, **values)

    def _assign(self):
        self.team._assign_and_convert_leads()

    def test_big_leads_go_to_the_expert_the_rest_in_turn(self):
        big = self._open(expected_revenue=90000)
        small = self._new_leads(4, user_id=False, expected_revenue=10)
        self._assign()
        self.assertEqual(big.user_id, self.expert)
        self.assertEqual(big.lifecycle_assigned_kind, "preferred")
        self.assertEqual(small.user_id, self.seller | self.expert)
        self.assertEqual(set(small.mapped("lifecycle_assigned_kind")), {"turn"})

    def test_who_assigned_it_by_hand(self):
        lead = self._new_leads()
        self.assertFalse(lead.lifecycle_assigned_kind, "from the beginning")
        lead.with_user(self.manager).user_id = self.expert
        self.assertEqual(lead.lifecycle_assigned_kind, "manual")
        self.assertEqual(lead.lifecycle_assigned_by_id, self.manager)
        lead.with_user(self.manager).user_id = False
        self.assertFalse(lead.lifecycle_assigned_kind)

    def test_why_nobody_has_it(self):
        lead = self._open(expected_revenue=10)

        def reason():
            lead.invalidate_recordset(["lifecycle_unassigned_reason"])
            return lead.with_user(self.manager).lifecycle_unassigned_reason

        self.assertIn("next run", reason())
        (self.member | self.expert_member).assignment_max = 0
        self.assertIn("quota", reason())
        (self.member | self.expert_member).assignment_domain = "[('name', '=', 'x')]"
        self.assertIn("of this kind", reason())
        (self.member | self.expert_member).assignment_optout = True
        self.assertIn("by rule", reason())
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", False)
        self.assertIn("switched off", reason())
        lead.team_id = False
        self.assertIn("no sales team", reason())
        lead.user_id = self.seller
        self.assertFalse(reason())

    def test_assigning_many_costs_what_assigning_one_costs(self):
        counts = []
        for count in (1, 30):
            leads = self._new_leads(count)
            self.env.flush_all()
            start = self.env.cr.sql_log_count
            leads.with_context(tracking_disable=True).user_id = self.expert
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)
