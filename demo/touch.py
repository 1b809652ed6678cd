"""How soon somebody was in touch with each lead, and what is known of it since."""

from datetime import timedelta

from odoo import models

from .clocks import escalate

# hours until the first touch: mostly in time, a few too late
HOURS = (1, 2, 2, 3, 4, 5, 7, 9, 14, 18, 21, 28, 43)
KINDS = ("mail", "call", "call", "meeting")
SIZES = ("micro", "small", "medium", "large")
TIMELINES = ("now", "quarter", "half", "year")
NEEDS = {
    "en_US": (
        "One supplier for all locations, with one invoice",
        "Machines that need no service contract of their own",
        "Better coffee for the guests without more staff",
    ),
    "zh_CN": (
        "所有门店统一供货、统一开票",
        "设备与维护由一家供应商负责",
        "不增加人手的前提下提升咖啡品质",
    ),
}


def load(story):
    """Touch the leads of the past; the newest of each seller still wait."""
    clocks = story.env["crm.sla.timer"]
    leads = story.leads.with_context(active_test=False)
    clocks.search([("kind", "=", "first_touch"), ("lead_id", "in", leads.ids)]).unlink()
    models.BaseModel.write(leads, {"lifecycle_touch_date": False})
    policy = story.env.ref("crm_lifecycle.sla_policy_first_touch")
    rows = [
        {**lead._prepare_touch_clock(), "start_date": lead.create_date}
        for lead in leads
    ]
    started = clocks._start("first_touch", policy, rows)
    waiting = _get_waiting(leads)
    for lead in leads - waiting:
        _touch(story, lead)
    escalate(story, started.filtered(lambda clock: not clock.done_date))
    for lead in leads - waiting:
        _qualify(story, lead)


def _get_waiting(leads):
    """The newest open lead of each seller, where it has not moved yet."""
    waiting = leads.browse()
    for mine in leads.filtered("active").grouped("user_id").values():
        newest = mine.sorted("create_date")[-1:]
        waiting |= newest.filtered(lambda lead: lead.lifecycle_stage_id.key == "new")
    return waiting


def _touch(story, lead):
    rng = story.chance("touch", lead.name)
    when = lead.create_date + timedelta(hours=rng.choice(HOURS))
    lead._lifecycle_touch(rng.choice(KINDS), lead.user_id, min(when, story.now))


def _qualify(story, lead):
    """Of most leads something is still to be found out."""
    rng = story.chance("qualified", lead.name)
    needs = NEEDS["zh_CN" if lead.name > "\u3000" else "en_US"]
    known = {
        "lifecycle_company_size": rng.choice(SIZES),
        "lifecycle_budget": round(lead.expected_revenue * 1.1, -2),
        "lifecycle_decision_maker": lead.contact_name or lead.partner_id.name,
        "lifecycle_need": rng.choice(needs),
        "lifecycle_timeline": rng.choice(TIMELINES),
    }
    for name in rng.sample([*known], rng.choice((0, 0, 1, 2, 3))):
        del known[name]
    models.BaseModel.write(lead, known)
