import base64
import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon


class DefinitionCommon(LifecycleCommon):
    def _import(self, definition, process=None):
        content = (
            definition
            if isinstance(definition, bytes)
            else json.dumps(definition).encode()
        )
        return (
            self.env["crm.lifecycle.import"]
            .with_user(self.manager)
            .create(
                {
                    "file": base64.b64encode(content),
                    "process_id": process.id if process else False,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestDefinition(DefinitionCommon):
    def test_export_and_import_give_the_same_definition(self):
        definition = self.process._get_definition()
        wizard = self._import(json.loads(json.dumps(definition)))
        self.assertFalse(wizard.error)
        process = self.env["crm.lifecycle.process"].browse(
            wizard.action_import()["res_id"]
        )
        imported = process._get_definition()
        self.assertNotEqual(imported.pop("key"), definition.pop("key"))
        self.assertEqual(imported, definition)
        self.assertEqual(process.state, "draft")

    def test_translations_travel_with_the_definition(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.active.sudo().with_context(lang="zh_CN").name = "活跃"
        move = self.active.outgoing_ids[0].sudo()
        move.name = "Falls silent"
        move.with_context(lang="zh_CN").name = "沉默"
        wizard = self._import(self.process._get_definition())
        process = self.env["crm.lifecycle.process"].browse(
            wizard.action_import()["res_id"]
        )
        stage = process.stage_ids.filtered(lambda s: s.key == "customer_active")
        self.assertEqual(stage.name, "Active")
        self.assertEqual(stage.with_context(lang="zh_CN").name, "活跃")
        copy = stage.outgoing_ids.filtered("name")
        self.assertEqual(copy.with_context(lang="zh_CN").name, "沉默")

    def test_import_into_a_running_process_shows_differences_and_makes_a_draft(self):
        definition = self.process._get_definition()
        definition["stages"] = [
            s for s in definition["stages"] if s["key"] != "customer_lost"
        ]
        definition["moves"] = [
            m
            for m in definition["moves"]
            if "customer_lost" not in (m["source"], m["target"])
        ]
        wizard = self._import(definition, self.process)
        self.assertIn("Stage: Lost Customer", wizard.preview)
        draft = self.env["crm.lifecycle.process"].browse(
            wizard.action_import()["res_id"]
        )
        self.assertEqual(draft.draft_of_id, self.process)
        self.assertIn(
            self.lost, self.process.stage_ids, "nothing runs before it is published"
        )

    def test_bad_files_are_refused_whole_and_say_why(self):
        good = self.process._get_definition()
        count = self.env["crm.lifecycle.process"].search_count([])

        def changed(**values):
            return {**json.loads(json.dumps(good)), **values}

        stage = good["stages"][0]
        for content, words in (
            (b"\x00\x01", "not a process definition"),
            (b"[" * 100000, "not a process definition"),
            (b'{"format": 1, "format": 2}', "given twice"),
            (b"x" * (3 * 1024 * 1024), "too large"),
            ({"a": 1}, "not a process definition of this application"),
            (changed(version=99), "newer version"),
            (changed(name=["x"]), "not a text"),
            (changed(stages=[]), "no list of stages"),
            (changed(stages=[stage, stage]), "given twice"),
            (changed(stages=[{**stage, "name": {"en_US": " "}}]), "has no name"),
            (changed(stages=[{**stage, "phase": "x"}]), "unknown phase"),
            (changed(moves=[{"source": "a", "target": "b"}]), "not in the file"),
            (changed(moves=good["moves"][:1] * 2), "given twice"),
            (changed(moves=[{"source": ["a"], "target": {}}]), "not in the file"),
            (
                changed(
                    moves=[
                        {
                            "source": "customer_new",
                            "target": "customer_lost",
                            "trigger": "auto",
                            "domain": "[('no_field', '=', 1)]",
                        }
                    ]
                ),
                "no_field",
            ),
        ):
            with self.subTest(words=words):
                wizard = self._import(content)
                self.assertIn(words, wizard.error)
                with self.assertRaises(UserError):
                    wizard.action_import()
        self.assertEqual(self.env["crm.lifecycle.process"].search_count([]), count)

    def test_definition_of_another_process_is_refused_by_name(self):
        definition = self.process.copy({"name": "Foreign"})._get_definition()
        wizard = self._import(definition, self.process)
        self.assertIn("another process, “Foreign”", wizard.error)

    def test_copy_has_everything_and_an_identity_of_its_own(self):
        copy = self.process.copy()
        definition, original = copy._get_definition(), self.process._get_definition()
        for values in (definition, original):
            values.pop("key")
            values.pop("name")
        self.assertEqual(definition, original)
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.stage_ids & self.process.stage_ids)


@tagged("post_install", "-at_install")
class TestDownload(DefinitionCommon, HttpCase):
    def _get(self, login):
        self.authenticate(login, login)
        return self.url_open(
            f"/crm_lifecycle/process/{self.process.id}/definition.json"
        )

    def test_those_who_may_read_the_process_download_it(self):
        response = self._get(self.seller.login)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), self.process._get_definition())

    def test_others_get_the_same_answer_as_for_a_process_that_does_not_exist(self):
        self._new_user("outsider")
        self.assertEqual(self._get("lifecycle_outsider").status_code, 404)
        self.process = self.process.browse(999999)
        self.assertEqual(self._get(self.seller.login).status_code, 404)
