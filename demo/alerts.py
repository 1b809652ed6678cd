"""The churn alerts of the past, as they would have been raised; then today's."""

from collections import Counter
from datetime import timedelta

LIMIT = 90
# How the alerts of customers who have not come back stand: state, note.
OUTCOMES = {
    "lost": (
        ("lost", "Buys from a competitor: our prices rose twice in a year."),
        ("lost", "The new owner brought a supplier along."),
        ("lost", "Late deliveries; had asked us twice to change the carrier."),
    ),
    "seasonal": (
        ("working", "Opens again with the season; call four weeks before."),
        ("false_alarm", "Closed for the season every year, orders in time."),
    ),
    "fading": (
        ("working", "Has asked for a new offer, decision after the inventory."),
        ("new", False),
        ("working", "Left a message twice, the buyer is travelling."),
        ("false_alarm", "Renovates the kitchen, orders again after the reopening."),
        ("new", False),
        ("lost", "Closed one of two shops and buys less, elsewhere."),
    ),
}
# Why customers left, as it is chosen when an alert is closed as lost.
CAUSES = ("Too expensive", "Went to a competitor", "Late deliveries")
SAVED = "Visited, listened, repaired what was wrong; the next order came soon after."


def load(story):
    """Write the past alerts, then raise what is due today like the nightly run."""
    alerts = story.env["crm.churn.alert"].create([*_prepare_history(story)])
    _name_causes(story, alerts.filtered(lambda alert: alert.state == "lost"))
    alerts.filtered("is_open")._schedule_call()
    alerts._raise_rows(alerts._fetch_silent(0, 500))


def _name_causes(story, lost):
    reasons = story.env["crm.lost.reason"]
    known = {reason.name: reason for reason in reasons.search([("name", "in", CAUSES)])}
    for number, alert in enumerate(lost.sorted("raised_date")):
        name = CAUSES[number % len(CAUSES)]
        if name not in known:
            known[name] = reasons.create({"name": name})
        alert.cause_id = known[name]


def _prepare_history(story):
    """One alert for each silence whose end is told."""
    counts = Counter()
    for key, row in story.customer_rows.items():
        for last, after in _get_silences(story, story.customers[key]):
            raised = last + timedelta(days=LIMIT + 1)
            number = counts[row["rhythm"]]
            counts[row["rhythm"]] += 1
            ending = _get_ending(row["rhythm"], number, raised, after)
            if ending:
                yield {**_prepare(story, story.customers[key], last, raised), **ending}


def _get_silences(story, customer):
    """Moments of the last purchase before each long silence, and of the next one.

    The first purchase is left out: new customers have another limit.
    """
    orders = story.orders.filtered(lambda order: order.partner_id == customer)
    dates = sorted(orders.mapped("date_order"))[1:]
    for last, after in zip(dates, [*dates[1:], None], strict=False):
        if (after or story.now) - last > timedelta(days=LIMIT + 1):
            yield last, after


def _prepare(story, customer, last, raised):
    return {
        "partner_id": customer.id,
        "company_id": story.env.company.id,
        "stage_id": story.env.ref("crm_lifecycle.stage_customer_active").id,
        "limit_days": LIMIT,
        "silence_days": LIMIT + 1,
        "last_purchase_date": last,
        "raised_date": raised,
        "deadline": (raised + timedelta(days=3)).date(),
        "user_id": customer.user_id.id,
    }


def _get_ending(rhythm, number, raised, after):
    """How an alert stands: saved when the customer came back, else as told."""
    if after:
        by_itself = number % 2 == 1
        return {
            "state": "saved",
            "note": False if by_itself else SAVED,
            "closed_by_itself": by_itself,
            "recovered_date": after if by_itself else False,
            "closed_date": after,
        }
    outcomes = OUTCOMES.get(rhythm)
    if not outcomes:
        return {}
    state, note = outcomes[number % len(outcomes)]
    closed = state not in ("new", "working") and raised + timedelta(days=9)
    return {"state": state, "note": note, "closed_date": closed}
