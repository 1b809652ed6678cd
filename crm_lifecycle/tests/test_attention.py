from odoo.tests import tagged

from .common import LifecycleCommon
from .test_role import RoleCommon


@tagged("post_install", "-at_install")
class TestAttention(LifecycleCommon):
    def _found(self, model, reason, user=None):
        host = self.env[model].with_user(user or self.manager)
        action = host._lifecycle_get_attention_action()
        domain = [("lifecycle_attention", "in", [reason])]
        found = host.search(domain).filtered_domain(
            host._lifecycle_get_attended_domain()
        )
        self.assertTrue(action["domain"])
        return found

    def test_customers_without_salesperson_or_next_step(self):
        self.customer._lifecycle_move(self.active)
        self.assertIn(self.customer, self._found("res.partner", "step"))
        self.assertNotIn(self.customer, self._found("res.partner", "owner"))
        self.customer.activity_schedule(user_id=self.seller.id)
        self.assertNotIn(self.customer, self._found("res.partner", "step"))
        self.customer.user_id = False
        self.assertIn(self.customer, self._found("res.partner", "owner"))
        self.assertNotIn(self.contact, self._found("res.partner", "owner"))
        self.customer.invalidate_recordset(["lifecycle_attention"])
        self.assertIn("No salesperson", self.customer.lifecycle_attention)
        self.assertNotIn("No next step", self.customer.lifecycle_attention)

    def test_what_was_done_is_no_next_step(self):
        self.customer._lifecycle_move(self.active)
        call = self.customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        self.assertNotIn(self.customer, self._found("res.partner", "step"))
        call.action_feedback("Reached her")
        self.assertIn(self.customer, self._found("res.partner", "step"))

    def test_lost_customers_and_closed_leads_are_left_alone(self):
        self.customer._lifecycle_move(self.lost)
        lead, lost, won = self._new_leads(3)
        lost.action_set_lost()
        won.action_set_won()
        self.assertNotIn(self.customer, self._found("res.partner", "step"))
        self.assertEqual((lead | lost | won) & self._found("crm.lead", "step"), lead)

    def test_a_customer_between_two_stages_is_found(self):
        self.customer._lifecycle_move(self.active)
        self.assertNotIn(self.customer, self._found("res.partner", "between"))
        self.customer._lifecycle_move(self.env["crm.lifecycle.stage"])
        self.assertIn(self.customer, self._found("res.partner", "between"))
        self.assertIn("Between", self.customer.lifecycle_attention)

    def test_customers_and_leads_of_two_departments_are_found(self):
        self.customer._lifecycle_move(self.active)
        lead = self._new_leads(partner_id=self.contact.id)
        self.assertNotIn(self.customer, self._found("res.partner", "shared"))
        other = self.env["crm.team"].create({"name": "Service"})
        second = self._new_leads(partner_id=self.customer.id, team_id=other.id)
        self.assertIn(self.customer, self._found("res.partner", "shared"))
        self.assertLessEqual(lead | second, self._found("crm.lead", "shared"))
        second.action_set_lost()
        self.assertNotIn(self.customer, self._found("res.partner", "shared"))
        other.member_ids = self.manager
        self.customer.activity_schedule(user_id=self.manager.id)
        self.assertIn(self.customer, self._found("res.partner", "shared"))

    def test_counts_of_stages_are_those_of_the_list(self):
        customers = self.customer | self.customer.copy()
        customers._lifecycle_move(self.active)
        customers[0].activity_schedule(user_id=self.seller.id)
        stage = self.active.with_user(self.manager)
        action = stage.action_view_unattended()
        listed = self.env["res.partner"].with_user(self.manager)
        listed = listed.search(action["domain"])
        self.assertEqual(listed & customers, customers[1])
        self.assertEqual(stage.unattended_count, len(listed))
        process = self.process.with_user(self.manager)
        self.assertEqual(
            process.unattended_count, sum(process.stage_ids.mapped("unattended_count"))
        )

    def test_a_seller_sees_only_what_odoo_lets_see(self):
        mine, other = self._new_leads(), self._new_leads(user_id=self.leader.id)
        found = self._found("crm.lead", "step", self.seller)
        self.assertIn(mine, found)
        self.assertNotIn(other, found)

    def test_a_seller_of_another_company_sees_nothing_of_this_one(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._new_leads(company_id=self.env.company.id, user_id=False)
        stranger = self._new_user("stranger", "sales_team.group_sale_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        found = self._found("crm.lead", "owner", stranger)
        self.assertFalse(found.company_id & self.env.company)


@tagged("post_install", "-at_install")
class TestRaci(RoleCommon):
    def _row(self, stage):
        table = self.process.with_user(self.seller)._get_raci_table()
        names = [column["name"] for column in table["columns"]]
        row = next(row for row in table["rows"] if row["stage"] == stage)
        return dict(zip(names, row["cells"], strict=True))

    def test_the_table_shows_who_does_what_and_what_is_default(self):
        self._add_role("responsible", "role", role_id=self.legal.id)
        self._add_role("accountable", user_id=self.manager.id)
        self._add_role("informed", "owner")
        row = self._row(self.node)
        self.assertEqual(row["Counsel"], [("R", False)])
        self.assertEqual(row[self.manager.name], [("A", False)])
        self.assertEqual(row["Salesperson of the Record"], [("I", False)])
        self.assertEqual(row["Team Leader"], [])
        other = self._row(self.active)
        self.assertEqual(other["Salesperson of the Record"], [("R", True)])
        self.assertEqual(other["Team Leader"], [("A", True)])

    def test_the_report_shows_names_departments_and_stages_without_owner(self):
        self._add_role("consulted", "role", role_id=self.legal.id)
        self.node.sudo().department = "Sales"
        action = self.process.with_user(self.seller).action_view_raci()
        self.assertEqual(action["report_type"], "qweb-html")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.seller)
            ._render_qweb_html(action["report_name"], self.process.ids)
        )
        for text in ("Counsel", self.lawyer.name, "Sales", "Nobody", self.node.name):
            self.assertIn(text.encode(), html)

    def test_publishing_is_not_kept_up_by_stages_without_owner(self):
        self.assertIn(self.node.name, self.process.ownerless_names)
        draft = self.process.with_user(self.manager).action_new_draft()
        draft = self.env["crm.lifecycle.process"].browse(draft["res_id"])
        self.assertIn(self.node.name, draft.ownerless_names)
        draft.with_user(self.manager).action_publish()
        self.assertEqual(self.process.state, "published")
