"""Virtual environments, one per set of requirements and Python version."""

import os
import sys
import venv
from pathlib import Path

from .console import SuiteError, run, step
from .locks import build_once
from .paths import DEV, cache_root, digest

ODOO_REQUIREMENTS = DEV / "requirements-odoo.txt"
MINIMUM = (3, 10)


def _folder(requirements):
    version = ".".join(str(part) for part in sys.version_info[:3])
    key = digest(version, sys.base_prefix, requirements.read_text())
    return cache_root() / "venvs" / f"{requirements.stem}-{key}"


def ensure(requirements=ODOO_REQUIREMENTS):
    """Return the interpreter of the environment of ``requirements``."""
    if sys.version_info < MINIMUM:
        raise SuiteError("Python 3.10 or later is needed.")

    def build(folder):
        step(f"Installing {requirements.name} into a virtual environment …")
        venv.create(folder, with_pip=True)
        pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check"]
        run(
            [*pip, "install", "--quiet", "--prefer-binary", "-r", requirements],
            log=folder / "install.log",
            hint="Is a Python package index reachable from here?",
        )

    return build_once(_folder(requirements), build) / "bin/python"


def enter(argv):
    """Go on inside the environment of Odoo, where psycopg2 is importable."""
    python = ensure()
    if Path(sys.prefix).resolve() == python.parent.parent.resolve():
        return
    script = str(DEV / "suite")
    os.execv(python, [str(python), script, *argv])
