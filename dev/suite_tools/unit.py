"""Running the tests of this tooling itself."""

import unittest

from .console import step
from .paths import DEV


class _Quiet(unittest.TestResult):
    """Collects without printing."""


def run(report):
    """Run ``dev/tests`` and add the outcome to ``report``."""
    folder = DEV / "tests"
    if not any(folder.glob("test_*.py")):
        return
    step("Testing the tooling …")
    suite = unittest.TestLoader().discover(str(folder), top_level_dir=str(folder))
    result = _Quiet()
    suite.run(result)
    problems = [*result.failures, *result.errors]
    failures = [(str(test), details) for test, details in problems]
    failed = {str(test) for test, _details in problems}
    passed = max(result.testsRun - len(failed) - len(result.skipped), 0)
    report.add(passed, failures)
