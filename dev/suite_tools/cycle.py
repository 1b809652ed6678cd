"""What happens to an addon after it was installed: update, removal, return."""

from . import database
from .ownership import models
from .paths import UMBRELLA


class LifeCycle:
    """Update, uninstall and reinstall our addons on a database of tests."""

    def __init__(self, test_run):
        self.test_run = test_run
        self.report = test_run.report
        self.names = test_run.modules

    def run(self):
        """Run the steps; each counts as one test."""
        names = ",".join(self.names)
        code, log = self.test_run.server("Updating the addons …", "-u", names)
        self.report.read_phase("upgrade without warnings", code, log)
        if UMBRELLA in self.names:
            self._uninstall("uninstall of the suite alone", [UMBRELLA])
        if below := [name for name in self.names if name != UMBRELLA]:
            self._uninstall("uninstall", below)
        self.report.check("uninstall leaves nothing behind", self._leftovers())
        code, log = self.test_run.server("Installing the addons again …", "-i", names)
        self.report.read_phase("reinstall without warnings", code, log)

    def _uninstall(self, title, names):
        code, log = self.test_run.start(
            f"Uninstalling {', '.join(names)} …",
            *("module", "uninstall", "-d", self.test_run.name, *names),
        )
        self.report.read_phase(f"{title} without warnings", code, log)

    def _leftovers(self):
        """Return what the database still holds of the uninstalled addons."""
        if len(self.names) < len(self.test_run.ours):
            return []  # the others were not uninstalled
        tables = [name.replace(".", "_") for name in models()]
        queries = {
            "external id": (
                "SELECT module || '.' || name FROM ir_model_data"
                " WHERE module = ANY(%s) LIMIT 20",
                list(self.names),
            ),
            "model": ("SELECT model FROM ir_model WHERE model = ANY(%s)", [*models()]),
            "table": (
                "SELECT relname FROM pg_class WHERE relname = ANY(%s)",
                tables,
            ),
        }
        found = []
        with database.cursor(self.test_run.name) as cr:
            for kind, (query, values) in queries.items():
                cr.execute(query, [values])
                found += [f"{kind} {row[0]}" for row in cr.fetchall()]
        return found
