from freezegun import freeze_time

from odoo.tests import tagged

from ..exceptions import MoveRefused
from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestRequirementScope(RequirementCommon):
    """Which moves a requirement is asked of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requirement = cls._require(field_paths="phone", name="Phone known")

    def test_every_missing_thing_is_told_before_and_after_in_the_same_words(self):
        self._require("step")
        self._require("domain", name="Big", domain="[('expected_revenue', '>', 9)]")
        texts = [
            "Missing: Phone known (Phone).",
            "Missing: Next step planned.",
            "Missing: Big.",
        ]
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        move = next(m for m in kit["moves"] if m["stage_id"] == self.following.id)
        self.assertEqual(move["blockers"], texts)
        self.assertEqual(
            [(line["label"], line["is_met"]) for line in kit["requirements"]],
            [("Phone known", False), ("Next step planned", False), ("Big", False)],
        )
        self.assertEqual(kit["requirements"][0]["fields"], ["phone"])
        with self.assertRaises(MoveRefused) as caught:
            self.lead.with_user(self.seller).stage_id = self.pipeline_qualified
        for text in texts:
            self.assertIn(text, str(caught.exception))

    def test_words_are_those_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.requirement.with_context(lang="zh_CN").name = "已有电话"
        lead = self.lead.with_user(self.seller).with_context(lang="zh_CN")
        with self.assertRaises(MoveRefused) as caught:
            lead.stage_id = self.pipeline_qualified
        self.assertIn("已有电话", str(caught.exception))
        self.assertIn("已有电话", self._get_checklist(lead))

    def test_values_written_with_the_stage_count(self):
        self.lead.with_user(self.seller).write(
            {"stage_id": self.pipeline_qualified.id, "phone": "+32 2 555 12 34"}
        )
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)

    def test_moving_to_lost_asks_only_what_says_so(self):
        self.assertFalse(self._get_blockers(self.lead_lost))
        self._require("step", on_lost=True)
        self.assertEqual(
            self._get_blockers(self.lead_lost), ["Missing: Next step planned."]
        )
        with self.assertRaises(MoveRefused):
            self.lead.action_set_lost()

    def test_one_move_asks_more_than_the_others(self):
        self._require("step", transition_id=self.move.id)
        self.assertEqual(len(self._get_blockers(self.following)), 2)
        self.assertFalse(self._get_blockers(self.lead_lost))
        self.assertEqual(
            self._get_checklist(),
            {"Phone known": False, "Next step planned (→ Qualified)": False},
        )

    def test_skipping_a_stage_is_not_skipping_what_it_asks_for(self):
        self._require("step", stage=self.proposition)
        self.assertEqual(len(self._get_blockers(self.following)), 1)
        self.assertEqual(len(self._get_blockers(self.won)), 2)

    def test_putting_back_is_a_correction_but_no_way_around(self):
        self.lead.phone = "+32 2 555 12 34"
        self.lead.stage_id = self.pipeline_qualified
        self._require("step", stage=self.following)
        self.lead.stage_id = self.pipeline_new
        self.assertEqual(self.lead.lifecycle_stage_id, self.stage)
        with self.assertRaises(MoveRefused):
            self.lead.stage_id = self.pipeline_won

    def test_losing_and_restoring_is_no_way_around(self):
        self.lead.action_set_lost()
        self.assertEqual(self.lead.lifecycle_stage_id, self.lead_lost)
        with self.assertRaises(MoveRefused), self.env.cr.savepoint():
            self.lead.write({"active": True, "stage_id": self.pipeline_won.id})
        self.env.invalidate_all()
        self.lead.action_restore()
        self.assertEqual(self.lead.lifecycle_stage_id, self.stage)

    def test_a_lead_may_be_created_anywhere(self):
        lead = self._new_leads(stage_id=self.pipeline_won.id)
        self.assertEqual(lead.lifecycle_stage_id, self.won)

    def test_advised_things_ask_for_a_reason_which_is_kept(self):
        self.requirement.is_hard = False
        self.assertFalse(self._get_blockers())
        self.assertEqual(self._get_warnings(), ["Missing: Phone known (Phone)."])
        lead = self.lead.with_user(self.seller)
        with self.assertRaises(MoveRefused) as caught:
            lead.stage_id = self.pipeline_qualified
        self.assertTrue(caught.exception.context["lifecycle_refusal"]["needs_reason"])
        lead.write(
            {
                "stage_id": self.pipeline_qualified.id,
                "lifecycle_move_reason": "He will call us",
            }
        )
        visit = self._visits(self.lead)[-1]
        self.assertEqual(visit.reason, "He will call us")
        self.assertEqual(visit.warning, "Missing: Phone known (Phone).")

    def test_the_reason_can_be_imported_with_the_stage(self):
        self.requirement.is_hard = False
        xml_id = self.lead.export_data(["id"])["datas"][0][0]
        lead = self.lead.with_user(self.seller)
        names = ["id", "stage_id/.id", "lifecycle_move_reason"]
        stage_id = str(self.pipeline_qualified.id)
        for reason, is_done in (("", False), ("Moved by the fair", True)):
            result = lead.load(names, [[xml_id, stage_id, reason]])
            self.assertEqual(bool(result["ids"]), is_done, result["messages"])
        self.assertEqual(self._visits(self.lead)[-1].reason, "Moved by the fair")

    def test_approved_exception_passes_and_a_change_of_the_process_asks_nobody(self):
        self.lead._lifecycle_move(self.following, origin="migration")
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)
        other = self._new_leads()
        exceptions = self.env["crm.lifecycle.exception"]
        exception = exceptions.browse(
            other.with_user(self.seller).request_lifecycle_exception(
                self.following.id,
                self.env.ref("crm_lifecycle.exception_kind_emergency").id,
                "He waits at the door",
            )
        )
        self.assertTrue(exception)
        self.assertEqual(other.lifecycle_stage_id, self.following)

    def test_a_broken_rule_names_itself_and_stops_nothing_else(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_requirement SET field_paths = 'gone_field',"
            " name = NULL WHERE id = %s",
            [self.requirement.id],
        )
        self.env.invalidate_all()
        self._require("step")
        path = "odoo.addons.crm_lifecycle.models.crm_lifecycle_requirement_check"
        with self.assertLogs(path, "WARNING") as logs:
            blockers = self._get_blockers()
        self.assertIn("gone_field", logs.output[0])
        self.assertIn("gone_field” cannot be checked any more", blockers[0])
        self.assertIn("Tell whoever answers for the process.", blockers[0])
        self.assertEqual(blockers[1], "Missing: Next step planned.")
        self.assertIn("gone_field", self.requirement.last_error)
        self.assertFalse(self._get_blockers(self.lead_lost))
        self.requirement.field_paths = "phone"
        self._get_blockers()
        self.assertFalse(self.requirement.last_error)

    def test_five_requirements_of_a_thousand_leads_take_constant_queries(self):
        call = self.env.ref("mail.mail_activity_data_call")
        self._require("step")
        self._require("activity", activity_type_id=call.id, is_hard=False)
        self._require("document", is_hard=False)
        self._require("domain", name="Big", domain="[('expected_revenue', '>', 9)]")
        self.requirement.field_paths = "phone,email_from,partner_id.vat"
        partners = self.env["res.partner"].create(
            [{"name": f"P{number}"} for number in range(20)]
        )
        counts = []
        for number in (20, 1000):
            leads = self._new_leads(number, phone="+32 2 555 12 34")
            for position, lead in enumerate(leads):
                lead.partner_id = partners[position % 20]
            self.env.flush_all()
            leads._lifecycle_get_blockers(self.following)  # what is cached for good
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            blockers = leads._lifecycle_get_blockers(self.following)
            warnings = leads._lifecycle_get_warnings(self.following)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(blockers), number)
            self.assertEqual(len(warnings), number)
        self.assertEqual(*counts)
        self.assertLess(counts[0], 45)

    def test_the_day_of_the_user_says_what_is_today(self):
        self.requirement.unlink()
        self._require("step")
        with freeze_time("2026-03-01 23:30:00"):
            self.lead.activity_schedule(
                date_deadline="2026-03-01", user_id=self.seller.id
            )
            for tz, is_met in (("UTC", True), ("Asia/Shanghai", False)):
                self.assertEqual(
                    not self._get_blockers(record=self.lead.with_context(tz=tz)), is_met
                )
