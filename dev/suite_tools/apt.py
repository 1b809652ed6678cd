"""Debian packages, fetched with apt's own checks but never installed.

Everything apt writes (lists, archives) goes into folders of the cache; the
system's own state is only read. The archive's address is the one that the
machine is configured with.
"""

import os
import platform
from pathlib import Path
from shutil import which

from .console import SuiteError, run, step

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
)


def is_available():
    """Tell whether this is a Debian machine with what is needed here."""
    tools = all(which(tool) for tool in ("apt-get", "dpkg-deb"))
    return tools and _os_release().get("ID") == "debian"


def _os_release():
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _archive():
    """Return the address of Debian's archive from apt's configuration."""
    codename = _os_release().get("VERSION_CODENAME", "")
    suites = {codename, "stable", "testing", "unstable", "sid"}
    listing = run(
        [
            "apt-get",
            "indextargets",
            "--no-release-info",
            "--format",
            "$(REPO_URI)|$(RELEASE)|$(COMPONENT)",
        ]
    )
    for line in listing.splitlines():
        address, _sep, rest = line.partition("|")
        release, _sep, component = rest.partition("|")
        if release in suites and component == "main":
            return address
    raise SuiteError("apt is not configured with a Debian archive.")


class PrivateApt:
    """apt with its own sources, lists and archives below ``folder``."""

    def __init__(self, folder, suites):
        self.folder = folder
        self.suites = suites

    def _command(self, *arguments):
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "-",
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Get::List-Cleanup": "true",
            "Acquire::Languages": "none",
        }
        if os.getuid() == 0:  # apt's own user cannot write into root's home
            options["APT::Sandbox::User"] = "root"
        flags = [f"-o{name}={value}" for name, value in options.items()]
        return ["apt-get", *flags, *arguments]

    def update(self):
        """Fetch the package lists of the suites; apt checks the signatures."""
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        keyring = next((key for key in KEYRINGS if Path(key).exists()), None)
        option = f"[signed-by={keyring}] " if keyring else ""
        archive = _archive()
        lines = [f"deb {option}{archive} {suite} main\n" for suite in self.suites]
        (self.folder / "sources.list").write_text("".join(lines))
        run(self._command("update"))

    def download(self, packages, target):
        """Put the archives of ``packages`` (name/suite) into ``target``."""
        target.mkdir(parents=True, exist_ok=True)
        run(self._command("download", *packages), cwd=target)
        return sorted(target.glob("*.deb"))


def unpack(archives, target):
    """Unpack ``archives`` into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for archive in archives:
        run(["dpkg-deb", "-x", archive, target])


def install(packages, purpose):
    """Install ``packages`` into the system; only when running as root."""
    names = " ".join(packages)
    if os.getuid() != 0 or not which("apt-get"):
        raise SuiteError(f"{purpose} is missing. Please install: {names}")
    step(f"Installing {names} for {purpose} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    try:
        run(command, env=environment)
    except SuiteError:  # the machine's package lists may be old or absent
        try:
            run(["apt-get", "update"], env=environment)
        except SuiteError as error:  # some other source may be unreachable
            step(f"apt-get update complained; going on: {error}")
        run(command, env=environment)
