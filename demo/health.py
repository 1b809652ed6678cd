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
    story.env["crm.churn.alert"]._raise_unwell()
    _wait(story)


def _wait(story):
    """One alert waits, as its owner knows why."""
    alerts = story.env["crm.churn.alert"]
    waiting = alerts.search([("state", "=", "new"), ("reason", "=", "silence")])[-1:]
    until = (story.now + timedelta(days=16)).date()
    waiting._snooze(until, "Rebuilds the kitchen, back after the reopening.")
