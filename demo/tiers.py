"""What customers have been worth over time, by the tiers of the template."""

from datetime import timedelta

# days ago on which the customers were evaluated
NIGHTS = (420, 330, 240, 150, 90, 45, 14, 0)
# whose tier somebody has set by hand
LOCKED = "hotel_alpenblick"
# how many days ago the care of the first customers was due
LATE = (4, 2, 0)


def load(story):
    """Evaluate as of earlier days, set one tier by hand, begin the periodic care."""
    env = story.env
    metrics, tiers = env["crm.customer.metrics"], env["crm.customer.tier"]
    for days in NIGHTS:
        moment = story.now - timedelta(days=days)
        metrics._rebuild(None, None, moment)
        tiers._evaluate_all(now=moment)
    _lock(story)
    _care(story)


def _lock(story):
    manager = story.users["helena"]
    story.customers[LOCKED].with_user(manager)._lock_customer_tier(
        story.env.ref("crm_lifecycle_suite.customer_tier_vip"),
        (story.now + timedelta(days=60)).date(),
        "Frame contract for the next season is being signed",
    )


def _care(story):
    """The tasks of the night; those that waited longest are late."""
    customers = story.env["res.partner"]
    tiers = story.env["crm.customer.tier"].search([("care_plan_id", "!=", False)])
    for tier in tiers:
        tier._start_care(customers.browse(tier._find_care_due()))
    kind = story.env.ref("crm_lifecycle.mail_activity_type_care")
    tasks = story.env["mail.activity"].search(
        [("activity_type_id", "=", kind.id), ("res_model", "=", "res.partner")],
        order="id",
        limit=len(LATE),
    )
    for task, days in zip(tasks, LATE, strict=False):
        task.date_deadline = (story.now - timedelta(days=days)).date()
