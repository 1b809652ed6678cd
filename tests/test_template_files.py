import base64
import json
import re

from odoo.tests import tagged

from .common import MODULE, TEMPLATES, TemplateCase

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@tagged("post_install", "-at_install")
class TestTemplateFiles(TemplateCase):
    """The files, the templates made of them, and what an upgrade does to them."""

    def get_texts(self, value):
        """The translated texts anywhere in a definition."""
        if isinstance(value, dict):
            if "en_US" in value:
                return [value]
            value = value.values()
        elif not isinstance(value, list):
            return []
        return [text for part in value for text in self.get_texts(part)]

    def assert_says(self, actual, expected, where):
        """What a file leaves out is a default; a line is found by its key."""
        if isinstance(expected, dict):
            for key, value in expected.items():
                self.assertIn(key, actual, where)
                self.assert_says(actual[key], value, (*where, key))
        elif isinstance(expected, list):
            self.assertEqual(len(actual), len(expected), where)
            for one, other in zip(actual, expected, strict=True):
                self.assert_says(one, other, where)
        else:
            self.assertEqual(actual, expected, where)

    def test_every_text_is_there_in_both_languages(self):
        for name in TEMPLATES:
            definition = self.read_file(name)
            for stage in definition["stages"]:
                self.assertLessEqual({"name", "goal", "guidance"}, stage.keys())
            for text in self.get_texts(definition):
                with self.subTest(template=name, text=text):
                    self.assertEqual(text.keys(), {"en_US", "zh_CN"})
                    self.assertFalse(CHINESE.search(text["en_US"]))
                    self.assertTrue(CHINESE.search(text["zh_CN"]))

    def test_a_template_is_what_its_file_says(self):
        for name, template in self.templates.items():
            with self.subTest(template=name):
                self.assert_says(
                    template._get_definition(), self.read_file(name), (name,)
                )

    def test_the_checker_finds_no_defect_in_a_template(self):
        for name, template in self.templates.items():
            with self.subTest(template=name):
                texts = [finding["text"] for finding in template._get_findings()]
                self.assertEqual(texts, [])
                marks = {m["name"]: m["share"] for m in template._get_marks()}
                for mark in ("clear", "responsible", "measurable"):
                    self.assertEqual(marks[mark], 1.0, mark)

    def test_customer_stages_say_when_silence_raises_an_alert(self):
        limits = {
            stage.key: stage.churn_silence_days
            for stage in self.templates["process_customer_lifecycle"].stage_ids
            if stage.churn_silence_days
        }
        self.assertEqual(limits, {"maintenance": 60, "repurchase": 90, "warning": 180})

    def test_the_checker_finds_nothing(self):
        for name, template in self.templates.items():
            with self.subTest(template=name):
                self.assertEqual(template._get_defects(), [])

    def test_templates_stay_out_of_the_running_scope(self):
        templates = self.env["crm.lifecycle.process"].union(*self.templates.values())
        self.assertFalse(templates & templates._find_running())
        shown = self.env["crm.lifecycle.stage"]._get_running_stages("customer")
        self.assertFalse(shown & templates.stage_ids)

    def test_an_upgrade_changes_nothing_and_doubles_nothing(self):
        templates = self.env["crm.lifecycle.process"].union(*self.templates.values())
        stages = templates.stage_ids
        before = [template._get_definition() for template in templates]
        self.reload_templates()
        self.assertEqual(templates.stage_ids, stages)
        self.assertEqual([t._get_definition() for t in templates], before)

    def test_they_load_without_chinese_and_speak_it_after_the_next_upgrade(self):
        chinese = self.env["res.lang"]._lang_get("zh_CN")
        self.env["res.users"].with_context(active_test=False).search(
            [("lang", "=", "zh_CN")]
        ).lang = "en_US"
        template = self.templates["process_nine_steps"]
        template.stage_ids[0].update_field_translations("name", {"zh_CN": False})
        chinese.active = False
        self.reload_templates()
        self.assertEqual(template.stage_ids[0].name, "Lead Capture")
        chinese.active = True
        self.reload_templates()
        name = template.stage_ids[0].with_context(lang="zh_CN").name
        self.assertEqual(name, "线索获取")

    def test_what_an_admin_archived_stays_archived(self):
        template = self.templates["process_five_steps"]
        template.active = False
        self.reload_templates()
        self.assertFalse(template.active)

    def test_a_deleted_template_comes_back_with_the_next_upgrade(self):
        self.templates["process_five_steps"].unlink()
        self.reload_templates()
        template = self.env.ref(f"{MODULE}.process_five_steps")
        self.assertEqual(len(template.stage_ids), 6)

    def test_export_and_import_give_an_equal_definition(self):
        for name, template in self.templates.items():
            with self.subTest(template=name):
                exported = template._get_definition()
                wizard = self.env["crm.lifecycle.import"].create(
                    {"file": base64.b64encode(json.dumps(exported).encode())}
                )
                self.assertFalse(wizard.error)
                action = wizard.action_import()
                copy = self.env["crm.lifecycle.process"].browse(action["res_id"])
                imported = copy._get_definition()
                self.assertNotEqual(imported.pop("key"), exported.pop("key"))
                self.assertEqual(imported, exported)
