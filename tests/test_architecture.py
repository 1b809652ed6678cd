from odoo.tests import BaseCase, tagged

from .common import MODULE, ROOT, import_tooling

import_tooling()

from suite_tools import architecture  # noqa: E402  the tooling is found only now


@tagged("post_install", "-at_install")
class TestArchitecture(BaseCase):
    """The direction of the house: names point downwards, the engine knows no host."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addons = {
            path.parent.name: path.parent for path in ROOT.glob("*/__manifest__.py")
        }
        cls.addons[MODULE] = ROOT

    def test_no_addon_names_one_above_or_beside_it(self):
        self.assertFalse(list(architecture.names_point_downwards(self.addons)))

    def test_manifests_depend_downwards(self):
        self.assertFalse(list(architecture.depends_point_downwards(self.addons)))

    def test_the_engine_never_names_its_hosts(self):
        self.assertFalse(list(architecture.engine_knows_no_host(self.addons)))

    def test_the_rules_find_what_breaks_them(self):
        siblings = {"crm_churn": self.addons["crm_feedback"]}
        self.assertTrue(list(architecture.names_point_downwards(siblings)))

    def test_the_suite_has_neither_models_nor_assets(self):
        self.assertFalse((ROOT / "models").exists())
        self.assertNotIn("assets", architecture.manifest(ROOT))
