"""The phase on existing data: when it runs, what it compares, how it ends."""

import unittest
from types import SimpleNamespace
from unittest.mock import patch

from suite_tools import existing, testing
from suite_tools.fingerprint import Fingerprint
from suite_tools.report import Report


def _fingerprint(schema=(), **tables):
    made = Fingerprint.__new__(Fingerprint)
    made.schema, made.tables = set(schema), tables
    made.name, made.last = "none", dict.fromkeys(tables, 0)
    return made


class TestFingerprint(unittest.TestCase):
    def test_the_same_has_no_changes(self):
        before = _fingerprint(["table a"], a={"": 2, "name": 17})
        after = _fingerprint(["table a"], a={"": 2, "name": 17})
        self.assertEqual(after.changes_since(before), [])

    def test_structure_and_values_are_compared(self):
        before = _fingerprint(["table a", "index b"], a={"": 2, "name": 17, "code": 1})
        after = _fingerprint(["table a", "table c"], a={"": 2, "name": 18, "code": 1})
        self.assertEqual(
            after.changes_since(before),
            ["new table c", "lost index b", "a: changed values of name"],
        )

    def test_a_lost_column_is_a_change(self):
        before = _fingerprint(a={"": 2, "name": 17})
        after = _fingerprint(a={"": 2})
        self.assertEqual(after.changes_since(before), ["a: changed values of name"])

    def test_rows_are_counted(self):
        before = _fingerprint(rel={"": 2, "a_id": 17})
        after = _fingerprint(rel={"": 3, "a_id": 18})
        self.assertEqual(after.changes_since(before), ["rel: 2 rows before, 3 now"])


class TestPhase(unittest.TestCase):
    def _phases(self, *modules, tags=""):
        """Return whether a run of these modules has the phase."""
        with (
            patch.object(testing.TestRun, "_python_tests"),
            patch.object(testing.TestRun, "_js_tests"),
            patch.multiple(testing, Odoo=unittest.mock.DEFAULT),
            patch.multiple(
                testing,
                browser_setup=unittest.mock.DEFAULT,
                database=unittest.mock.DEFAULT,
                templates=unittest.mock.DEFAULT,
            ),
            patch.object(testing, "ExistingData") as phase,
            patch.object(testing, "step"),
            patch("builtins.print"),
        ):
            run = testing.TestRun(list(modules), tags=tags)
            run.run(cycle=False, only_odoo=True)
        return phase.called

    def test_it_runs_for_the_engine_and_the_suite_only(self):
        self.assertTrue(self._phases("crm_lifecycle"))
        self.assertTrue(self._phases("crm_lifecycle_suite"))
        self.assertFalse(self._phases("crm_feedback"))
        self.assertFalse(self._phases("crm_lifecycle", tags="/crm_lifecycle:TestGraph"))

    def test_a_start_that_fails_ends_the_phase(self):
        report = SimpleNamespace(read_phase=lambda *_arguments: None, check=None)
        test_run = SimpleNamespace(
            report=report,
            modules=["crm_lifecycle"],
            name="none",
            keep=False,
            server=lambda *_arguments, **_options: (1, None),
        )
        with (
            patch.object(existing.ExistingData, "_prepare"),
            patch.object(existing, "database") as database,
            patch.object(existing, "step"),
        ):
            existing.ExistingData(test_run).run()
        database.drop.assert_called_once_with("none_existing")

    def test_long_lists_of_problems_are_cut(self):
        report = Report()
        phase = existing.ExistingData.__new__(existing.ExistingData)
        phase.report = report
        phase._check("something", [f"lead {number}" for number in range(25)])
        ((title, details),) = report.failures
        self.assertEqual(title, "existing data: something")
        self.assertEqual(details.splitlines()[-2:], ["lead 9", "and 15 more"])
