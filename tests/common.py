import json
import sys
from pathlib import Path

from odoo.tests import TransactionCase
from odoo.tools.convert import convert_file

from odoo.addons.crm_lifecycle.exceptions import MoveRefused

ROOT = Path(__file__).resolve().parents[1]
MODULE = __package__.split(".")[2]
TEMPLATES = (
    "process_nine_steps",
    "process_five_steps",
    "process_customer_lifecycle",
)
# what people fill in when a template asks for it
ANSWERS = {
    "phone": "+32 2 555 12 34",
    "expected_revenue": 5000,
    "date_deadline": "2030-01-31",
}


def import_tooling():
    """Make the packages of ``dev/`` importable; it lies beside the addons."""
    folder = str(ROOT / "dev")
    if folder not in sys.path:
        sys.path.insert(0, folder)


class TemplateCase(TransactionCase):
    """The three templates and a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.env.ref("base.user_admin"))
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.reload_templates()
        cls.templates = {name: cls.env.ref(f"{MODULE}.{name}") for name in TEMPLATES}

    @classmethod
    def reload_templates(cls):
        """What an upgrade of the addon does with the templates."""
        env = cls.env(su=True)
        for name in TEMPLATES:
            convert_file(env, MODULE, f"data/{name}_data.xml", {}, mode="update")

    @staticmethod
    def read_file(name):
        """The definition file of a template."""
        return json.loads((ROOT / "data" / f"{name}.json").read_text(encoding="utf-8"))

    def publish(self, name):
        """Use a template and let the copy run for a sales team of its own."""
        action = self.templates[name].action_use_template()
        process = self.env["crm.lifecycle.process"].browse(action["res_id"])
        process.team_ids = self.env["crm.team"].create({"name": name})
        process.action_publish()
        return process

    def move_on(self, lead, stage):
        """Move as people do: fill in what is asked for, say why the rest is missing.

        :return: what the process said was missing
        """
        values = {"stage_id": stage.crm_stage_id.id}
        try:
            with self.env.cr.savepoint():
                lead.write(values)
            return []
        except MoveRefused as error:
            refusal = error.context["lifecycle_refusal"]
        lead.invalidate_recordset()
        for form in refusal["forms"]:
            names = ANSWERS.keys() & set(form["fields"])
            record = lead.env[form["model"]].browse(form["id"])
            record.write({name: ANSWERS[name] for name in names})
        lead.write({**values, "lifecycle_move_reason": "They are in a hurry"})
        missing = [*refusal["records"], *refusal["warnings"]]
        return [text for record in missing for text in record["reasons"]]
