"""A small client of the Chrome DevTools protocol."""

import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from .browser_setup import ensure, ensure_fonts
from .console import SuiteError

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-search-engine-choice-screen",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-allow-origins=*",
    "--remote-debugging-port=0",
)


class Chromium:
    """A headless browser process with a profile of its own."""

    def __init__(self):
        ensure_fonts()
        self.profile = Path(tempfile.mkdtemp(prefix="suite-browser-"))
        self.process = subprocess.Popen(
            [ensure(), *FLAGS, f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.port = self._wait_for_port()

    def _wait_for_port(self):
        path = self.profile / "DevToolsActivePort"
        for _attempt in range(300):
            if path.exists() and (text := path.read_text()).count("\n"):
                return int(text.splitlines()[0])
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.close()
        raise SuiteError("The browser did not start.")

    def page_address(self):
        """Return the address of the first tab's protocol."""
        url = f"http://127.0.0.1:{self.port}/json"
        for _attempt in range(100):
            with urllib.request.urlopen(url) as answer:
                for target in json.load(answer):
                    if target["type"] == "page":
                        return target["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SuiteError("The browser shows no page.")

    def close(self):
        """End the browser and forget its profile."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class Session:
    """Commands to one tab; events go to ``on_event`` while we wait."""

    def __init__(self, address, on_event):
        self.socket = websocket.create_connection(
            address, timeout=60, suppress_origin=True, max_size=None
        )
        self.on_event = on_event
        self.last_id = 0
        self.answers = {}

    def send(self, method, **params):
        """Send a command without waiting for its answer; return its number."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        return self.last_id

    def call(self, method, timeout=60, **params):
        """Send a command and return its answer."""
        number = self.send(method, **params)
        end = time.monotonic() + timeout
        while number not in self.answers:
            self.pump(max(end - time.monotonic(), 0.01))
            if time.monotonic() > end:
                raise SuiteError(f"The browser does not answer to {method}.")
        answer = self.answers.pop(number)
        if "error" in answer:
            raise SuiteError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def pump(self, seconds):
        """Take what arrives; return after one message or ``seconds``."""
        self.socket.settimeout(seconds)
        try:
            message = json.loads(self.socket.recv())
        except (websocket.WebSocketTimeoutException, BlockingIOError):
            return
        except websocket.WebSocketException as error:
            raise SuiteError(f"The browser has gone: {error}") from error
        if "id" in message:
            self.answers[message["id"]] = message
        else:
            self.on_event(message["method"], message["params"])

    def close(self):
        """Close the connection."""
        self.socket.close()
