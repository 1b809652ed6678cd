"""``dev/suite shots``: pictures of pages, for the README and for looking.

Without ``--url`` every picture of ``dev/shots.json`` is made from the demo
database; with it, one picture of one page of any database.
"""

import contextlib
import json
from pathlib import Path

from . import browser_steps, database, demo
from .browser import MOBILE_WIDTH, Page
from .console import SuiteError, step
from .locks import lock
from .odoo import Odoo
from .paths import DEV, ROOT, log_dir
from .rpc import Rpc
from .server import Server, free_port

DECLARED = DEV / "shots.json"
TARGET = "static/description"
DEFAULTS = {
    "login": "admin",
    "password": None,
    "lang": None,
    "widths": [1400, 390],
    "height": None,
    "steps": [],
    "full": False,
}


class Shooter:
    """Takes pictures of one database with one browser."""

    def __init__(self, address, name, page):
        self.address = address
        self.name = name
        self.page = page
        self.failed = False

    @contextlib.contextmanager
    def _signed_in(self, login, password, lang):
        """Sign in with the language asked for; set it back afterwards."""
        rpc = Rpc(self.address, self.name, login, password or login)
        cookie = rpc.authenticate()
        former = None
        if lang and login and (former := rpc.language()) != lang:
            rpc.set_language(lang)
            cookie = rpc.authenticate()
        self.page.session.call("Network.clearBrowserCookies")
        if cookie:
            self.page.set_cookie(self.address, "session_id", cookie)
        self.page.accept_language(lang or "en_US")
        if lang:
            self.page.set_cookie(self.address, "frontend_lang", lang)
        try:
            yield rpc
        finally:
            if former and former != lang:
                rpc.set_language(former)

    def take(self, shot, out_of):
        """Take one shot at each of its widths; ``out_of(width)`` names the file."""
        shot = {**DEFAULTS, **shot}
        with self._signed_in(shot["login"], shot["password"], shot["lang"]) as rpc:
            url = shot["url"]
            if not url.startswith(("http:", "https:")):
                url = f"{self.address}{rpc.resolve(url)}"
            for width in shot["widths"]:
                self._take_one(shot, url, width, out_of(width))

    def _take_one(self, shot, url, width, path):
        self.page.errors.clear()
        self.page.resize(width, shot["height"])
        path.parent.mkdir(parents=True, exist_ok=True)
        full = shot["full"]
        try:
            self.page.open(url)
            browser_steps.perform(self.page, shot["steps"])
        except SuiteError as error:
            self.failed, full = True, False
            path = path.with_suffix(".failed.png")
            step(f"{path.name}: {error}")
        path.write_bytes(self.page.picture(full))
        _shrink(path)
        step(f"Saved {path}")
        for problem in self.page.problems():
            self.failed = True
            step(f"{path.name}: the page complains: {problem.strip()}")


def _shrink(path):
    """Save the picture with a palette, at a third of the size."""
    from PIL import Image

    with Image.open(path) as image:
        small = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


@contextlib.contextmanager
def shooter(odoo, name, address=None):
    """Give a Shooter on a server of its own, or on the one at ``address``."""
    with contextlib.ExitStack() as stack:
        page = stack.enter_context(Page())
        if not address:
            port = free_port()
            log = log_dir() / f"shots-{name}-{port}.log"
            server = Server(odoo, name, port, log, "--max-cron-threads=0")
            address = stack.enter_context(server).address
        yield Shooter(address.rstrip("/"), name, page)


def _declared_path(shot):
    """Return the function naming the files of a declared shot."""
    folder = ROOT / shot.get("folder", TARGET)

    def out_of(width):
        suffix = "_mobile" if width < MOBILE_WIDTH else ""
        return folder / f"{shot['name']}{suffix}.png"

    return out_of


def _take_declared(only):
    odoo = Odoo()
    shots = json.loads(DECLARED.read_text())
    if only:
        shots = [shot for shot in shots if shot["name"] in only]
    with lock("demo"):
        demo.prepare(odoo, fresh=False)
    with shooter(odoo, demo.NAME) as camera:
        for shot in shots:
            camera.take(shot, _declared_path(shot))
    return camera.failed


def _take_adhoc(options):
    odoo = Odoo()
    if not options.server and not database.exists(options.db):
        raise SuiteError(f"There is no database “{options.db}”.")
    out = Path(options.out).resolve()
    widths = options.width or [1400]

    def out_of(width):
        return out if len(widths) == 1 else out.with_stem(f"{out.stem}_{width}")

    shot = {
        "url": options.url,
        "login": "" if options.anonymous else options.login,
        "password": options.password,
        "lang": options.lang,
        "widths": widths,
        "height": options.height,
        "steps": options.steps or [],
        "full": options.full,
    }
    with shooter(odoo, options.db, options.server) as camera:
        camera.take(shot, out_of)
    return camera.failed


def run(options):
    """Take the pictures that the command line asks for."""
    failed = _take_adhoc(options) if options.url else _take_declared(options.only)
    return 1 if failed else 0
