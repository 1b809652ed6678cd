"""Where Odoo comes from: the user's own, the cache, Debian, or git."""

import json
import os
import re
import shutil
from pathlib import Path

from . import apt
from .console import SuiteError, run, step
from .locks import build_once, is_ready
from .paths import cache_root, digest

SERIES = "19.0"
GIT_REPOSITORY = "https://github.com/odoo/odoo"
# The package's links point into these; font-awesome of "unstable" is too new.
PACKAGES = (
    "odoo-19/unstable",
    "libjs-jquery/unstable",
    "libjs-jquery-form/unstable",
    "libjs-underscore/unstable",
    "fonts-roboto-unhinted/unstable",
    "fonts-montserrat/unstable",
    "fonts-inconsolata/unstable",
    "fonts-ocr-b/unstable",
    "fonts-glyphicons-halflings/unstable",
    "fonts-font-awesome/stable",
)
DEBIAN_HOME = "root/usr/lib/python3/dist-packages"


class Runtime:
    """An Odoo that can be started: its folder, its version."""

    def __init__(self, home, origin):
        self.home = home
        self.origin = origin

    @property
    def version(self):
        """Return what tells this Odoo from another one, for cache keys."""
        release = (self.home / "odoo/release.py").read_text()
        return digest(self.home, release, self.origin)

    @property
    def addons_paths(self):
        """Return the folders of Odoo's own add-ons."""
        folders = (self.home / "odoo/addons", self.home / "addons")
        return [folder for folder in folders if folder.is_dir()]


def _check(home):
    release = home / "odoo/release.py"
    if not release.is_file():
        raise SuiteError(f"{home} holds no Odoo (no odoo/release.py).")
    found = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    series = ".".join(found.groups()) if found else "unknown"
    if series != SERIES:
        raise SuiteError(f"{home} is Odoo {series}; {SERIES} is needed.")
    return home


def _debian_folder():
    return cache_root() / "odoo" / f"debian-{digest(*PACKAGES)}"


def _git_folder():
    return cache_root() / "odoo" / f"git-{digest(GIT_REPOSITORY, SERIES)}"


def _build_debian(folder):
    step("Fetching Odoo 19 from Debian's unstable suite (about 130 MB) …")
    private = apt.PrivateApt(folder / "apt", ("unstable", "stable"))
    private.update()
    archives = private.download(PACKAGES, folder / "archives")
    step("Unpacking Odoo …")
    apt.unpack(archives, folder / "root")
    _check(folder / DEBIAN_HOME)
    names = [archive.name for archive in archives]
    (folder / "packages.json").write_text(json.dumps(names, indent=1))
    for leftover in ("apt", "archives"):
        shutil.rmtree(folder / leftover)


def _build_git(folder):
    step(f"Cloning Odoo {SERIES} (shallow) …")
    clone = ["git", "clone", "--quiet", "--depth=1", "--branch", SERIES]
    run(
        [*clone, GIT_REPOSITORY, folder / "odoo"],
        hint="Set ODOO_HOME to a checkout of Odoo 19.0 if it cannot be cloned.",
    )
    _check(folder / "odoo")


def _debian():
    folder = build_once(_debian_folder(), _build_debian)
    origin = (folder / "packages.json").read_text()
    return Runtime(folder / DEBIAN_HOME, origin)


def _git():
    folder = build_once(_git_folder(), _build_git)
    return Runtime(folder / "odoo", "git")


def ensure():
    """Return the Odoo to use, fetching it when there is none."""
    if home := os.environ.get("ODOO_HOME"):
        return Runtime(_check(Path(home).resolve()), "ODOO_HOME")
    if is_ready(_debian_folder()):
        return _debian()
    if is_ready(_git_folder()):
        return _git()
    if apt.is_available():
        try:
            return _debian()
        except SuiteError as error:
            step(f"Debian's package could not be used: {error}")
    return _git()
