"""Collecting how the phases of a test run went, and saying it."""

from . import logs
from .ownership import matcher


def _indent(text, limit=80):
    lines = text.splitlines()
    if len(lines) > limit:
        cut = len(lines) - limit
        lines = [*lines[:10], f"… {cut} lines left out …", *lines[10 - limit :]]
    return "\n".join(f"    {line}" for line in lines)


class Report:
    """Counts and problems of one test run."""

    def __init__(self):
        self.passed = 0
        self.failures = []  # (title, details)
        self.skipped = {}
        self.logs = []
        self.known = frozenset()
        self.is_ours = matcher()

    def add(self, passed, failures):
        """Count tests that were run elsewhere."""
        self.passed += passed
        self.failures += failures

    def check(self, title, problems):
        """Count one test which passes when there are no ``problems``."""
        if problems:
            self.failures.append((title, "\n".join(problems)))
        else:
            self.passed += 1

    def read(self, title, code, log, hoot=False, expected=True):
        """Read the log of a start that ran tests."""
        records = logs.parse(log.read_text(errors="replace"))
        outcome = logs.Outcome(records)
        passed = outcome.hoot if hoot else len(outcome.passed)
        self.passed += passed
        self.skipped.update(outcome.skipped)
        for (logger, test), messages in sorted(outcome.failed.items()):
            self.failures.append((f"{logger}: {test}", "\n".join(messages)))
        warnings = logs.warnings_of(records, self.is_ours, self.known)
        if warnings:
            self.failures.append((f"{title}: warnings in the log", _say(warnings)))
        if not warnings and not outcome.failed:
            self._check_end(title, code, log, passed or not expected)

    def _check_end(self, title, code, log, ran):
        """Fail a start that ended badly or ran nothing, without a reason given."""
        if code:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
            self.failures.append((f"{title}: Odoo ended with {code}", tail))
        elif not ran:
            self.failures.append((f"{title}: none was run", f"See {log}"))

    def read_phase(self, title, code, log):
        """Read the log of a start that ran no tests; it counts as one test."""
        records = logs.parse(log.read_text(errors="replace"))
        problems = [
            record
            for record in records
            if logs.is_problem(record) and record.fingerprint not in self.known
        ]
        if code and not problems:
            tail = log.read_text(errors="replace").splitlines()[-40:]
            self.check(title, [f"Odoo ended with {code}:", *tail])
        else:
            self.check(title, [_say(problems)] if problems else [])

    def finish(self):
        """Print everything; return whether all went well."""
        for title, details in self.failures:
            print(f"\nFAILED  {title}\n{_indent(details)}")
        for (logger, test), reason in sorted(self.skipped.items()):
            print(f"SKIPPED {logger}: {test}: {reason}")
        if self.failures and self.logs:
            print("\nLogs:\n" + "\n".join(f"    {log}" for log in self.logs))
        print(f"{self.passed} passed, {len(self.failures)} failed", flush=True)
        return not self.failures


def _say(records):
    return "\n".join(f"{r.level} {r.logger}: {r.message}" for r in records)
