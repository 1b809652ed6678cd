from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestCustomer(FeedbackCommon):
    def test_company_and_contacts_count_for_the_company(self):
        closed = self._new_feedback()
        self._solve(closed)
        closed.action_close()
        self._new_feedback(partner_id=self.customer.id)
        for partner in self.customer | self.contact:
            partner = partner.with_user(self.agent)
            self.assertEqual(
                (partner.feedback_open_count, partner.feedback_count), (1, 2)
            )
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(stranger.feedback_count, 0)

    def test_counting_many_customers_takes_one_query(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        for partner in partners:
            self._new_feedback(partner_id=partner.id)
        self.env.flush_all()
        partners = partners.with_user(self.leader)
        partners.mapped("commercial_partner_id.name")
        self.env["crm.feedback"].with_user(self.leader).search_count([])
        with self.assertQueryCount(1):
            self.assertEqual(sum(partners.mapped("feedback_count")), 20)

    def test_the_button_opens_and_presets_the_customer(self):
        feedback = self._new_feedback()
        action = self.contact.with_user(self.agent).action_view_feedback()
        model = self.env["crm.feedback"].with_user(self.agent)
        self.assertEqual(model.search(action["domain"]), feedback)
        with Form(model.with_context(**action["context"])) as form:
            form.name = "Another one"
        self.assertEqual(form.record.partner_id, self.contact)

    def test_a_lead_counts_opens_and_presets(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Ten chairs",
                "partner_id": self.contact.id,
                "user_id": self.agent.id,
            }
        )
        seller = self._new_user("seller", "sales_team.group_sale_salesman_all_leads")
        lead = lead.with_user(seller)
        self.assertEqual(lead.feedback_count, 0)
        action = lead.action_view_feedback()
        model = (
            self.env["crm.feedback"].with_user(seller).with_context(**action["context"])
        )
        with Form(model) as form:
            form.name = "The offer came late"
        self.assertEqual(form.record.lead_id, lead)
        self.assertEqual(form.record.partner_id, self.contact)
        lead.invalidate_recordset()
        self.assertEqual(lead.feedback_count, 1)

    def test_merged_leads_hand_their_feedback_on(self):
        leads = self.env["crm.lead"].create(
            [{"name": f"Lead {number}", "type": "opportunity"} for number in range(2)]
        )
        for lead in leads:
            self._new_feedback(lead_id=lead.id)
        feedback = self.env["crm.feedback"].search([("lead_id", "in", leads.ids)])
        merged = leads.merge_opportunity()
        self.assertEqual(feedback.lead_id, merged)
        self.assertEqual(len(feedback.filtered("lead_id")), 2)

    def test_merged_customers_keep_their_feedback(self):
        company = self.env["res.partner"].create({"name": "Buyer", "is_company": True})
        remaining = self.env["res.partner"].create(
            {"name": "Carla C.", "parent_id": company.id}
        )
        feedback = self._new_feedback()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.contact | remaining).ids, remaining)
        self.env.flush_all()
        feedback.invalidate_recordset()
        self.assertEqual(feedback.sudo().partner_id, remaining)
        self.assertEqual(feedback.sudo().commercial_partner_id, company)
        found = self.env["crm.feedback"].search(
            [("commercial_partner_id", "=", company.id)]
        )
        self.assertEqual(found.ids, feedback.ids)

    def test_a_customer_with_feedback_is_not_deleted(self):
        self._new_feedback()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.contact.unlink()

    def test_a_contact_who_changes_company_takes_the_feedback_along(self):
        feedback = self._new_feedback()
        company = self.env["res.partner"].create({"name": "Buyer", "is_company": True})
        self.contact.parent_id = company
        self.assertEqual(feedback.commercial_partner_id, company)

    def test_portal_users_of_the_customer_see_nothing_yet(self):
        portal = self._new_user("portal", partner_id=self.contact.id)
        portal.group_ids = [Command.set(self.env.ref("base.group_portal").ids)]
        self.assertFalse(self.env["crm.feedback"].with_user(portal).has_access("read"))


@tagged("post_install", "-at_install")
class TestDetails(FeedbackCommon):
    def test_a_category_adds_its_own_fields_and_words(self):
        self.category.properties_definition = [
            {"name": "serial", "string": "Serial Number", "type": "char"}
        ]
        self.category.script = "<p>Say sorry first</p>"
        feedback = self._new_feedback(category_id=self.category.id)
        feedback.properties = {"serial": "X-1"}
        self.assertEqual(feedback.properties["serial"], "X-1")
        self.assertIn("Say sorry first", feedback.script)
        self._solve(feedback)
        self.assertFalse(feedback.script, "nothing is to be said any more")

    def test_the_profile_lists_what_was_said(self):
        feedback = self._new_feedback()
        customer = self.customer.with_user(self.agent)
        sections = customer._lifecycle_get_profile_sections()
        section = next(s for s in sections if s["key"] == "feedback")
        self.assertEqual(section["count"], 1)
        self.assertEqual(section["rows"][0]["res_id"], feedback.id)
        clerk = self.customer.with_user(self.clerk)
        self.assertIsNone(clerk._feedback_get_profile_section())
