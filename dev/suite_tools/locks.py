"""Locks between parallel calls, and folders that are whole or absent."""

import contextlib
import fcntl
import shutil

from .console import step
from .paths import cache_root

READY = ".ready"


@contextlib.contextmanager
def lock(name):
    """Hold the lock ``name`` of this cache; wait for whoever has it."""
    folder = cache_root() / "locks"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step(f"Waiting for another call that holds “{name}” …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_ready(folder):
    """Tell whether ``folder`` was finished."""
    return (folder / READY).exists()


def build_once(folder, build):
    """Fill ``folder`` by ``build(folder)`` unless a finished one is there.

    The marker is written last, so that a build which was interrupted is
    thrown away and begun anew by the next call. The folder is built in
    its final place because virtual environments cannot be moved.
    """
    if is_ready(folder):
        return folder
    with lock(f"build-{folder.parent.name}-{folder.name}"):
        if is_ready(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        build(folder)
        (folder / READY).touch()
    return folder
