"""Our addons on a database in which people have worked for years.

Installed on 20,000 partners, 20,000 leads and 60,000 orders (``existing_data.sql``),
updated, used, uninstalled and installed again: each time they have to understand what
they find, and in the end nothing of what was there may be lost, nothing of ours left.
"""

import time
from pathlib import Path

from . import addons, database, templates
from .console import step
from .existing_checks import CHECKS, STAYS
from .existing_workers import ESCALATE, ESCALATED
from .fingerprint import Fingerprint
from .ownership import models
from .paths import UMBRELLA

SQL = Path(__file__).with_name("existing_data.sql")
TRIED_BY = {"crm_lifecycle", UMBRELLA}  # a test of one of them has this phase
LIMIT = 10  # lines shown of a problem that many records have
# Everything that may point to a record or model of ours: what Odoo does not remove by
# itself, an addon has to. Run where the addons are installed.
USE = """
env = env(user=env.ref("base.user_admin"), su=True)

ATTACHED = {
    "plan": {"raw": b"Plan"}, "link": {"type": "url", "url": "https://example.com"},
    "photo": {"raw": b"Photo", "res_field": "image_1920"}}

def use(model):
    records = env[model].with_context(active_test=False).search([], limit=20)
    for record in records if "message_ids" in records._fields else ():
        record.message_subscribe(env.user.partner_id.ids)
        record.message_post(body="Noted", attachments=[("note.txt", b"Noted")])
    if "activity_state" in records._fields:
        records.activity_schedule("mail.mail_activity_data_todo")
    model_id = env["ir.model"]._get_id(model)
    env["ir.attachment"].create([
        {"name": name, "res_model": model, "res_id": record.id, **content}
        for record in records[:1] for name, content in ATTACHED.items()])
    env["ir.filters"].create({"name": "Mine", "model_id": model})
    env["ir.exports"].create({"name": "Mine", "resource": model})
    env["ir.actions.server"].create(
        {"name": "Mine", "model_id": model_id, "state": "code", "code": "pass"})
    env["mail.template"].create({"name": "Mine", "model_id": model_id})
    env["base.automation"].create(
        {"name": "Mine", "model_id": model_id, "trigger": "on_create_or_write"})

if "crm.feedback" in env:
    in_stage = [("lifecycle_stage_id", "!=", False)]
    env["crm.feedback"].create([
        {"name": "Late", "partner_id": customer.id, "user_id": env.user.id}
        for customer in env["res.partner"].search(in_stage, limit=50)])
of_ours = [("module", "in", OURS), ("model", "=", "ir.cron")]
for cron in env["ir.model.data"].search(of_ours).mapped("res_id"):
    env["ir.cron"].browse(cron).method_direct_trigger()
for model in sorted(set(MODELS) & set(env)):
    if not (env[model]._abstract or env[model]._transient or not env[model]._auto):
        use(model)
env.cr.commit()
"""


class Broken(Exception):
    """A start of Odoo failed; what comes after it would say nothing."""


class ExistingData:
    """The life of our addons on a database full of data."""

    def __init__(self, test_run):
        self.test_run = test_run
        self.report = test_run.report
        self.names = sorted(addons.closure(test_run.modules))
        self.name = f"{test_run.name}_existing"

    def run(self):
        """Run all steps; each thing that must hold counts as one test."""
        try:
            before = self._prepare()
            self._install("install")
            self._update()
            self._escalate()
            self._use()
            self._uninstall(before)
            self._install("reinstall")
        except Broken:
            step("Existing data: the steps that remain cannot be tried.")
        finally:
            if not self.test_run.keep:
                database.drop(self.name)

    def _prepare(self):
        step(f"Filling database {self.name} with data of three years …")
        templates.clone(self.test_run.odoo, self.name, alone=self.test_run.alone)
        with database.cursor(self.name) as cr:
            cr.execute(SQL.read_text())
        return Fingerprint(self.name)

    def _check(self, title, problems):
        more = len(problems) - LIMIT
        problems = [*problems[:LIMIT], *([f"and {more} more"] if more > 0 else [])]
        self.report.check(f"existing data: {title}", problems)

    def _phase(self, title, start, *arguments, **options):
        began = time.monotonic()
        code, log = start(f"Existing data: {title} …", *arguments, **options)
        step(f"Existing data: {title} took {time.monotonic() - began:.0f} s.")
        self.report.read_phase(f"existing data: {title} without warnings", code, log)
        if code:
            raise Broken

    def _serve(self, title, *arguments):
        self._phase(title, self.test_run.server, *arguments, name=self.name)

    def _query(self, query, name=""):
        with database.cursor(name or self.name) as cr:
            cr.execute(query)
            return cr.fetchall()

    def _install(self, kind):
        self._serve(kind, "-i", ",".join(self.names))
        for title, query in CHECKS.items():
            problems = [row[0] or str(row) for row in self._query(query)]
            self._check(f"after the {kind} {title}", problems)

    def _update(self):
        (before,) = self._query(STAYS)
        self._serve("update", "-u", ",".join(self.names))
        (after,) = self._query(STAYS)
        problems = [] if after == before else [f"{before} stays before, {after} after"]
        self._check("the update keeps every stay", problems)

    def _escalate(self):
        """Several workers at once, on a copy: what they do is not taken back."""
        copy = f"{self.name}_workers"
        database.clone(self.name, copy)
        try:
            arguments = ("shell", "-d", copy, "--no-http")
            title = "workers side by side, one killed"
            self._phase(title, self.test_run.start, *arguments, stdin=ESCALATE)
            for title, query in ESCALATED.items():
                problems = [row[0] for row in self._query(query, copy)]
                self._check(f"by several workers {title}", problems)
        finally:
            database.drop(copy)

    def _use(self):
        code = f"OURS = {self.names!r}\nMODELS = {sorted(models())!r}\n{USE}"
        arguments = ("shell", "-d", self.name, "--no-http")
        self._phase("use", self.test_run.start, *arguments, stdin=code)

    def _uninstall(self, before):
        arguments = ("module", "uninstall", "-d", self.name, *self.names)
        self._phase("uninstall", self.test_run.start, *arguments)
        after = Fingerprint(self.name, like=before)
        self._check("the uninstall leaves all as it was", after.changes_since(before))
