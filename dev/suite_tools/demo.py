"""``dev/suite demo``: a live Odoo with demo data on a local address."""

import json

from . import addons, database, db, server, templates
from .console import SuiteError, step
from .locks import lock
from .odoo import Odoo
from .paths import ROOT, UMBRELLA, digest, log_dir, state_root

NAME = "demo"
FIRST_PORT = 8069
SOURCES = {".py", ".xml", ".csv", ".js", ".scss", ".css", ".po", ".json", ".svg"}


def fingerprint(template):
    """Return a key of everything that the demo database was made from."""
    parts = [template]
    for folder in sorted(addons.folders().values()):
        pattern = "*" if folder == ROOT else "**/*"
        folders = (folder / name for name in ("data", "demo", "i18n", "static"))
        paths = list(folder.glob(pattern))
        if folder == ROOT:
            paths += [path for part in folders for path in part.glob("**/*")]
        for path in sorted(paths):
            if path.suffix in SOURCES and path.is_file():
                parts += [path.relative_to(ROOT), path.read_bytes().hex()]
    return digest(*parts)


def _record():
    return state_root() / "demo.json"


def read_record():
    """Return what is known of the demo: fingerprint, process, port."""
    try:
        return json.loads(_record().read_text())
    except (OSError, ValueError):
        return {}


def _write_record(**values):
    _record().write_text(json.dumps({**read_record(), **values}))


def stop():
    """Stop the demo server; tell whether one was running."""
    pid = read_record().get("pid")
    if not pid or not server.is_odoo(pid):
        return False
    server.stop_process(pid)
    _write_record(pid=None)
    return True


def _choose_port(wanted):
    if wanted:
        if server.is_listening(wanted):
            raise SuiteError(f"Port {wanted} is in use; choose another --port.")
        return wanted
    ports = range(FIRST_PORT, FIRST_PORT + 100)
    return next(port for port in ports if not server.is_listening(port))


def prepare(odoo, fresh):
    """Make the database, or bring it up to date with the sources."""
    template = templates.name(odoo, demo=True)
    key = fingerprint(template)
    record = read_record()
    missing = set(record.get("addons", ())) - set(addons.folders())
    if fresh or missing or record.get("template") != template:
        database.drop(NAME)
    elif database.exists(NAME) and record.get("fingerprint") == key:
        step("The demo database is up to date.")
        return
    names = [UMBRELLA] if UMBRELLA in addons.folders() else addons.roots()
    installed = db.installed_modules(NAME) if database.exists(NAME) else set()
    names = sorted(installed.intersection(addons.folders()).union(names))
    _write_record(fingerprint=None, template=template)
    db.make(NAME, ",".join(names), demo=True)
    _write_record(fingerprint=key, addons=sorted(addons.folders()))


def run(options):
    """Prepare the database, start the server, say where it is."""
    odoo = Odoo()
    with lock("demo"):
        if stop():
            step("The demo server that was running is stopped.")
        prepare(odoo, options.fresh)
        port = _choose_port(options.port)
        step("Starting the demo server …")
        running = server.Server(odoo, NAME, port, log_dir() / "demo.log")
        _write_record(pid=running.process.pid, port=port)
        running.wait()
    print(f"\nThe demo runs at {running.address}  (login: admin, password: admin)")
    print(f"Database: {NAME}   Log: {running.log}", flush=True)
    if options.detach:
        print("Stop it with: dev/suite stop", flush=True)
        return
    print("Stop it with Ctrl-C.", flush=True)
    try:
        running.process.wait()
    except KeyboardInterrupt:
        running.stop()
