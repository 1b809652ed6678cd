from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestProperty(RequirementCommon):
    """Fields that a record has in one stage, and what was written in them later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.cups = cls._add("Cups a day", "integer", cls.stage)
        cls.plan = cls._add(
            "Time frame", "selection", cls.following, options="Now\nLater"
        )
        cls.plan.with_context(lang="zh_CN").write(
            {"name": "时间计划", "options": "现在\n以后"}
        )

    @classmethod
    def _add(cls, name, kind, stage, **values):
        lines = cls.env["crm.lifecycle.property"].sudo()  # sudo: the process runs
        return lines.create(
            {"name": name, "kind": kind, "stage_id": stage.id, **values}
        )

    def _read(self, lead=None):
        """``{label: value}`` as a form shows it."""
        lead = (lead or self.lead).with_user(self.seller)
        lines = lead.read(["lifecycle_properties"])[0]["lifecycle_properties"]
        return {line["string"]: line.get("value") for line in lines}

    def _fill(self, lead, line, value):
        lead.with_user(self.seller).write({"lifecycle_properties": {line.key: value}})

    def test_a_record_has_the_fields_of_its_stage(self):
        self.assertEqual(self._read(), {"Cups a day": None})
        self._fill(self.lead, self.cups, 40)
        self.lead.stage_id = self.pipeline_qualified
        self.assertEqual(self._read(), {"Time frame": None})
        self.lead.stage_id = self.pipeline_won
        self.assertEqual(self._read(), {})

    def test_values_are_kept_and_there_again_when_it_comes_back(self):
        self._fill(self.lead, self.cups, 40)
        self.lead.stage_id = self.pipeline_qualified
        self._fill(self.lead, self.plan, "Later")
        self.lead.stage_id = self.pipeline_new
        self.assertEqual(self._read(), {"Cups a day": 40})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT lifecycle_properties FROM crm_lead WHERE id = %s", [self.lead.id]
        )
        self.assertEqual(
            self.env.cr.fetchone()[0], {self.cups.key: 40, self.plan.key: "Later"}
        )

    def test_the_form_of_a_later_stage_does_not_wipe_them_out(self):
        self._fill(self.lead, self.cups, 40)
        self.lead.stage_id = self.pipeline_qualified
        shown = self.lead.read(["lifecycle_properties"])[0]["lifecycle_properties"]
        shown[0]["value"] = "Now"
        self.lead.with_user(self.seller).web_save({"lifecycle_properties": shown}, {})
        self.assertEqual(
            self.lead.lifecycle_properties._values,
            {self.cups.key: 40, self.plan.key: "Now"},
        )

    def test_the_path_tells_what_was_written_in_each_stage(self):
        self._fill(self.lead, self.cups, 40)
        self.lead.stage_id = self.pipeline_qualified
        self._fill(self.lead, self.plan, "Later")
        path = self.lead.with_user(self.seller).get_lifecycle_path()
        self.assertEqual(
            [step["fields"] for step in path],
            [
                [{"label": "Cups a day", "value": "40"}],
                [{"label": "Time frame", "value": "Later"}],
            ],
        )
        path = self.lead.with_context(lang="zh_CN").get_lifecycle_path()
        self.assertEqual(path[1]["fields"], [{"label": "时间计划", "value": "以后"}])

    def test_labels_and_choices_are_read_in_the_language_of_the_user(self):
        self.lead.stage_id = self.pipeline_qualified
        lead = self.lead.with_user(self.seller).with_context(lang="zh_CN")
        (line,) = lead.read(["lifecycle_properties"])[0]["lifecycle_properties"]
        self.assertEqual(line["string"], "时间计划")
        self.assertEqual(line["selection"], [["Now", "现在"], ["Later", "以后"]])

    def test_they_are_found_and_grouped(self):
        other = self._new_leads()
        self._fill(self.lead, self.cups, 40)
        leads = self.env["crm.lead"].with_user(self.seller)
        path = f"lifecycle_properties.{self.cups.key}"
        self.assertEqual(leads.search([(path, ">", 30)]), self.lead)
        self.lead.stage_id = self.pipeline_qualified
        self.assertEqual(leads.search([(path, "=", 40)]), self.lead)
        groups = leads._read_group(
            [("id", "in", (self.lead | other).ids)], [path], ["__count"]
        )
        self.assertEqual(len(groups), 2)

    def test_they_can_be_required(self):
        self._require(field_paths=f"lifecycle_properties.{self.cups.key}")
        self.assertEqual(self._get_blockers(), ["Missing: Cups a day."])
        self._fill(self.lead, self.cups, 40)
        self.assertFalse(self._get_blockers())

    def test_what_a_skipped_stage_asks_in_its_own_fields_is_asked_too(self):
        self._require(
            stage=self.following, field_paths=f"lifecycle_properties.{self.plan.key}"
        )
        self.assertFalse(self._get_blockers(self.following))
        self.assertEqual(self._get_blockers(self.won), ["Missing: Time frame."])

    def test_merged_leads_keep_what_was_written_in_any_of_them(self):
        other = self._new_leads(partner_id=self.customer.id)
        other.stage_id = self.pipeline_qualified
        self._fill(self.lead, self.cups, 40)
        self._fill(other, self.cups, 7)
        self._fill(other, self.plan, "Now")
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(
            merged.lifecycle_properties._values,
            {self.cups.key: 7 if merged == other else 40, self.plan.key: "Now"},
        )

    def test_merged_customers_keep_what_was_written_in_any_of_them(self):
        satisfied = self._add("Satisfied", "boolean", self.new)
        note = self._add("Note", "char", self.new)
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        (self.customer | other)._lifecycle_move(self.new)
        self.customer.lifecycle_properties = {satisfied.key: True}
        other.lifecycle_properties = {note.key: "Pays late"}
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer)
        self.assertEqual(
            self.customer.lifecycle_properties._values,
            {satisfied.key: True, note.key: "Pays late"},
        )
        path = self.customer.get_lifecycle_path()
        self.assertIn({"label": "Satisfied", "value": "Yes"}, path[-1]["fields"])

    def test_nobody_draws_fields_on_the_record(self):
        lines = self.lead.read(["lifecycle_properties"])[0]["lifecycle_properties"]
        added = {"name": "x", "string": "X", "type": "char", "definition_changed": True}
        with self.assertRaises(UserError):
            self.lead.with_user(self.manager).lifecycle_properties = [*lines, added]

    def test_a_field_that_is_drawn_no_more_stays_readable(self):
        self._fill(self.lead, self.cups, 40)
        action = self.process.with_user(self.manager).action_new_draft()
        draft = self.process.browse(action["res_id"]).with_user(self.manager)
        draft.stage_ids.filtered(
            lambda s: s.key == self.stage.key
        ).property_ids.unlink()
        draft.action_publish()
        self.assertFalse(self.cups.active)
        self.assertEqual(self._read(), {})
        path = self.lead.with_user(self.seller).get_lifecycle_path()
        self.assertEqual(path[-1]["fields"], [{"label": "Cups a day", "value": "40"}])

    def test_a_choice_needs_something_to_choose_from(self):
        for options in (False, " \n "):
            with self.assertRaises(ValidationError):
                self._add("Empty", "selection", self.stage, options=options)

    def test_values_given_on_creation_and_by_import_are_kept(self):
        lead = self._new_leads(lifecycle_properties={self.cups.key: 3})
        self.assertEqual(self._read(lead), {"Cups a day": 3})
        xml_id = lead.export_data(["id"])["datas"][0][0]
        lead.stage_id = self.pipeline_qualified
        result = lead.load(["id", "name"], [[xml_id, "Renamed"]])
        self.assertFalse(result["messages"])
        self.assertEqual(lead.lifecycle_properties._values, {self.cups.key: 3})

    def test_drafts_and_templates_do_not_show_up_in_the_search(self):
        self.process.with_user(self.manager).action_new_draft()
        stages = self.env["crm.lifecycle.stage"]
        defined = stages.search([("property_definition", "!=", False)])
        self.assertEqual(defined.process_id, self.process)

    def test_moving_a_thousand_leads_rewrites_no_values(self):
        leads = self._new_leads(1000)
        for lead in leads[:3]:
            self._fill(lead, self.cups, 5)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        leads.write({"stage_id": self.pipeline_qualified.id})
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 120)
        self.assertEqual(leads[0].lifecycle_properties._values, {self.cups.key: 5})
