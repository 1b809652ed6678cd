"""Odoo's command line with interpreter, configuration and paths ready."""

import os
import subprocess

from . import addons, postgres, runtime, venv
from .console import SuiteError
from .locks import lock
from .paths import ROOT, UMBRELLA, checkout_root, data_dir

OPTIONS = {
    "admin_passwd": "admin",
    "http_interface": "127.0.0.1",
    "server_wide_modules": "base,web",
    "max_cron_threads": "1",
    "limit_time_cpu": "3600",
    "limit_time_real": "7200",
    "limit_memory_soft": "0",
    "limit_memory_hard": "0",
}


def _link_checkout():
    """Link the checkout under the umbrella's name; a clone has any name."""
    parent = checkout_root() / "addons"
    parent.mkdir(exist_ok=True)
    link = parent / UMBRELLA
    if not link.is_symlink() or link.resolve() != ROOT:
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT)
    return parent


def addons_paths(odoo):
    """Return the add-ons path: Odoo's, the checkout, then its parent.

    The checkout comes before its parent, else exports book the terms of
    every addon under the umbrella.
    """
    parent = _link_checkout()
    found = addons.folders()
    paths = list(odoo.addons_paths)
    if set(found) - {UMBRELLA}:
        paths.append(ROOT)
    if UMBRELLA in found:
        paths.append(parent)
    return paths


def write_config(odoo):
    """Write the configuration of this checkout and return its path."""
    path = checkout_root() / "odoo.conf"
    options = {
        **OPTIONS,
        "addons_path": ",".join(str(folder) for folder in addons_paths(odoo)),
        "data_dir": data_dir(),
    }
    lines = ["[options]\n"] + [f"{key} = {value}\n" for key, value in options.items()]
    text = "".join(lines)
    with lock("config"):
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
    return path


class Odoo:
    """A ready-made command line; creating one provisions what is missing."""

    def __init__(self):
        self.runtime = runtime.ensure()
        self.python = venv.ensure()
        postgres.ensure()
        self.config = write_config(self.runtime)

    def environment(self):
        """Return the environment of an Odoo process."""
        paths = [str(self.runtime.home), os.environ.get("PYTHONPATH", "")]
        return {
            **os.environ,
            "ODOO_RC": str(self.config),
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
            "TZ": "UTC",
        }

    def command(self, *arguments):
        """Return the command line for ``arguments``."""
        return [str(self.python), "-m", "odoo", *(str(part) for part in arguments)]

    def replace(self, *arguments):
        """Become Odoo: for interactive use."""
        command = self.command(*arguments)
        os.execvpe(command[0], command, self.environment())

    def run(self, *arguments, log, stdin=None):
        """Run Odoo to its end with its output in the file ``log``."""
        with open(log, "w") as output:
            return subprocess.run(
                self.command(*arguments),
                env=self.environment(),
                input=stdin,
                stdin=subprocess.DEVNULL if stdin is None else None,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            ).returncode

    def must_run(self, *arguments, log, stdin=None):
        """Run Odoo to its end; fail with the end of the log."""
        code = self.run(*arguments, log=log, stdin=stdin)
        if code:
            tail = "\n".join(log.read_text().splitlines()[-30:])
            raise SuiteError(f"Odoo failed ({code}), log {log}:\n{tail}")


def run(options):
    """Become Odoo with the arguments of the command line."""
    Odoo().replace(*options.arguments)
