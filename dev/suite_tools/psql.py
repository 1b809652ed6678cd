"""``dev/suite psql``: PostgreSQL's client, pointed to the right server."""

import os

from . import postgres


def run(options):
    """Become psql."""
    postgres.ensure()
    folder = os.fspath(postgres.binaries())
    path = os.pathsep.join([os.environ.get("PATH", ""), folder])
    os.environ["PATH"] = path
    os.execvp("psql", ["psql", *options.arguments])
