from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import MoveRefused
from .test_handover import HandoverCommon

KNOWN = {
    "lifecycle_company_size": "medium",
    "lifecycle_budget": 5000.0,
    "lifecycle_decision_maker": "Eva Berger",
    "lifecycle_need": "Fewer complaints",
    "lifecycle_timeline": "quarter",
}


@tagged("post_install", "-at_install")
class TestStandard(HandoverCommon):
    """Marketing finds out five things before sales takes a lead over."""

    def _ask_for_standard(self, stage):
        # sudo: the definition of a running process is frozen
        return (
            self.env["crm.lifecycle.requirement"]
            .sudo()
            .with_context(lifecycle_same_database=True)
            .create({"stage_id": stage.id, "kind": "standard"})
        )

    def test_the_lead_shows_how_much_is_known(self):
        lead = self._new_leads().with_user(self.seller)
        self.assertEqual(lead.lifecycle_standard_percent, 0)
        with Form(lead) as form:
            form.lifecycle_budget = 5000
            form.lifecycle_need = "  "
            self.assertEqual(form.lifecycle_standard_percent, 20)
            self.assertNotIn("Budget", form.lifecycle_standard_missing)
        self.assertIn("Need", lead.lifecycle_standard_missing, "blanks are nothing")
        lead.write(KNOWN)
        self.assertEqual(lead.lifecycle_standard_percent, 100)
        self.assertFalse(lead.lifecycle_standard_missing)

    def test_leads_can_be_found_by_it(self):
        met, unmet = leads = self._new_leads(2)
        met.write(KNOWN)
        domain = [("id", "in", leads.ids)]
        search = leads.with_user(self.seller).search
        self.assertEqual(search([*domain, ("lifecycle_standard_met", "=", True)]), met)
        self.assertEqual(
            search([*domain, ("lifecycle_standard_met", "=", False)]), unmet
        )
        self.assertEqual(leads.filtered("lifecycle_standard_met"), met)

    def test_a_stage_can_ask_for_all_of_it(self):
        self._ask_for_standard(self.before)
        lead = self._new_leads()
        lead.lifecycle_budget = 1000
        with self.assertRaises(MoveRefused) as caught:
            lead.with_user(self.seller).stage_id = self.pipeline_qualified
        self.assertIn("Hand-over standard", str(caught.exception))
        self.assertIn("Decision Maker", str(caught.exception))
        self.assertNotIn("Budget", str(caught.exception))
        lead.write(KNOWN)
        lead.with_user(self.seller).stage_id = self.pipeline_qualified
        self.assertEqual(lead.lifecycle_stage_id, self.stage)

    def test_it_is_asked_of_leads_only(self):
        with self.assertRaisesRegex(ValidationError, "leads only"):
            self.env["crm.lifecycle.requirement"].sudo().create(
                {"stage_id": self.active.id, "kind": "standard"}
            )

    def test_the_company_chooses_the_items(self):
        items = self.env["crm.lead.standard.item"].with_user(self.manager)
        items.search([("field_name", "!=", "lifecycle_budget")]).active = False
        items.create({"field_name": "phone"})
        lead = self._new_leads(lifecycle_budget=10)
        self.assertEqual(lead.lifecycle_standard_percent, 50)
        self.assertEqual(lead.lifecycle_standard_missing, "Phone")
        with self.assertRaises(AccessError):
            items.with_user(self.seller).create({"field_name": "email_from"})

    def test_what_cannot_be_asked_for_is_refused(self):
        items = self.env["crm.lead.standard.item"].with_user(self.manager)
        for name in ("nonsense", "activity_ids", "create_date"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                items.create({"field_name": name})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            items.create({"field_name": "lifecycle_budget"})

    def test_returning_starts_from_what_is_missing(self):
        lead = self._hand_over()
        lead.write({**KNOWN, "lifecycle_budget": 0})
        handover = self._handovers(lead).with_user(self.receiver)
        action = handover.action_open_return()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.receiver)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.missing, "Budget")
        self.assertFalse(wizard.reason, "it may go back for another reason")
        wizard.reason_id = self.reason
        self.assertIn("Budget", wizard.reason)
        wizard.save().action_return()
        self.assertEqual(handover.state, "returned")
        self.assertEqual(lead.lifecycle_stage_id, self.before)
        self.assertTrue(
            lead.activity_ids.filtered(lambda a: "Budget" in (a.note or "")),
            "marketing is told what to find out",
        )

    def test_the_return_rate_is_told_by_source(self):
        source = self.env["utm.source"].create({"name": "Bought addresses"})
        leads = self._hand_over(2)
        leads.source_id = source
        first, second = self._handovers(leads).with_user(self.receiver)
        first.action_accept()
        second.action_return(reason="Nobody there")
        self.env.flush_all()
        [row] = self.env["crm.lifecycle.handover"].formatted_read_group(
            [("source_id", "=", source.id)], ["source_id"], ["return_rate:avg"]
        )
        self.assertEqual(row["return_rate:avg"], 0.5)
