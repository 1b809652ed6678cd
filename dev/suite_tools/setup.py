"""``dev/suite setup``: fetch everything once, so that the rest is quick."""

import shutil

from . import postgres, runtime, templates
from .console import step
from .odoo import Odoo
from .paths import cache_root, state_root


def run(options):
    """Provision Odoo, its environment and the database server."""
    if options.upgrade:
        shutil.rmtree(cache_root() / "odoo", ignore_errors=True)
    odoo = Odoo()
    if options.prune:
        templates.prune()
    server = "your server" if postgres.is_foreign() else "private server"
    step(f"Odoo:     {odoo.runtime.home} ({runtime.SERIES})")
    step(f"Python:   {odoo.python}")
    step(f"Database: {server}, state in {state_root()}")
    step(f"Config:   {odoo.config}")
