"""Puts the parts of the story in order."""

import csv
import json
import random
from datetime import timedelta
from pathlib import Path

from odoo import fields

from . import (
    activities,
    alerts,
    approvals,
    backtests,
    cast,
    clocks,
    exceptions,
    feedback,
    governance,
    handovers,
    health,
    leads,
    orders,
    pool,
    process_map,
    proposals,
    requirements,
    survey,
    tiers,
    touch,
)

FOLDER = Path(__file__).parent
# The module in the external ids. None of that name is ever removed, so the story
# stays when the addon goes, like the company's own customers would.
PREFIX = "__demo__"
# Loading writes no log notes, follows nothing and notifies nobody.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "sale_no_log_for_new_lines": True,
    "lang": "en_US",
}


class Story:
    """What the parts share: the environment, the clock and who takes part.

    :param env: environment of the superuser
    """

    def __init__(self, env):
        self.env = env(context={**env.context, **QUIET})
        self.now = fields.Datetime.now()
        self.users = {}
        self.teams = {}
        self.products = {}
        self.customers = {}
        self.contacts = {}

    @staticmethod
    def rows(name):
        """The lines of a data file, as dicts."""
        with open(FOLDER / f"{name}.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    @staticmethod
    def load_json(name):
        """The content of a JSON file."""
        return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    @staticmethod
    def chance(*seed):
        """A random generator that gives the same for the same ``seed``."""
        return random.Random("/".join(map(str, seed)))

    def moment(self, days_ago, rng):
        """A moment in working hours, ``days_ago`` days ago; never in the future."""
        day = (self.now - timedelta(days=days_ago)).replace(second=0, microsecond=0)
        moment = day.replace(hour=rng.randrange(8, 17), minute=rng.randrange(60))
        return min(moment, self.now)

    def records(self, model, values):
        """Create records that are known by their external id.

        :param dict values: ``{name: values}``
        :return: ``{name: record}``
        """
        loaded = self.env[model]._load_records(
            [
                {"xml_id": f"{PREFIX}.{name}", "values": vals, "noupdate": True}
                for name, vals in values.items()
            ]
        )
        return dict(zip(values, loaded, strict=True))

    def backdate(self, records, column, moments):
        """Give records the dates that they would have had.

        :param list moments: one for each record
        """
        records.flush_recordset()
        table = records._table
        self.env.cr.execute_values(
            f"UPDATE {table} SET {column} = v.moment"
            f" FROM (VALUES %s) AS v(id, moment) WHERE {table}.id = v.id",
            list(zip(records.ids, moments, strict=True)),
        )
        records.invalidate_recordset([column])

    def find_lead(self, title):
        """The opportunity of that name."""
        return self.leads.filtered(lambda lead: lead.name == title)

    def ago(self, **units):
        """The moment some hours or days before now."""
        return self.now - timedelta(**units)


def load_story(env):
    """Load the whole story, once per database; see :class:`Story`."""
    story = Story(env)
    if env.ref(f"{PREFIX}.team_europe", raise_if_not_found=False):
        return
    cast.load(story)
    orders.load(story)
    leads.load(story)
    activities.load(story)
    settle(story)
    leads.move_today(story)
    feedback.load(story)
    survey.load(story)
    alerts.load(story)
    tiers.load(story)
    health.load(story)
    backtests.load(story)
    govern(story)


def govern(story):
    """From some day on the process governs: the chart gets owners and limits.

    Before that day everybody did as they liked, so this comes after the history.
    What it would have mailed is not sent.
    """
    mails = story.env["mail.mail"]
    last = mails.search([], order="id desc", limit=1).id or 0
    governance.load(story)
    clocks.forget(story)
    requirements.load(story)
    handovers.load(story)
    clocks.load(story)
    touch.load(story)
    exceptions.load(story)
    approvals.load(story)
    pool.load(story)
    process_map.load(story)
    proposals.load(story)
    mails.search([("id", ">", last)]).unlink()


def settle(story):
    """Let everybody stand where the story says, with the history that leads there."""
    _forget_today(story)
    env = story.env
    env["crm.customer.metrics"]._refresh()
    env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
    customers = env["res.partner"]
    customers.browse(customers._lifecycle_find_due())._lifecycle_advance()


def _forget_today(story):
    """Drop the stays that the records got by being created just now."""
    env = story.env
    env.flush_all()
    ids = [partner.id for partner in story.customers.values()]
    env.cr.execute(
        "DELETE FROM crm_lifecycle_visit"
        " WHERE partner_id = ANY(%s) OR lead_id = ANY(%s)",
        [ids, story.leads.ids],
    )
    for table, column, record_ids in (
        ("res_partner", "commercial_partner_id", ids),
        ("crm_lead", "id", story.leads.ids),
    ):
        env.cr.execute(
            f"UPDATE {table} SET lifecycle_stage_id = NULL, lifecycle_stage_date = NULL"
            f" WHERE {column} = ANY(%s)",
            [record_ids],
        )
    env.invalidate_all()
