"""Reading Odoo's log: what counts as run, failed, skipped, and a warning."""

import unittest

from suite_tools import logs

HEAD = "2026-01-02 03:04:05,678 99"
TESTS = "odoo.addons.crm_x.tests.test_x"


def line(level, logger, message):
    return f"{HEAD} {level} db {logger}: {message} "


LOG = "\n".join(
    [
        line("WARNING", "odoo.modules", "something 17 known"),
        line("INFO", TESTS, "Starting TestX.test_good ..."),
        line("INFO", TESTS, "Starting TestX.test_bad ..."),
        line("ERROR", TESTS, "FAIL: TestX.test_bad"),
        "Traceback (most recent call last):",
        "AssertionError: 1 != 2",
        line("INFO", TESTS, "Starting TestX.test_parts ..."),
        line("ERROR", TESTS, "ERROR: Subtest TestX.test_parts (n=1)"),
        line("ERROR", TESTS, "ERROR: Subtest TestX.test_parts (n=2)"),
        line("INFO", TESTS, "Starting TestX.test_later ..."),
        line("INFO", TESTS, "skipped TestX.test_later : not now"),
        line("INFO", TESTS, "Starting TestX.test_tour ..."),
        line("INFO", TESTS, "skipped TestX.test_tour : Chrome executable not found"),
        line("ERROR", "odoo.tests.suite", "ERROR: setUpClass (odoo.addons.crm_x.Y)"),
        line("WARNING", "odoo.http", "a refusal that a test provoked"),
        line("WARNING", "odoo.addons.crm_x.models.x", "ours"),
        line("INFO", "browser", "[HOOT] Passed 12 tests (30 assertions)"),
        line("ERROR", "odoo.tests.result", "1 failed, 2 error(s) of 5 tests"),
    ]
)


def is_ours(record):
    return "crm_x" in record.logger


class TestLogs(unittest.TestCase):
    def setUp(self):
        self.records = logs.parse(LOG)
        self.outcome = logs.Outcome(self.records)

    def test_tests_are_counted_once(self):
        self.assertEqual(len(self.outcome.tests), 5)
        self.assertEqual(self.outcome.passed, {(TESTS, "TestX.test_good")})

    def test_failures_keep_their_traceback(self):
        messages = self.outcome.failed[(TESTS, "TestX.test_bad")]
        self.assertIn("AssertionError: 1 != 2", messages[0])

    def test_parts_of_a_test_are_one_failure(self):
        self.assertEqual(len(self.outcome.failed[(TESTS, "TestX.test_parts")]), 2)

    def test_failure_of_a_class_counts(self):
        name = "setUpClass (odoo.addons.crm_x.Y)"
        self.assertIn(("odoo.tests.suite", name), self.outcome.failed)

    def test_missing_browser_is_a_failure(self):
        self.assertIn((TESTS, "TestX.test_tour"), self.outcome.failed)
        self.assertEqual(set(self.outcome.skipped), {(TESTS, "TestX.test_later")})

    def test_javascript_tests_are_counted(self):
        self.assertEqual(self.outcome.hoot, 12)

    def test_warnings_before_the_tests_all_count_unless_known(self):
        found = logs.warnings_of(self.records, is_ours)
        self.assertEqual(
            [record.first_line for record in found], ["something 17 known", "ours"]
        )
        known = {"odoo.modules: something 0 known"}
        found = logs.warnings_of(self.records, is_ours, known)
        self.assertEqual([record.first_line for record in found], ["ours"])
