"""A page of Odoo in a headless browser: open, act, wait, take a picture."""

import base64
import json
import re
import time

from .console import SuiteError
from .devtools import Chromium, Session

QUIET = 0.6  # seconds without any request, before a page counts as rendered
PATIENCE = 45
MOBILE_WIDTH = 600
HEIGHTS = {"mobile": 844, "desktop": 900}
# Of these the page's own connection never sees the end.
ENDLESS = re.compile(r"^(data|blob|wss?):|.*/(bus|websocket|service-worker|worker)\b")
CONTAINS = re.compile(
    r"^(?P<css>.*):contains\((?P<quote>[\"']?)(?P<text>.*)(?P=quote)\)$"
)

# Scripts that are run in the page
FIND = """
(([css, text]) => {
    // The innermost element with a text is the last in document order.
    const shown = (el) => {
        const box = el.getBoundingClientRect();
        return box.width && box.height && getComputedStyle(el).visibility !== "hidden";
    };
    return [...document.querySelectorAll(css || "*")]
        .filter((el) => shown(el) && el.textContent.includes(text))
        .at(text ? -1 : 0);
})(%s)
"""
LOCATE = """
(() => {
    const el = %s;
    if (!el) return null;
    el.scrollIntoView({ block: "center", inline: "center" });
    const box = el.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
})()
"""
BUSY = """
(() => {
    const shown = (selector) => document.querySelector(selector);
    if (document.readyState !== "complete") return "the document is loading";
    if (document.fonts?.status === "loading") return "fonts are loading";
    if (shown(".o_loading_indicator, .o_blockUI")) return "Odoo is loading";
    const content = ".o_action_manager > *, .o_apps, .o_home_menu, .o_dialog";
    if (shown(".o_web_client") && !shown(content)) return "no action is shown yet";
    if (shown(".o_graph_canvas_container canvas, canvas.o_chart")) {
        window.__suiteCanvas ??= Date.now();
        if (window.__suiteCanvas + 1200 > Date.now()) return "a chart is drawn";
    }
    return "";
})()
"""
TALLER = """
(() => Math.max(0, ...[...document.querySelectorAll("html, body *")].filter(
    (el) => el === document.documentElement ||
        /(auto|scroll)/.test(getComputedStyle(el).overflowY)
).map((el) => el.scrollHeight - el.clientHeight)))()
"""
ERRORS = """
[...document.querySelectorAll(".o_error_dialog, .o_notification_bar.bg-danger")]
    .map((el) => (el.closest(".o_notification") || el).innerText)
"""


class Page:
    """One tab, with what its console complained of in ``errors``."""

    def __init__(self):
        self.errors = []
        self.pending = {}
        self.last_activity = time.monotonic()
        self.chromium = Chromium()
        self.session = Session(self.chromium.page_address(), self._on_event)
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.session.call(f"{domain}.enable")
        self.size = (1400, HEIGHTS["desktop"])

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        self.session.close()
        self.chromium.close()

    # What the browser tells
    def _on_event(self, method, params):
        handler = getattr(self, f"_on_{method.split('.')[1]}", None)
        if handler:
            handler(params)

    def _on_requestWillBeSent(self, params):
        if not ENDLESS.match(params["request"]["url"]):
            self.pending[params["requestId"]] = params["request"]["url"]
            self.last_activity = time.monotonic()

    def _on_loadingFinished(self, params):
        if self.pending.pop(params["requestId"], None):
            self.last_activity = time.monotonic()

    _on_loadingFailed = _on_loadingFinished

    def _on_javascriptDialogOpening(self, params):
        self.session.send("Page.handleJavaScriptDialog", accept=True)

    def _on_consoleAPICalled(self, params):
        if params["type"] in ("error", "assert"):
            texts = (a.get("value", a.get("description")) for a in params["args"])
            self.errors.append(" ".join(str(text) for text in texts))

    def _on_exceptionThrown(self, params):
        details = params["exceptionDetails"]
        thrown = details.get("exception", {}).get("description")
        self.errors.append(thrown or details["text"])

    def _on_entryAdded(self, params):
        entry = params["entry"]
        if entry["level"] == "error":
            self.errors.append(f"{entry['text']} {entry.get('url', '')}")

    # What we ask of it
    def resize(self, width, height=None):
        """Set the size of the window; a narrow one is a telephone."""
        mobile = width < MOBILE_WIDTH
        height = height or HEIGHTS["mobile" if mobile else "desktop"]
        self.size = (width, height)
        self.session.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=mobile,
        )  # fmt: skip
        self.session.call("Emulation.setTouchEmulationEnabled", enabled=mobile)
        reduced = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        self.session.call("Emulation.setEmulatedMedia", features=reduced)

    def set_cookie(self, address, name, value):
        """Set a cookie for the site at ``address``."""
        self.session.call("Network.setCookie", url=address, name=name, value=value)

    def accept_language(self, code):
        """Ask sites for the language ``code``, such as zh_CN."""
        headers = {"Accept-Language": code.replace("_", "-")}
        self.session.call("Network.setExtraHTTPHeaders", headers=headers)

    def evaluate(self, script):
        """Run JavaScript (a promise is awaited) and return its value."""
        result = self.session.call(
            "Runtime.evaluate",
            expression=script, returnByValue=True, awaitPromise=True, userGesture=True,
        )  # fmt: skip
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            raise SuiteError(f"The script failed: {text}\n{script[:300]}")
        return result["result"].get("value")

    def open(self, url):
        """Go to ``url`` and wait until it is rendered."""
        # Leaving first makes a change of the fragment alone load anew, too.
        self.session.call("Page.navigate", url="about:blank")
        self.pending.clear()
        result = self.session.call("Page.navigate", url=url)
        if result.get("errorText"):
            raise SuiteError(f"{url}: {result['errorText']}")
        self.wait_until_idle()

    def wait_until_idle(self, patience=PATIENCE):
        """Wait until nothing is loading and the network is quiet."""
        end = time.monotonic() + patience
        self.last_activity = time.monotonic()
        reason = ""
        while time.monotonic() < end:
            self.session.pump(0.1)
            if self.pending or time.monotonic() - self.last_activity < QUIET:
                reason = f"waiting for {', '.join(list(self.pending.values())[:3])}"
            elif not (reason := self.evaluate(BUSY)):
                return
        raise SuiteError(f"The page is not done after {patience} s: {reason}")

    @staticmethod
    def _find(selector):
        match = CONTAINS.match(selector)
        arguments = [match["css"], match["text"]] if match else [selector, ""]
        return FIND.strip().removesuffix(";") % json.dumps(arguments)

    def wait_for(self, selector, patience=15):
        """Wait for a visible element; return the middle of it."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if point := self.evaluate(LOCATE % self._find(selector)):
                return point
            self.session.pump(0.1)
        raise SuiteError(f"Nothing visible matches “{selector}”.")

    def mouse(self, kind, point, **params):
        """Send one event of the mouse."""
        x, y = point
        self.session.call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", **params
        )

    def picture(self, full=False):
        """Return the window as PNG; ``full`` shows what scrolling would."""
        if full and (missing := self.evaluate(TALLER)):
            width, height = self.size
            self.resize(width, min(height + int(missing), 6000))
            self.wait_until_idle()
        shot = self.session.call("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    def problems(self):
        """Return what the console and the page itself complain of."""
        return self.errors + (self.evaluate(ERRORS) or [])
