"""Reading Odoo's log: tests, their failures, and warnings."""

import re
from typing import NamedTuple

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) "
    r"(?P<logger>[\w.]+): (?P<message>.*)$"
)
STARTING = re.compile(r"^Starting (?P<test>\w+\.\w+) \.\.\.$")
SKIPPED = re.compile(r"^skipped (?P<test>\S+) : (?P<reason>.*)$")
PROBLEM = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>.+)$")
HOOT = re.compile(r"\[HOOT\] (?P<verdict>Passed|Failed) (?P<count>\d+) tests?")
SUBTEST = re.compile(r"^(?P<test>\w+\.\w+)(?: .*)?$")
NO_BROWSER = re.compile(r"chrom|devtools|websocket", re.IGNORECASE)
BAD = ("WARNING", "ERROR", "CRITICAL")


class Record(NamedTuple):
    """One entry of the log, with the lines that follow its first one."""

    level: str
    logger: str
    message: str
    started: bool  # whether a test had been started before

    @property
    def first_line(self):
        """Return the message without what follows (a traceback)."""
        return self.message.partition("\n")[0]

    @property
    def fingerprint(self):
        """Return what stays the same when the same happens again."""
        return re.sub(r"\d+", "0", f"{self.logger}: {self.first_line}")


def parse(text):
    """Return the records of a log; lines of no record join the one before."""
    records, started = [], False
    for line in text.splitlines():
        match = LINE.match(line.rstrip())
        if match:
            level, _database, logger, message = match.groups()
            started = started or bool(STARTING.match(message))
            records.append([level, logger, [message], started])
        elif records:
            records[-1][2].append(line)
        elif "Warning: " in line:
            records.append(["WARNING", "python", [line], started])
    return [Record(lev, name, "\n".join(msg), s) for lev, name, msg, s in records]


class Outcome:
    """How the tests of one run went."""

    def __init__(self, records):
        self.tests = set()
        self.failed = {}
        self.skipped = {}
        self.hoot = 0
        for record in records:
            self._read(record)

    def _read(self, record):
        line = record.first_line
        if match := STARTING.match(line):
            self.tests.add((record.logger, match["test"]))
        elif match := SKIPPED.match(line):
            self._skip((record.logger, match["test"]), match["reason"])
        elif record.level == "ERROR" and (match := PROBLEM.match(line)):
            self._fail(record.logger, match["test"], record.message)
        if (match := HOOT.search(line)) and match["verdict"] == "Passed":
            self.hoot = max(self.hoot, int(match["count"]))

    def _skip(self, test, reason):
        if NO_BROWSER.search(reason):
            self.failed[test] = [f"The browser could not be used: {reason}"]
        else:
            self.skipped[test] = reason

    def _fail(self, logger, name, message):
        match = SUBTEST.match(name)
        test = (logger, match["test"] if match else name)
        self.failed.setdefault(test, []).append(message)

    @property
    def passed(self):
        """Return the tests that ran and neither failed nor were skipped."""
        return self.tests - set(self.failed) - set(self.skipped)


def is_problem(record):
    """Tell whether the record reports a problem that is no test's verdict."""
    verdict = PROBLEM.match(record.first_line) or "odoo.tests.result" == record.logger
    return record.level in BAD and not verdict


def warnings_of(records, is_ours, known=frozenset()):
    """Return the records that must not be in the log of our addons.

    Before the first test any warning counts that the plain template did not
    give (``known``); afterwards, where tests provoke refusals on purpose,
    only those that name something of ours.
    """
    return [
        record
        for record in records
        if is_problem(record)
        and record.fingerprint not in known
        and (not record.started or is_ours(record))
    ]
