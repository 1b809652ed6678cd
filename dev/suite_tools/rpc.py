"""A signed-in session of a running Odoo, over JSON."""

import http.cookiejar
import json
import re
import urllib.request

from .console import SuiteError

REFERENCE = re.compile(r"\{ref:([\w.]+)\}")
FIRST = re.compile(r"\{first:([\w.]+):(\[.*?\])\}(?=$|[/?#&])")


class Rpc:
    """Calls as one user; anonymous when there is no login."""

    def __init__(self, address, database, login, password):
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        processor = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(processor)
        self.database = database
        self.login = login
        self.password = password
        self.uid = None

    def post(self, path, params):
        """Return the result of one JSON-RPC call."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            f"{self.address}{path}",
            body.encode(),
            {"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=180) as answer:
            result = json.load(answer)
        if "error" in result:
            message = result["error"].get("data", {}).get("message")
            raise SuiteError(f"{path}: {message or result['error']['message']}")
        return result["result"]

    def authenticate(self):
        """Sign in, and return the value of the session's cookie."""
        if not self.login:
            return None
        keys = {"db": self.database, "login": self.login, "password": self.password}
        self.uid = self.post("/web/session/authenticate", keys)["uid"]
        return next(c.value for c in self.cookies if c.name == "session_id")

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)

    def language(self):
        """Return the language of the user."""
        return self.call("res.users", "read", [self.uid], ["lang"])[0]["lang"]

    def set_language(self, code):
        """Set the language of the user; the session must be begun anew."""
        self.call("res.users", "write", [self.uid], {"lang": code})

    def resolve(self, url):
        """Put record ids for ``{ref:xml.id}`` and ``{first:model:domain}``."""
        url = REFERENCE.sub(lambda match: str(self._reference(match[1])), url)
        return FIRST.sub(lambda match: str(self._first(match[1], match[2])), url)

    def _reference(self, xmlid):
        module, _dot, name = xmlid.partition(".")
        domain = [["module", "=", module], ["name", "=", name]]
        found = self.call("ir.model.data", "search_read", domain, ["res_id"])
        if not found:
            raise SuiteError(f"No record is named {xmlid}.")
        return found[0]["res_id"]

    def _first(self, model, domain):
        found = self.call(model, "search", json.loads(domain), limit=1)
        if not found:
            raise SuiteError(f"No {model} matches {domain}.")
        return found[0]
