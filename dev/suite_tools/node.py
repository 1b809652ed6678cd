"""The JavaScript tools, installed from the lock file into the cache."""

import os
import shutil
from shutil import which

from . import apt
from .console import run, step
from .locks import build_once
from .paths import DEV, cache_root, digest

FILES = ("package.json", "package-lock.json")


def ensure():
    """Return the folder that holds ``node_modules``."""
    if not which("npm"):
        apt.install(("nodejs", "npm"), "Node.js for the checks of JavaScript")

    def build(folder):
        step("Installing the JavaScript tools …")
        for name in FILES:
            shutil.copy(DEV / name, folder)
        run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder)

    key = digest(*((DEV / name).read_text() for name in FILES))
    return build_once(cache_root() / "node" / key, build)


def command(home, package, script):
    """Return the command line that starts a tool, and its environment."""
    path = home / "node_modules" / package / script
    return ["node", path], {**os.environ, "SUITE_NODE_HOME": str(home)}
