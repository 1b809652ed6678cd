"""One running Odoo server: start it, wait for its first answer, stop it."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .console import SuiteError

PATIENCE = 180  # seconds for the first answer


def free_port():
    """Return a port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_odoo(pid):
    """Tell whether the process is an Odoo (and no other that got its number)."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as handle:
            return b"odoo" in handle.read()
    except OSError:
        return False


def stop_process(pid, patience=10):
    """Ask the process to end; kill it when it does not listen."""
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not is_odoo(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


class Server:
    """An Odoo server on one database, in the background."""

    def __init__(self, odoo, database, port, log, *arguments):
        self.address = f"http://127.0.0.1:{port}"
        self.log = log
        command = odoo.command(
            "server", "-d", database, "--http-port", port, "--no-database-list"
        )
        with open(log, "w") as output:
            self.process = subprocess.Popen(
                [*command, *arguments],
                env=odoo.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self):
        """Wait for the login page; fail when the server ends before."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(
                    f"{self.address}/web/login", timeout=60
                ) as page:
                    if page.status == 200:
                        return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
        tail = "\n".join(self.log.read_text().splitlines()[-30:])
        self.stop()
        raise SuiteError(f"Odoo does not answer at {self.address}.\n{tail}")

    def stop(self):
        """Stop the server and wait for its end."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self.wait()

    def __exit__(self, *_exc_info):
        self.stop()
