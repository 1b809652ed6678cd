"""``dev/suite stop``: stop what this tooling started."""

from . import database, demo, postgres
from .console import step


def run(options):
    """Stop the demo server and, unless others use it, the database server."""
    if demo.stop():
        step("Demo server stopped.")
    if postgres.is_foreign():
        return
    cluster = postgres.Cluster()
    if not cluster.is_running():
        step("PostgreSQL is not running.")
        return
    postgres.ensure()
    busy = database.other_clients()
    if busy and not options.force:
        step(f"PostgreSQL goes on, in use: {', '.join(busy)} (--force stops it).")
        return
    cluster.stop()
    step("PostgreSQL stopped.")
