"""What the map tells: targets, reviews held and overdue, suggestions and decisions."""

from datetime import timedelta

# stage: percent that should go on, median days, and what others reach
TARGETS = {
    "new": (80, 4, 75, 5),
    "qualified": (70, 10, 60, 12),
    "proposition": (60, 14, 52, 18),
}
DECISIONS = """
<p>Luis and Anna take turns with the price talks: no offer waits for one person.</p>
<p>The tasting comes before the offer from now on. We look at it in a month.</p>
"""
NOTES = "<p>Offers wait longest. Leads that skip the visit come back to it later.</p>"


def load(story):
    """Give the chart its targets, hold one review, let one be late, decide a little."""
    for key, values in TARGETS.items():
        names = (
            "target_conversion",
            "target_stay_days",
            "benchmark_conversion",
            "benchmark_stay_days",
        )
        story.stages[key].write(dict(zip(names, values, strict=True)))
    _load_reviews(story)
    _load_suggestions(story)


def _load_reviews(story):
    process = story.process
    process.action_plan_reviews()
    reviews = {review.kind: review for review in process.review_ids}
    people = story.users["helena"] | story.users["anna"] | story.users["meiling"]
    process.review_ids.write({"participant_ids": [(6, 0, people.ids)]})
    today = story.now.date()
    held = reviews["monthly"]
    held.write(
        {
            "date": today - timedelta(days=34),
            "notes": NOTES,
            "decisions": DECISIONS,
        }
    )
    held.with_user(story.users["helena"]).sudo().action_hold()  # sudo: demo data
    held.held_date = today - timedelta(days=33)
    late = process.review_ids.filtered(
        lambda r: r.kind == "monthly" and r.state == "planned"
    )
    late.date = today - timedelta(days=3)


def _load_suggestions(story):
    suggestions = story.env["crm.lifecycle.suggestion"]
    suggestions._refresh(story.process)
    found = suggestions.search([("process_id", "=", story.process.id)])
    back = found.filtered(
        lambda s: (s.numbers or {}).get("move") == ["proposition", "qualified"]
    )
    back.with_user(story.users["helena"]).sudo().action_reject()  # sudo: as above
    back.answer = "Going back is what we want to stop, not to draw."
    found.filtered(lambda s: s.source == "bottleneck").action_accept()
