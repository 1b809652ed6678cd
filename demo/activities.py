"""What the salespeople do: done, planned, due today, and late."""

from datetime import timedelta

CALL, EMAIL, MEETING = (
    "mail.mail_activity_data_call",
    "mail.mail_activity_data_email",
    "mail.mail_activity_data_meeting",
)
# Days from today of what is planned on the open leads, one after the other.
PLANNED = (-9, 2, 5, -3, 1, 8, 0, 4, 12, -1, 6, 3, 0, 10, -14, 7)
CUSTOMER_CALLS = {
    "fading": ("Ask why it has become quiet", (-6, 3, -2, 5)),
    "lost": ("Win-back call", (-20, 9)),
    "loyal": ("Regular visit", (14, 4, 21, None)),
    "new": ("First use: is everything fine?", (-1, 2, 5)),
    "won_back": ("Thank for coming back", (1, None)),
}
FEEDBACK = (
    "Reached, order follows this week.",
    "Reached, wants a call after the holidays.",
    "Left a message with the office.",
    "Asked for the new price list, sent.",
)


def load(story):
    """Plan activities on leads and customers, and finish some of the past."""
    planned = [*_plan_leads(story), *_plan_customers(story)]
    story.env["mail.activity"].create([vals for vals in planned if vals])
    _load_done(story)


def _prepare(story, record, xmlid, summary, offset, user):
    return {
        "res_model_id": story.env["ir.model"]._get(record._name).id,
        "res_id": record.id,
        "activity_type_id": story.env.ref(xmlid).id,
        "summary": summary,
        "date_deadline": (story.now + timedelta(days=offset)).date(),
        "user_id": user.id,
    }


def _plan_leads(story):
    """Two of three open leads have a next step."""
    open_leads = story.leads.filtered(lambda lead: lead.won_status == "pending")
    steps = (
        (CALL, "Call back"),
        (MEETING, "Show the machines"),
        (EMAIL, "Send the offer"),
    )
    for number, lead in enumerate(open_leads):
        if number % 3 < 2:
            xmlid, summary = steps[number % len(steps)]
            offset = PLANNED[number % len(PLANNED)]
            yield _prepare(story, lead, xmlid, summary, offset, lead.user_id)


def _plan_customers(story):
    seen = {}
    for key, row in story.customer_rows.items():
        if row["rhythm"] not in CUSTOMER_CALLS:
            continue
        summary, offsets = CUSTOMER_CALLS[row["rhythm"]]
        number = seen[row["rhythm"]] = seen.get(row["rhythm"], -1) + 1
        offset = offsets[number % len(offsets)]
        if offset is not None:
            customer = story.customers[key]
            yield _prepare(story, customer, CALL, summary, offset, customer.user_id)


def _load_done(story):
    """Calls of the last months that were made; their messages get those dates."""
    days = {}
    values = []
    for number, (key, row) in enumerate(story.customer_rows.items()):
        age = 4 + 7 * number % 90
        if row["rhythm"] in ("lost", "once") or age > int(row["first"]):
            continue
        customer = story.customers[key]
        days[customer.id] = age
        values.append(_prepare(story, customer, CALL, "Call", -age, customer.user_id))
    done = story.env["mail.activity"].create(values)
    for number, activity in enumerate(done):
        moment = story.moment(days[activity.res_id], story.chance("call", number))
        user = activity.user_id
        messages, _next = activity.with_user(user)._action_done(
            feedback=FEEDBACK[number % len(FEEDBACK)]
        )
        story.backdate(messages.with_env(story.env), "date", [moment])
        activity.date_done = moment.date()
