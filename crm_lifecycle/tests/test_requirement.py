from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestRequirementKinds(RequirementCommon):
    """What can be asked for, and when it is there."""

    def assert_met(self, is_met):
        self.assertEqual(not self._get_blockers(), is_met, self._get_blockers())

    def test_fields_are_filled_in(self):
        self._require(field_paths="phone,expected_revenue,date_deadline")
        self.assertEqual(
            self._get_blockers(),
            ["Missing: Phone, Expected Revenue, Expected Closing."],
        )
        self.lead.write({"expected_revenue": 0, "phone": "+32 2 555 12 34"})
        self.assertEqual(
            self._get_blockers(), ["Missing: Expected Revenue, Expected Closing."]
        )
        self.lead.write({"expected_revenue": 10, "date_deadline": "2026-05-01"})
        self.assert_met(True)

    def test_blank_text_is_nothing(self):
        self._require(field_paths="description,website")
        self.lead.write({"description": "<p><br></p>", "website": False})
        self.assert_met(False)
        self.lead.write({"description": "<p>Beans</p>", "website": "x.org"})
        self.assert_met(True)

    def test_phone_and_mail_have_to_be_well_formed(self):
        requirement = self._require(field_paths="phone,email_from", name="Reachable")
        self.lead.country_id = self.env.ref("base.be")
        self.lead.write({"phone": "12", "email_from": "nobody"})
        self.assertEqual(
            self._get_blockers(),
            [
                "Missing: Reachable (Phone: “12” is not valid, Email: “nobody” is not "
                "valid)."
            ],
        )
        self.lead.write({"phone": "02 555 12 34", "email_from": "a@b.example.com"})
        self.assert_met(True)
        self.lead.phone = "12"
        requirement.check_format = False
        self.assert_met(True)

    def test_fields_of_linked_records_and_of_many(self):
        self._require(field_paths="partner_id.vat,tag_ids")
        self.assertEqual(self._get_blockers(), ["Missing: Contact: Tax ID, Tags."])
        self.lead.partner_id = self.customer
        self.customer.vat = "BE0477472701"
        self.lead.tag_ids = self.env["crm.tag"].create({"name": "Coffee"})
        self.assert_met(True)

    def test_property_of_the_team_is_asked_of_those_who_have_it(self):
        self.team.lead_properties_definition = [
            {"name": "size", "string": "Size", "type": "integer"}
        ]
        self._require(field_paths="lead_properties.size")
        self.assertEqual(self._get_blockers(), ["Missing: Size."])
        self.lead.lead_properties = {"size": 3}
        self.assert_met(True)
        other = self._new_leads(team_id=self.env["crm.team"].create({"name": "B"}).id)
        self.assertFalse(self._get_blockers(record=other))

    def test_condition_holds_and_is_told_in_its_own_words(self):
        self._require(
            "domain",
            name="Phone or e-mail known",
            domain="['|', ('phone', '!=', False), ('email_from', '!=', False)]",
            help="Ask for it in the first call.",
        )
        self.assertEqual(
            self._get_blockers(),
            ["Missing: Phone or e-mail known. Ask for it in the first call."],
        )
        self.lead.email_from = "a@b.example.com"
        self.assert_met(True)

    def test_activity_of_a_type_is_done_since_it_came_here(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._require("activity", activity_type_id=call.id)
        self.assertEqual(self._get_blockers(), ["Missing: Activity done: Call."])

        def do(xmlid):
            activity = self.lead.activity_schedule(xmlid, user_id=self.seller.id)
            self.assert_met(False)
            activity.action_feedback()
            self.env.flush_all()

        do("mail.mail_activity_data_todo")
        self.assert_met(False)
        do("mail.mail_activity_data_call")
        self.assert_met(True)
        self.lead.lifecycle_stage_date = fields.Datetime.now() + timedelta(seconds=5)
        self.assert_met(False)

    def test_next_step_is_planned_for_today_or_later(self):
        self._require("step")
        self.assertEqual(self._get_blockers(), ["Missing: Next step planned."])
        today = fields.Date.context_today(self.lead)
        activity = self.lead.activity_schedule(
            date_deadline=today, user_id=self.seller.id
        )
        self.assert_met(True)
        activity.date_deadline = today - timedelta(days=1)
        self.assert_met(False)

    def test_document_is_attached_by_its_name(self):
        requirement = self._require("document", document_pattern="contract*.pdf")
        self.assertEqual(
            self._get_blockers(), ["Missing: Document attached: contract*.pdf."]
        )
        attachments = self.env["ir.attachment"]
        for name, is_met in (
            ("contract.docx", False),
            ("my contract.pdf", False),
            ("Contract 2026.PDF", True),
        ):
            with self.subTest(name=name):
                document = attachments.create(
                    {
                        "name": name,
                        "raw": b"x",
                        "res_model": "crm.lead",
                        "res_id": self.lead.id,
                    }
                )
                self.assert_met(is_met)
                document.unlink()
        requirement.document_pattern = "100%"
        attachments.create(
            {"name": "a.txt", "res_model": "crm.lead", "res_id": self.lead.id}
        )
        self.assert_met(False)
        requirement.document_pattern = False
        self.assert_met(True)

    def test_one_activity_of_another_record_of_the_same_number_does_not_count(self):
        self._require("step")
        partner = self.env["res.partner"].browse(self.lead.id).exists()
        if partner:
            partner.activity_schedule(user_id=self.seller.id)
        self.assert_met(False)

    def test_what_cannot_be_checked_is_refused_on_saving(self):
        for values, words in (
            ({"field_paths": "no_such_field"}, "no_such_field"),
            ({"field_paths": "name.x"}, "name.x"),
            ({"field_paths": ""}, "at least one field"),
            ({"field_paths": "lead_properties"}, "lead_properties"),
            ({"kind": "domain", "name": "X", "domain": "[('no', '=', 1)]"}, "no"),
            ({"kind": "domain", "name": "X", "domain": "import os"}, "syntax"),
            ({"kind": "domain", "domain": "[]"}, "in words"),
        ):
            with self.subTest(values=values):
                with self.assertRaises(ValidationError) as caught:
                    self._require(**{"kind": "fields", **values})
                self.assertIn(words, str(caught.exception))
