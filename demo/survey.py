"""How content customers are: some months of answers, a bad week and its repair.

In the eighth week before today a new carrier took over the deliveries. Orders of that
week were hard to get; since the drivers call an hour before, it is easier than ever.
"""

from datetime import timedelta

BAD_WEEK = (52, 60)  # days ago
DAYS = 150
# Shares of unhappy, neutral and satisfied, by how the customer's orders develop.
MOODS = {"growing": (5, 20, 75), "fading": (50, 35, 15)}
USUAL_MOOD = (15, 30, 55)
SCORES = {
    "nps": ((2, 4, 5, 6), (7, 8), (9, 9, 10)),
    "ces": ((2, 3), (4,), (5, 6, 6, 7)),
    "csat": ((1, 2), (3,), (4, 5, 5)),
}
GROUPS = {
    "nps": ("detractor", "passive", "promoter"),
    "ces": ("unhappy", "neutral", "satisfied"),
    "csat": ("unhappy", "neutral", "satisfied"),
}


def load(story):
    """Record whom was asked, and what came back."""
    words = story.load_json("survey")
    surveys = {kind: story.env.ref(f"crm_feedback.survey_{kind}") for kind in SCORES}
    rows = [
        *_ask_for_recommendation(story, words),
        *_ask_after_orders(story, words),
        *_ask_after_solutions(story, words),
        *_ask_who_spoke(story),
    ]
    story.env["crm.feedback.response"].create(
        [_prepare(story, surveys, row) for row in rows]
    )
    asked = {row["partner"]: row["date"] for row in rows}
    for partner, moment in asked.items():
        partner.feedback_ask_date = moment
    # a small company: some of its people have enough answers, some have not
    story.env["ir.config_parameter"].set_param("crm_feedback.spread_size", "8")
    for survey in surveys.values():
        survey.active = True  # from today on the others are asked
    next(iter(asked)).feedback_opt_out = True


def _ask_for_recommendation(story, words):
    """Every customer once, spread over the months; about half answered."""
    for key, row in story.customer_rows.items():
        rng = story.chance("nps", key)
        age = rng.randrange(3, DAYS)
        mood, is_chinese = _draw(rng, row["rhythm"]), row["country"] == "cn"
        answer = _answer("nps", mood, words["nps"], rng, is_chinese)
        yield {
            "kind": "nps",
            "partner": story.contacts[key],
            "user": story.customers[key].user_id,
            "date": story.moment(age, rng),
            "answer": rng.random() < 0.55 and answer,
        }


def _ask_after_orders(story, words):
    """One order of three; the bad week has its own words, and so has its repair."""
    since = story.now - timedelta(days=DAYS)
    keys = {partner: key for key, partner in story.customers.items()}
    for number, order in enumerate(story.orders.sorted("date_order")):
        age = (story.now - order.date_order).days
        is_bad = BAD_WEEK[0] <= age <= BAD_WEEK[1]
        if order.date_order < since or age < 8 or (number % 3 and not is_bad):
            continue
        key = keys[order.partner_id]
        rng, row = story.chance("ces", key, age), story.customer_rows[key]
        is_chinese = row["country"] == "cn"
        answer = _answer(
            "ces", _draw(rng, row["rhythm"]), words["ces"], rng, is_chinese
        )
        if is_bad:
            text = _choose(rng, words["bad_week"], is_chinese)
            answer = (rng.choice((1, 2, 2, 3)), text)
        elif age < BAD_WEEK[0] - 14:
            text = _choose(rng, words["repair"], is_chinese)
            answer = (rng.choice((6, 6, 7)), rng.choice((text, "")))
        yield {
            "kind": "ces",
            "partner": story.contacts[key],
            "user": order.user_id,
            "order": order,
            "date": order.date_order + timedelta(days=7),
            "answer": rng.random() < (0.8 if is_bad else 0.5) and answer,
        }


def _ask_after_solutions(story, words):
    """Everybody who confirmed a solution was asked on the page."""
    for case in story.env["crm.feedback"].search(
        [("outcome", "in", ("confirmed", "reported")), ("kind", "!=", "praise")]
    ):
        rng = story.chance("csat", case.name)
        is_chinese = case.commercial_partner_id.country_id.code == "CN"
        mood = _draw(rng, "growing")
        answer = _answer("csat", mood, words["csat"], rng, is_chinese)
        yield {
            "kind": "csat",
            "partner": case.partner_id,
            "user": case.user_id,
            "case": case,
            "date": case.confirmed_date,
            "answer": rng.random() < 0.8 and answer,
        }


def _ask_who_spoke(story):
    """Praise, and complaints about the bad week, that came by answers."""
    for case in story.env["crm.feedback"].search(
        [("kind", "in", ("praise", "complaint")), ("partner_id", "!=", False)]
    ):
        is_praise, age = case.kind == "praise", (story.now - case.date).days
        if not is_praise and not BAD_WEEK[0] <= age <= BAD_WEEK[1] + 2:
            continue
        case.channel = "survey"
        yield {
            "kind": "ces",
            "partner": case.partner_id,
            "user": case.user_id,
            "opened": case,
            "date": case.date - timedelta(days=1),
            "answer": (7 if is_praise else 1, case.description),
            "answered": case.date,
        }


def _draw(rng, rhythm):
    """How a customer feels: 0 for unhappy, 1 for neutral, 2 for satisfied."""
    return rng.choices((0, 1, 2), MOODS.get(rhythm, USUAL_MOOD))[0]


def _answer(kind, mood, words, rng, is_chinese):
    group = GROUPS[kind][mood]
    return rng.choice(SCORES[kind][mood]), _choose(rng, words[group], is_chinese)


def _choose(rng, words, is_chinese):
    """What a customer says, in his language."""
    return rng.choice([text for text in words if text.isascii() != is_chinese] or [""])


def _prepare(story, surveys, row):
    survey, asked = surveys[row["kind"]], row["date"]
    end = asked + timedelta(days=survey.valid_days)
    values = {
        "survey_id": survey.id,
        "partner_id": row["partner"].id,
        "user_id": row["user"].id,
        "company_id": story.env.company.id,
        "lifecycle_stage_id": row["partner"].lifecycle_stage_id.id,
        "order_id": row.get("order", story.env["sale.order"]).id,
        "feedback_id": row.get("case", story.env["crm.feedback"]).id,
        "sent_date": asked,
        "expire_date": end,
        "state": "sent" if end > story.now else "expired",
    }
    if row["answer"]:
        score, comment = row["answer"]
        days = story.chance("day", asked).randrange(4)
        answered = row.get("answered") or asked + timedelta(days=days, hours=3)
        values.update(
            state="answered",
            score=score,
            comment=comment,
            answered_date=min(answered, story.now),
            case_id=row.get("opened", story.env["crm.feedback"]).id,
        )
    return values
