"""``dev/suite test``: every test there is, in as few Odoo starts as is honest.

1. The tests of this tooling (plain Python).
2. One Odoo start that installs our addons on a clone of the template and
   runs their tests, tours included.
3. The JavaScript unit tests of addons that have any. Odoo runs none of them
   in a start that also updates modules, hence a start of their own.
4. Update, uninstall and reinstall of our addons on the same database.
5. The same on a database full of data that was there before, see existing.py.

A warning in the log that is ours fails the run like a failing test.
"""

import secrets
import time

from . import addons, browser_setup, database, templates, unit
from .console import SuiteError, step
from .cycle import LifeCycle
from .db import installed_modules
from .existing import TRIED_BY, ExistingData
from .odoo import Odoo
from .paths import log_dir
from .report import Report
from .server import free_port


def has_js_tests(folder):
    """Tell whether the addon in ``folder`` has JavaScript unit tests."""
    return any((folder / "static/tests").rglob("*.test.js"))


class TestRun:
    """One run on one database."""

    def __init__(self, modules, tags="", name="", keep=False, alone=()):
        self.ours = addons.folders()
        self.alone = alone
        self.modules = modules or list(self.ours)
        if unknown := set(self.modules) - set(self.ours):
            raise SuiteError(f"No addon of ours: {', '.join(sorted(unknown))}")
        self.tags = tags
        self.reused = bool(name)
        self.keep = keep or self.reused
        self.name = name or f"test_{time.strftime('%H%M%S')}_{secrets.token_hex(3)}"
        self.report = Report()
        self.odoo = None

    def run(self, cycle=True, existing=True, only_odoo=False):
        """Run all phases; return whether everything went well."""
        if not only_odoo:
            unit.run(self.report)
        if self.modules:
            self._run_odoo(cycle, existing)
        return self.report.finish()

    def _run_odoo(self, cycle, existing):
        browser_setup.ensure()
        self.odoo = Odoo()
        if not database.exists(self.name):
            templates.clone(self.odoo, self.name, alone=self.alone)
        template = templates.name(self.odoo, alone=self.alone)
        self.report.known = templates.known_warnings(template)
        try:
            self._python_tests()
            self._js_tests()
            whole = not self.tags and not self.reused
            if cycle and whole:
                LifeCycle(self).run()
            if existing and whole and TRIED_BY.intersection(self.modules):
                ExistingData(self).run()
        finally:
            if self.keep:
                step(f"Database kept: {self.name}")
            else:
                database.drop(self.name)

    def start(self, title, *arguments, stdin=None):
        """Run one Odoo start; return its exit code and the path of its log."""
        step(title)
        log = log_dir() / f"{self.name}-{len(self.report.logs) + 1}.log"
        self.report.logs.append(log)
        return self.odoo.run(*arguments, log=log, stdin=stdin), log

    def server(self, title, *arguments, name=""):
        """Run Odoo's server until it has done what ``arguments`` ask.

        ``name`` is another database than that of the tests.
        """
        return self.start(
            title, "server", "-d", name or self.name, "--stop-after-init",
            "--http-port", free_port(), *arguments,
        )  # fmt: skip

    def _python_tests(self):
        installed = installed_modules(self.name)
        old = [name for name in self.modules if name in installed]
        new = [name for name in self.modules if name not in installed]
        arguments = ["-i", ",".join(new)] if new else []
        arguments += ["-u", ",".join(old)] if old else []
        tags = self.tags or ",".join(f"/{name}" for name in self.modules)
        title = f"Testing {', '.join(self.modules)} on database {self.name} …"
        code, log = self.server(title, *arguments, "--test-tags", tags)
        self.report.read("Odoo tests", code, log, expected=self._has_tests())

    def _has_tests(self):
        folders = [self.ours[name] / "tests" for name in self.modules]
        return any(any(folder.glob("test_*.py")) for folder in folders)

    def _js_tests(self):
        names = [name for name in self.modules if has_js_tests(self.ours[name])]
        if not names or self.tags:
            return
        suites = ",".join(f"@{name}" for name in names)
        tags = f"/web:WebSuite.test_unit_desktop[{suites}]"
        title = f"JavaScript tests of {', '.join(names)} …"
        code, log = self.server(title, "--test-tags", tags)
        self.report.read("JavaScript tests", code, log, hoot=True, expected=True)


def run(options):
    """Run the tests as the command line asks."""
    alone = [options.alone] if options.alone else []
    modules = [name for name in (options.modules or "").split(",") if name]
    modules = alone or modules
    test_run = TestRun(modules, options.tags, options.db, options.keep, alone)
    only_odoo = bool(modules or options.tags or options.db)
    cycle, existing = not options.no_cycle, not options.no_existing
    return 0 if test_run.run(cycle, existing, only_odoo) else 1
