import json
import sys
from pathlib import Path

from odoo.tests import TransactionCase
from odoo.tools.convert import convert_file

ROOT = Path(__file__).resolve().parents[1]
MODULE = __package__.split(".")[2]
TEMPLATES = (
    "process_nine_steps",
    "process_five_steps",
    "process_customer_lifecycle",
)


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
