"""Each rule of the house finds what breaks it, and nothing else."""

import tempfile
import unittest
from pathlib import Path

from suite_tools import architecture


class TestArchitecture(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def addon(self, name, files, depends=()):
        folder = self.root / name
        sources = {"__manifest__.py": repr({"depends": list(depends)}), **files}
        for path, source in sources.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(source)
        return {name: folder}

    def found(self, rule, *arguments, **kwargs):
        return list(rule(self.addon(*arguments, **kwargs)))

    def test_an_addon_names_none_above_it(self):
        rule = architecture.names_point_downwards
        bad = {"models/a.py": "x = env['crm.feedback']"}
        self.assertEqual(len(self.found(rule, "crm_lifecycle", bad)), 1)
        self.assertEqual(len(self.found(rule, "crm_churn", bad)), 1)
        self.assertEqual(self.found(rule, "crm_feedback", bad), [])

    def test_signals_may_ask_what_is_installed(self):
        rule = architecture.names_point_downwards
        registry = {"models/crm_churn_signal.py": "x = 'crm.feedback'"}
        self.assertEqual(self.found(rule, "crm_churn", registry), [])

    def test_depends_point_downwards(self):
        rule = architecture.depends_point_downwards
        self.assertTrue(self.found(rule, "crm_churn", {}, depends=["crm_feedback"]))
        self.assertFalse(self.found(rule, "crm_churn", {}, depends=["crm_lifecycle"]))

    def test_the_engine_names_no_host(self):
        rule = architecture.engine_knows_no_host
        source = "x = fields.Many2one('res.partner')"
        engine = {"models/crm_lifecycle_visit.py": source}
        self.assertEqual(len(self.found(rule, "crm_lifecycle", engine)), 1)

    def test_hosts_may_name_themselves(self):
        rule = architecture.engine_knows_no_host
        host = {"models/res_partner.py": "_inherit = 'res.partner'"}
        self.assertEqual(self.found(rule, "crm_lifecycle", host), [])

    def test_long_files_and_functions(self):
        body = "def f():\n" + "    x = 1\n" * 40
        files = {"a.py": body, "tests/test_a.py": body, "b.py": "x = 1\n" * 301}
        found = self.found(architecture.functions_are_short, "crm_churn", files)
        self.assertEqual(len(found), 1)
        found = list(architecture.files_are_short({"x": self.root / "crm_churn"}))
        self.assertEqual(len(found), 1)

    def test_sudo_needs_a_reason(self):
        rule = architecture.rights_are_explained
        self.assertTrue(self.found(rule, "a", {"m.py": "x.sudo()\n"}))
        self.assertFalse(self.found(rule, "b", {"m.py": "x.sudo()  # totals only\n"}))

    def test_the_umbrella_is_not_what_its_folder_holds(self):
        umbrella = self.addon("suite", {"tests/test_x.py": "", "a.py": "x.sudo()\n"})
        self.addon("suite/crm_churn", {"a.py": "x.sudo()\n"})
        self.addon("suite", {"dev/a.py": "x.sudo()\n"})
        found = list(architecture.rights_are_explained(umbrella))
        self.assertEqual(len(found), 1)
