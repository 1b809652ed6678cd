"""Databases with the Odoo modules we depend on, kept to be cloned.

There are two of them, with and without demo data, each built when first
needed. The name carries a hash of what went in, so that another Odoo, a new
dependency or a change here leads to a new template.
"""

import json

from . import addons, database, logs
from .console import step
from .locks import lock
from .paths import digest, log_dir, state_root

PREFIX = "suite_template"
DRAFT = "_draft"
LANGUAGES = "en_US,zh_CN"  # the first one is the default
FORMAT = 1
# Debian's package lacks this file; the page complains of it in the console,
# which fails browser tests. Only the databases made here leave it out.
MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
FIX_ASSET = f"""
env["ir.asset"].create({{
    "name": "Not shipped by this Odoo",
    "bundle": "web.assets_backend",
    "directive": "remove",
    "path": "{MISSING_ASSET}",
}})
env.cr.commit()
"""


def name(odoo, demo=False, alone=()):
    """Return the template's name for the present inputs."""
    modules = addons.external_depends(alone)
    inputs = (FORMAT, odoo.runtime.version, LANGUAGES, *modules)
    return f"{PREFIX}_{digest(*inputs)}{'_demo' if demo else ''}"


def clone(odoo, target, demo=False, alone=()):
    """Make the database ``target`` from the template; return the latter's name.

    The template is built when it is missing. With ``alone`` it holds only
    what those addons of ours depend on.
    """
    template = name(odoo, demo, alone)
    with lock(template):
        if not database.exists(template):
            modules = ",".join(addons.external_depends(alone))
            _build(odoo, template, demo, modules)
        database.clone(template, target)
    return template


def prune():
    """Drop every template; those still needed are built again."""
    for found, size in database.sizes():
        if found.startswith(PREFIX) and not found.endswith(DRAFT):
            with lock(found):
                step(f"Dropping {found} ({size})")
                database.drop(found)


def _build(odoo, template, demo, modules):
    step(f"Building the template database ({modules}) …")
    draft = f"{template}{DRAFT}"
    database.drop(draft)
    log = log_dir() / f"{template}.log"
    odoo.must_run(
        "server", "-d", draft, "-i", modules, "--stop-after-init", "--no-http",
        "--with-demo" if demo else "--without-demo=True",
        f"--load-language={LANGUAGES}", log=log,
    )  # fmt: skip
    if not any((path / MISSING_ASSET).exists() for path in odoo.runtime.addons_paths):
        fix_log = log_dir() / f"{template}-asset.log"
        odoo.must_run("shell", "-d", draft, "--no-http", log=fix_log, stdin=FIX_ASSET)
    _remember_warnings(template, log)
    database.rename(draft, template)
    step("The template database is ready.")


def _warnings_file(template):
    folder = state_root() / "templates"
    folder.mkdir(exist_ok=True)
    return folder / f"{template}.warnings.json"


def _remember_warnings(template, log):
    """Keep what Odoo alone warns of, to tell it from what is ours."""
    records = logs.parse(log.read_text(errors="replace"))
    found = {record.fingerprint for record in records if logs.is_problem(record)}
    _warnings_file(template).write_text(json.dumps(sorted(found), indent=1))


def known_warnings(template):
    """Return the fingerprints of the warnings that Odoo alone gives."""
    path = _warnings_file(template)
    return frozenset(json.loads(path.read_text()) if path.exists() else ())
