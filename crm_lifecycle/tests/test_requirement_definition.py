import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_requirement import RequirementCommon
from .test_definition import DefinitionCommon


@tagged("post_install", "-at_install")
class TestRequirementDefinition(RequirementCommon, DefinitionCommon):
    """Requirements and own fields of stages belong to the definition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.property = (
            cls.env["crm.lifecycle.property"]
            .sudo()  # sudo: the process runs
            .create(
                {
                    "stage_id": cls.stage.id,
                    "name": "Cups a day",
                    "kind": "integer",
                    "key": "cups",
                }
            )
        )
        cls.fields = cls._require(
            field_paths="phone,lifecycle_properties.cups",
            name="Reachable",
            help="Call.",
        )
        cls.fields.with_context(lang="zh_CN").name = "可联系"
        cls.activity = cls._require(
            "activity",
            activity_type_id=cls.call.id,
            is_hard=False,
            transition_id=cls.move.id,
        )

    def _new_draft(self):
        action = self.process.with_user(self.manager).action_new_draft()
        return self.env["crm.lifecycle.process"].browse(action["res_id"])

    def _twin(self, draft, key=None):
        return draft.stage_ids.filtered(lambda s: s.key == (key or self.stage.key))

    def test_they_travel_by_export_and_import_in_every_language(self):
        definition = json.loads(json.dumps(self.process._get_definition()))
        wizard = self._import(definition)
        self.assertFalse(wizard.error)
        process = self.env["crm.lifecycle.process"].browse(
            wizard.action_import()["res_id"]
        )
        imported = process._get_definition()
        self.assertEqual(imported["stages"], definition["stages"])
        self.assertEqual(imported["moves"], definition["moves"])
        stage = self._twin(process)
        self.assertEqual(
            stage.with_context(lang="zh_CN").requirement_ids.name, "可联系"
        )
        move = stage.outgoing_ids.requirement_ids
        self.assertEqual(move.activity_type_id, self.call)
        self.assertEqual(move.transition_id.target_id.key, self.following.key)

    def test_what_runs_is_frozen_and_changed_by_a_draft(self):
        fields = self.fields.with_user(self.manager)
        for values in ({"is_hard": False}, {"transition_id": self.move.id}):
            with self.assertRaises(UserError):
                fields.write(values)
        with self.assertRaises(UserError):
            fields.unlink()
        with self.assertRaises(UserError):
            fields.create({"stage_id": self.stage.id, "kind": "step"})
        draft = self._new_draft().with_user(self.manager)
        twin = self._twin(draft)
        twin.requirement_ids.is_hard = False
        twin.requirement_ids.create({"stage_id": twin.id, "kind": "step"})
        twin.outgoing_ids.requirement_ids.unlink()
        self.assertTrue(self.fields.is_hard, "what runs is as it was")
        draft.action_publish()
        self.assertFalse(self.fields.is_hard)
        self.assertFalse(self.activity.exists())
        self.assertEqual(self.stage.requirement_ids.mapped("kind"), ["fields", "step"])

    def test_differences_name_them(self):
        before = self.process._get_definition()
        draft = self._new_draft()
        self._twin(draft).requirement_ids.is_hard = False
        self._twin(draft).property_ids.name = "Cups"
        self._twin(draft).outgoing_ids.requirement_ids.unlink()
        texts = [
            text
            for _kind, text in self.process._get_differences(
                before, draft._get_definition()
            )
        ]
        self.assertIn("Stage: New (Own Fields, Requirements)", texts)
        self.assertIn("Move: New → Qualified (Requirements)", texts)

    def test_bad_files_are_refused_whole_and_say_why(self):
        good = self.process._get_definition()
        index = [stage["key"] for stage in good["stages"]].index(self.stage.key)
        move = [
            (line["source"], line["target"]) == (self.stage.key, self.following.key)
            for line in good["moves"]
        ].index(True)
        line = {"key": "a", "kind": "fields", "field_paths": "phone"}
        for part, lines, words in (
            ("requirements", "x", "not written as a list"),
            ("requirements", [line, line], "no technical name of its own"),
            ("requirements", [{**line, "kind": "magic"}], "not one of its kind"),
            ("requirements", [{**line, "field_paths": "no_field"}], "no_field"),
            ("requirements", [{**line, "field_paths": ""}], "at least one field"),
            ("requirements", [{**line, "kind": "domain"}], "in words"),
            ("properties", [{"key": "A b", "name": "X"}], "no technical name"),
            ("properties", [{"key": "x_html", "name": "X"}], "no technical name"),
            ("properties", [{"key": "x"}], "no label"),
            (
                "properties",
                [{"key": "x", "name": "X", "kind": "selection"}],
                "no choices",
            ),
        ):
            with self.subTest(words=words, lines=lines):
                definition = json.loads(json.dumps(good))
                definition["stages"][index][part] = lines
                wizard = self._import(definition)
                self.assertIn(words, wizard.error)
        definition = json.loads(json.dumps(good))
        definition["moves"][move]["requirements"] = [{**line, "field_paths": "nope.x"}]
        self.assertIn("nope", self._import(definition).error)

    def test_a_rule_that_broke_is_copied_and_named_when_published(self):
        self.env.cr.execute(
            "UPDATE crm_lifecycle_requirement SET field_paths = 'gone' WHERE id = %s",
            [self.fields.id],
        )
        self.env.invalidate_all()
        draft = self._new_draft().with_user(self.manager)
        with self.assertRaises(UserError) as caught:
            draft.action_publish()
        self.assertIn("Reachable", str(caught.exception))
        self.assertIn("gone", str(caught.exception))
        self._twin(draft).requirement_ids.field_paths = "phone"
        draft.action_publish()
        self.assertEqual(self.fields.field_paths, "phone")

    def test_a_field_nobody_has_any_more_is_named_when_published(self):
        draft = self._new_draft().with_user(self.manager)
        self._twin(draft).property_ids.active = False
        with self.assertRaises(UserError) as caught:
            draft.action_publish()
        self.assertIn("lifecycle_properties.cups", str(caught.exception))

    def test_a_stage_that_is_gone_takes_what_it_asked_along(self):
        empty = self.env["crm.lifecycle.process"].create({"name": "Small"})
        stage = self.env["crm.lifecycle.stage"].create(
            {"name": "A", "process_id": empty.id, "phase": "customer"}
        )
        requirement = self._require("step", stage=stage)
        stage.unlink()
        self.assertFalse(requirement.exists())

    def test_counts_and_lists(self):
        self.assertEqual(self.stage.requirement_count, 2)
        self.assertEqual(self.move.requirement_count, 1)
        self.assertEqual(self.process.requirement_count, 2)
        found = self.env["crm.lifecycle.requirement"].search(
            self.process.action_view_requirements()["domain"]
        )
        self.assertEqual(found, self.fields | self.activity)
        self.assertEqual(
            sorted(found.mapped("display_name")), ["Activity done: Call", "Reachable"]
        )

    def test_sellers_read_them_and_change_nothing(self):
        seller = self.fields.with_user(self.seller)
        self.assertEqual(seller.name, "Reachable")
        with self.assertRaises(AccessError):
            seller.last_error = "X"
        with self.assertRaises(AccessError):
            self.property.with_user(self.seller).active = False
        outsider = self._new_user("outsider")
        with self.assertRaises(AccessError):
            self.fields.with_user(outsider).read(["name"])

    def test_own_fields_are_chosen_as_tags(self):
        self.assertEqual(self.fields.property_ids, self.property)
        draft = self._new_draft()
        twin = self._twin(draft)
        self.assertEqual(twin.requirement_ids.property_ids, twin.property_ids)
        twin.requirement_ids.property_ids = False
        self.assertEqual(twin.requirement_ids.field_paths, "phone")
        twin.requirement_ids.property_ids = twin.property_ids
        self.assertEqual(
            twin.requirement_ids.field_paths, "phone,lifecycle_properties.cups"
        )
