"""Databases and their file stores: create, clone, rename, drop."""

import contextlib
import re
import shutil
import subprocess
import time

import psycopg2

from .console import SuiteError
from .paths import filestore

DROP_ATTEMPTS = 5


@contextlib.contextmanager
def cursor(database="postgres"):
    """Give a cursor in autocommit mode."""
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as result:
            yield result
    finally:
        connection.close()


def check_name(name):
    """Refuse names that would need quoting anywhere."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,62}", name):
        raise SuiteError(f"“{name}” is no usable database name.")
    return name


def exists(name):
    """Tell whether the database is there."""
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cr.fetchone())


def drop(name):
    """Drop the database with its file store, if it is there."""
    check_name(name)
    for attempt in range(DROP_ATTEMPTS):
        try:
            with cursor() as cr:
                cr.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            break
        except psycopg2.errors.InsufficientPrivilege:
            # the server's own vacuum is at work there, which only ends by itself
            if attempt == DROP_ATTEMPTS - 1:
                raise
            time.sleep(2)
    shutil.rmtree(filestore(name), ignore_errors=True)


def rename(old, new):
    """Rename the database and move its file store."""
    shutil.rmtree(filestore(check_name(new)), ignore_errors=True)
    if filestore(old).exists():
        filestore(old).rename(filestore(new))
    with cursor() as cr:
        cr.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def clone(source, target):
    """Copy a database and its file store; the target must not exist."""
    check_name(target)
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).exists():
        filestore(target).parent.mkdir(parents=True, exist_ok=True)
        # Files of a file store never change, so links would do; copies by
        # reflink where the file system can are as cheap and safer.
        subprocess.run(
            ["cp", "-a", "--reflink=auto", filestore(source), filestore(target)],
            check=True,
        )
    with cursor() as cr:
        cr.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def sizes():
    """Return ``[(name, size)]`` of the databases there are."""
    with cursor() as cr:
        cr.execute(
            "SELECT datname, pg_size_pretty(pg_database_size(oid))"
            " FROM pg_database WHERE NOT datistemplate ORDER BY datname"
        )
        return cr.fetchall()


def other_clients():
    """Return the names of the databases somebody is connected to."""
    with cursor() as cr:
        cr.execute(
            "SELECT DISTINCT datname FROM pg_stat_activity"
            " WHERE datname IS NOT NULL AND pid <> pg_backend_pid()"
        )
        return sorted(row[0] for row in cr.fetchall())
