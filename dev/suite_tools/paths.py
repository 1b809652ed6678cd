"""Where things live: the checkout, the cache, the state beside the database.

``cache_root()``    downloads, Odoo, virtual environments; shared by checkouts.
``state_root()``    the database cluster and the file stores that belong to it.
``checkout_root()`` what is made for this checkout only (config, add-ons link).
"""

import hashlib
import os
from pathlib import Path

from .console import SuiteError

NAME = "crm-lifecycle-suite"
UMBRELLA = "crm_lifecycle_suite"
DEV = Path(__file__).resolve().parent.parent
ROOT = DEV.parent


def digest(*parts):
    """Return a short stable key for what ``parts`` say."""
    joined = "\0".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def cache_root():
    """Return the cache shared by every checkout of this user."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    path = Path(base).expanduser().resolve() / NAME
    path.mkdir(parents=True, exist_ok=True)
    return path


def _private_tmp(base):
    """Return a folder under ``base`` that only this user can have made."""
    path = Path(base) / f"{NAME}-{os.getuid()}"
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        raise SuiteError(f"{path} belongs to somebody else; remove it first.")
    return path


def state_root():
    """Return the folder of the database cluster and its file stores.

    PostgreSQL refuses to run as root, so for root it runs as another user,
    who cannot walk into root's home where the cache is. Root's state is
    therefore kept below /var/tmp, keyed by the cache it belongs to.
    """
    if os.getuid() == 0:
        path = _private_tmp("/var/tmp") / digest(cache_root())
    else:
        path = cache_root() / "state"
    path.mkdir(mode=0o711, exist_ok=True)
    return path


def socket_base():
    """Return a folder short enough for a unix socket (107 characters)."""
    if os.getuid() == 0:
        return state_root()
    path = _private_tmp("/tmp") / digest(cache_root())
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def checkout_root():
    """Return the folder of what is made for this checkout only."""
    path = cache_root() / "checkouts" / digest(ROOT)
    path.mkdir(parents=True, exist_ok=True)
    return path


def data_dir():
    """Return Odoo's data directory (file stores, sessions)."""
    path = state_root() / "data"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def filestore(database):
    """Return the file store of ``database``."""
    return data_dir() / "filestore" / database


def log_dir():
    """Return the folder of the logs of this checkout."""
    path = checkout_root() / "logs"
    path.mkdir(exist_ok=True)
    return path
