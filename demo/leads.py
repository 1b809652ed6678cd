"""The opportunities of the last months, with the way that each has gone."""

import re
from itertools import accumulate

PIPELINE = ("crm.stage_lead1", "crm.stage_lead2", "crm.stage_lead3", "crm.stage_lead4")
REASONS = ("crm.lost_reason_1", "crm.lost_reason_2", "crm.lost_reason_3")


def load(story):
    """Create the leads where they stand, then date the way that led there."""
    pipeline = [story.env.ref(xmlid) for xmlid in PIPELINE]
    rows = story.rows("leads")
    ways = [_get_way(story, row) for row in rows]
    story.leads = story.env["crm.lead"].create(
        [
            _prepare_lead(story, row, way, pipeline)
            for row, way in zip(rows, ways, strict=True)
        ]
    )
    for lead, row, way in zip(story.leads, rows, ways, strict=True):
        if row["end"] == "won":
            _link_first_order(story, lead, way[-1])
    _load_stage_changes(story, rows, ways, pipeline)
    _date_leads(story, ways)


def _date_leads(story, ways):
    begun, ended = [way[0] for way in ways], [way[-1] for way in ways]
    for column, moments in (
        ("create_date", begun),
        ("date_open", begun),
        ("date_last_stage_update", ended),
        ("write_date", ended),
    ):
        story.backdate(story.leads, column, moments)
    pairs = zip(story.leads, ended, strict=True)
    closed = {lead: end for lead, end in pairs if lead.won_status != "pending"}
    story.backdate(
        story.leads.browse(lead.id for lead in closed),
        "date_closed",
        [*closed.values()],
    )


def move_today(story):
    """One opportunity of each salesperson is moved on by hand today, and tracked."""
    source, target = (story.env.ref(xmlid) for xmlid in PIPELINE[1:3])
    waiting = story.leads.filtered(lambda lead: lead.stage_id == source and lead.active)
    values = []
    for user, leads in waiting.grouped("user_id").items():
        lead = leads[:1]
        lead.with_user(user).stage_id = target
        values.append(
            _prepare_change(story, lead, "stage_id", source, target, story.now)
        )
    _create_messages(story, values)


def _get_way(story, row):
    """The moments of one lead: created, each change of stage, then won or lost.

    Of a lost lead the last stay is the one in the stage where it was lost.
    """
    rng = story.chance("lead", row["title"])
    stays = [int(days) for days in row["stays"].split()]
    return [
        story.moment(int(row["age"]) - days, rng)
        for days in accumulate(stays, initial=0)
    ]


def _get_route(row, way):
    """Indexes of the pipeline stages one lead went through; a few strayed."""
    if row["route"]:
        return [int(index) for index in row["route"].split()]
    return list(range(len(way) - (row["end"] == "lost")))


def _get_position(row, way):
    """Index of the pipeline stage where the lead stands or was lost."""
    return _get_route(row, way)[-1]


def _prepare_lead(story, row, way, pipeline):
    customer = story.customers.get(row["company"])
    salesperson = row["salesperson"]
    if customer:
        salesperson = story.customer_rows[row["company"]]["salesperson"]
    values = {
        "name": row["title"],
        "type": "opportunity",
        "user_id": story.users[salesperson].id,
        "team_id": story.teams[salesperson].id,
        "expected_revenue": float(row["amount"]),
        "stage_id": pipeline[_get_position(row, way)].id,
        "priority": str(min(3, int(row["amount"]) // 10000)),
    }
    if customer:
        values["partner_id"] = customer.id
    else:
        values.update(partner_name=row["company"], contact_name=row["contact"])
        values.update(_get_address(story, row))
    if row["end"] == "lost":
        reason = REASONS[int(row["age"]) % len(REASONS)]
        values.update(
            active=False,
            probability=0,
            automated_probability=0,
            lost_reason_id=story.env.ref(reason).id,
        )
    return values


def _get_address(story, row):
    """How to reach them; of every fifth nobody has noted it yet."""
    rng = story.chance("address", row["title"])
    if not rng.randrange(5):
        return {}
    mail = re.sub(r"[^a-z]+", "-", row["company"].lower()).strip("-") or "office"
    return {
        "email_from": f"{mail}@leads.example.com",
        "phone": f"+32 2 555 {rng.randrange(1000, 10000)}",
    }


def _link_first_order(story, lead, won):
    """The first order after the won opportunity came from it."""
    orders = story.orders.filtered(
        lambda order: order.partner_id == lead.partner_id and order.date_order >= won
    )
    orders.sorted("date_order")[:1].opportunity_id = lead


def _load_stage_changes(story, rows, ways, pipeline):
    """What Odoo would have tracked, had the leads been moved on those days."""
    values = []
    for lead, row, way in zip(story.leads, rows, ways, strict=True):
        route = [pipeline[index] for index in _get_route(row, way)]
        for old, new, moment in zip(route, route[1:], way[1:], strict=False):
            values.append(_prepare_change(story, lead, "stage_id", old, new, moment))
        if not lead.active:
            values.append(_prepare_lost(story, lead, way[-1]))
    _create_messages(story, values)


def _create_messages(story, values):
    """Odoo counts the days in each stage by when the change was written."""
    messages = story.env["mail.message"].create(values)
    tracked = messages.tracking_value_ids
    dates = [tracking.mail_message_id.date for tracking in tracked]
    story.backdate(tracked, "create_date", dates)
    story.backdate(messages, "create_date", messages.mapped("date"))


def _prepare_message(story, lead, subtype, moment, tracking):
    return {
        "model": "crm.lead",
        "res_id": lead.id,
        "message_type": "notification",
        "subtype_id": story.env.ref(f"crm.{subtype}").id,
        "author_id": lead.user_id.partner_id.id,
        "date": moment,
        "body": "",
        "tracking_value_ids": [(0, 0, tracking)],
    }


def _prepare_change(story, lead, field, old, new, moment):
    subtype = "mt_lead_won" if new.is_won else "mt_lead_stage"
    tracking = {
        "field_id": story.env["ir.model.fields"]._get("crm.lead", field).id,
        "old_value_integer": old.id,
        "old_value_char": old.name,
        "new_value_integer": new.id,
        "new_value_char": new.name,
    }
    return _prepare_message(story, lead, subtype, moment, tracking)


def _prepare_lost(story, lead, moment):
    tracking = {
        "field_id": story.env["ir.model.fields"]._get("crm.lead", "active").id,
        "old_value_integer": 1,
        "new_value_integer": 0,
    }
    return _prepare_message(story, lead, "mt_lead_lost", moment, tracking)
