"""What customers have been worth over time, by the tiers of the template."""

from datetime import timedelta

# days ago on which the customers were evaluated
NIGHTS = (420, 330, 240, 150, 90, 45, 14, 0)
# whose tier somebody has set by hand
LOCKED = "hotel_alpenblick"
# how many days ago the care of the first customers was due
LATE = (4, 2, 0)
# what somebody was asked to complete, and by when, in days from now
ASKED = (-3, 0, 4, 6)


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
    _recommend(story)
    env["crm.customer.hint"]._refresh()
    _ask(story)


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


def _recommend(story):
    """Loyal customers have recommended others."""
    names = ("cafe_morgenstern", "chenxi", "maison_lavande")
    leads = story.leads.sorted("id")
    for number, name in enumerate(names):
        leads[number::11][:2].lifecycle_referrer_id = story.contacts[name]


def _ask(story):
    """Some owners have been asked to complete data; one is late."""
    users = story.env["res.users"].union(*story.users.values())
    gaps = story.env["crm.data.gap"].search([("user_id", "in", users.ids)], order="id")
    kind = gaps._get_activity_type()
    for gap, days in zip(gaps, ASKED, strict=False):
        gap._ask()
        activities = story.env[gap.res_model].browse(gap.res_id).activity_ids
        asked = activities.filtered(lambda a: a.activity_type_id == kind)
        asked.date_deadline = (story.now + timedelta(days=days)).date()
