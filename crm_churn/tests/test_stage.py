import json

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import post_init_hook
from .common import ChurnCommon


@tagged("post_install", "-at_install")
class TestStage(ChurnCommon):
    """The limit is a part of the process like any other."""

    def _definition(self, **days):
        definition = self.process._get_definition()
        for stage in definition["stages"]:
            if stage["key"] in days:
                stage["churn_silence_days"] = days[stage["key"]]
        return definition

    def test_the_running_process_is_changed_through_a_draft(self):
        stage = self.active.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "New Draft"):
            stage.churn_silence_days = 45
        action = self.process.with_user(self.manager).action_new_draft()
        draft = self.process.browse(action["res_id"]).with_user(self.manager)
        copy = draft.stage_ids.filtered(lambda s: s.key == self.active.key)
        self.assertEqual(copy.churn_silence_days, 90)
        copy.churn_silence_days = 45
        draft.action_publish()
        self.assertEqual(self.active.churn_silence_days, 45)
        changes = str(self.process.revision_id.change_summary)
        self.assertIn("Alert after Days of Silence", changes)

    def test_export_and_import_carry_the_days(self):
        content = json.dumps(self._definition(customer_active=77)).encode()
        definition = self.process._parse_definition(content)
        imported = self.env["crm.lifecycle.process"].create({"name": "Imported"})
        imported._apply_definition(definition)
        days = {s.key: s.churn_silence_days for s in imported.stage_ids}
        self.assertEqual(days["customer_active"], 77)
        self.assertEqual(days["customer_dormant"], 300)

    def test_a_file_without_days_leaves_them_alone(self):
        definition = self._definition()
        for stage in definition["stages"]:
            del stage["churn_silence_days"]
        definition = self.process._parse_definition(json.dumps(definition).encode())
        self.process._apply_definition(definition)
        self.assertEqual(self.active.churn_silence_days, 90)

    def test_bad_days_in_a_file_are_refused_with_the_stage_named(self):
        for days in (-1, "90", 1.5, None, True, [], 10**12):
            content = json.dumps(self._definition(customer_active=days)).encode()
            with (
                self.subTest(days=days),
                self.assertRaisesRegex(ValidationError, "customer_active"),
            ):
                self.process._parse_definition(content)
        content = json.dumps(self._definition(lead_lost=5)).encode()
        with self.assertRaisesRegex(ValidationError, "not a customer stage"):
            self.process._parse_definition(content)

    def test_days_on_a_lead_stage_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "lead stage"):
            self.lead_lost.churn_silence_days = 10

    def test_negative_and_endless_days_are_refused(self):
        for days in (-1, 36501):
            with (
                self.subTest(days=days),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.active.churn_silence_days = days
                self.env.flush_all()

    # ------------------------------------------------------------
    # Installation
    # ------------------------------------------------------------

    def test_installation_sets_limits_where_there_are_none(self):
        self.process.stage_ids.churn_silence_days = 0
        draft = self.process.browse(self.process.action_new_draft()["res_id"])
        number = self.process.revision_id.number
        post_init_hook(self.env)
        for process in self.process | draft:
            days = {s.key: s.churn_silence_days for s in process.stage_ids}
            self.assertEqual(days["customer_new"], 60)
            self.assertEqual(days["customer_active"], 90)
            self.assertEqual(days["customer_dormant"], 300)
            self.assertEqual(days["customer_lost"], 0)
        revision = self.process.revision_id
        self.assertEqual(revision.number, number + 1)
        self.assertIn("Churn alerts", revision.note)
        stages = {stage["key"]: stage for stage in revision.definition["stages"]}
        self.assertEqual(stages["customer_new"]["churn_silence_days"], 60)

    def test_installation_respects_limits_that_are_set(self):
        self.process.stage_ids.churn_silence_days = 0
        self.active.churn_silence_days = 30
        number = self.process.revision_id.number
        post_init_hook(self.env)
        self.assertEqual(self.active.churn_silence_days, 30)
        self.assertEqual(self.new.churn_silence_days, 0)
        self.assertEqual(self.process.revision_id.number, number)
