"""``dev/suite db``: a database of one's own within seconds."""

from . import database, templates
from .console import step
from .odoo import Odoo
from .paths import log_dir


def run(options):
    """Make the database that the command line asks for."""
    make(options.name, options.init, options.demo, options.fresh)


def make(name, modules="", demo=False, fresh=False):
    """Clone the template as ``name`` and install ``modules`` into it.

    An existing database is kept unless ``fresh``; modules that are there
    already are updated.
    """
    odoo = Odoo()
    database.check_name(name)
    if fresh:
        database.drop(name)
    if not database.exists(name):
        templates.clone(odoo, name, demo)
        step(f"Database “{name}” made from the template.")
    if modules:
        install(odoo, name, modules, demo)


def install(odoo, name, modules, demo, quiet=False):
    """Install the comma-separated ``modules``, or update them."""
    installed = installed_modules(name)
    wanted = [module.strip() for module in modules.split(",") if module.strip()]
    new = [module for module in wanted if module not in installed]
    old = [module for module in wanted if module in installed]
    arguments = ["server", "-d", name, "--stop-after-init", "--no-http"]
    arguments += ["-i", ",".join(new)] if new else []
    arguments += ["-u", ",".join(old)] if old else []
    arguments += ["--with-demo"] if demo else []
    log = log_dir() / f"db-{name}.log"
    step(f"Installing {', '.join(wanted)} …")
    odoo.must_run(*arguments, log=log)
    if not quiet:
        _show_problems(log)
        step(f"Ready. Log: {log}")


def installed_modules(name):
    """Return the names of the modules installed in the database."""
    with database.cursor(name) as cr:
        cr.execute("SELECT name FROM ir_module_module WHERE state = 'installed'")
        return {row[0] for row in cr.fetchall()}


def _show_problems(log):
    for line in log.read_text().splitlines():
        if any(f" {level} " in line[:60] for level in ("WARNING", "ERROR", "CRITICAL")):
            print(line)
