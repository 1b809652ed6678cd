"""How well customers have been off, week by week, and the alerts that came of it."""

from datetime import timedelta

# weeks ago on which the customers were judged
WEEKS = (12, 10, 8, 6, 4, 3, 2, 1, 0)


def load(story):
    """Learn who leaves, then judge as of earlier weeks, and of today at last."""
    metrics, scores = story.env["crm.customer.metrics"], story.env["crm.churn.score"]
    story.env["crm.churn.model"]._learn(story.env.company, story.now)
    for weeks in WEEKS:
        moment = story.now - timedelta(weeks=weeks)
        metrics._rebuild(None, None, moment)
        scores._refresh_all(today=moment.date())
    _look_back(story, _write_playbooks(story))
    story.env["crm.churn.alert"]._raise_unwell()
    _wait(story)


def _write_playbooks(story):
    """Important customers are visited; others are called, some are left alone."""
    tiers = story.env["crm.customer.tier"].search([("is_vip", "=", True)])
    letter = story.env.ref("crm_churn.mail_template_churn_letter")
    playbooks = story.records(
        "crm.churn.playbook",
        {
            "playbook_visit": {
                "name": "Visit important customers",
                "sequence": 10,
                "tier_ids": tiers.ids,
                "is_winback": True,
                "offer": "A tasting on site, and free delivery for three months",
                "script": "<p>Ask what has changed, listen, and do not sell.</p>",
            },
            "playbook_call": {
                "name": "Call and offer samples",
                "sequence": 20,
                "mail_template_id": letter.id,
                "offer": "Samples of the new roast",
                "holdout_percent": 20,
            },
        },
    )
    return playbooks["playbook_call"]


def _look_back(story, playbook):
    """The alerts of the past followed the playbook; some customers were left alone."""
    alerts = story.env["crm.churn.alert"].search(
        [("state", "in", ("saved", "lost")), ("raised_date", "<", story.ago(days=91))],
        order="raised_date, id",
    )
    alerts.playbook_id = playbook
    normal = alerts.filtered(lambda a: not a.partner_id.customer_tier_id.is_vip)
    lost = normal.filtered(lambda a: a.state == "lost")
    saved = normal.filtered(lambda a: a.state == "saved" and a.closed_by_itself)
    held = lost[::2] | saved[:6]
    note = "Left alone to compare with."
    held.write({"is_holdout": True, "closed_by_itself": True, "note": note})


def _wait(story):
    """One alert waits, as its owner knows why."""
    alerts = story.env["crm.churn.alert"]
    waiting = alerts.search([("state", "=", "new"), ("reason", "=", "silence")])[-1:]
    until = (story.now + timedelta(days=16)).date()
    waiting._snooze(until, "Rebuilds the kitchen, back after the reopening.")
