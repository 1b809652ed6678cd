"""Where the chart did not fit: exceptions asked for, granted, refused and urgent."""

from odoo.fields import Command

# title of the opportunity, who asks, target, kind, reason, how long ago in hours
ASKED = (
    (
        "Hotel breakfast supply",
        "luis",
        "proposition",
        "skip",
        "The owner is in town on Thursday and wants a price; the visit follows.",
        3,
    ),
    (
        "校园咖啡角",
        "weijun",
        "proposition",
        "skip",
        "学校下周开标，来不及先做现场勘察。",
        30,
    ),
    (
        "Coffee for a car dealer network",
        "luis",
        "proposition",
        "emergency",
        "Their tender closes tonight; the visit can only take place tomorrow.",
        6,
    ),
    (
        "Event catering",
        "weijun",
        "proposition",
        "skip",
        "They want an offer before they tell us the date.",
        52,
    ),
)
# title, who decides, whether in favour, comment
DECIDED = (
    ("校园咖啡角", "meiling", True, "开标时间属实，同意。"),
    ("校园咖啡角", "helena", True, "Fine. Measure the kitchen before we deliver."),
    ("Event catering", "meiling", False, "先问清由谁付款、哪一天。"),
)


def load(story):
    """Ask for the exceptions and decide on some."""
    management = story.env.ref("crm_lifecycle.role_management")
    story.env["crm.approval.rule"].create(
        {
            "name": "Every exception: team leader and management",
            "kind": "exception",
            "line_ids": [
                Command.create({"approver_type": "team_leader"}),
                Command.create(
                    {"approver_type": "role", "role_id": management.id, "sequence": 20}
                ),
            ],
        }
    )
    asked = {row[0]: _ask(story, *row) for row in ASKED}
    for title, login, agrees, comment in DECIDED:
        request = asked[title].approval_request_id
        request.with_user(story.users[login])._decide(agrees, comment)


def _ask(story, title, login, target, kind, reason, hours):
    lead = story.find_lead(title).with_user(story.users[login])
    kind = story.env.ref(f"crm_lifecycle.exception_kind_{kind}")
    exception_id = lead.request_lifecycle_exception(
        story.stages[target].id, kind.id, reason
    )
    exception = story.env["crm.lifecycle.exception"].browse(exception_id)
    asked = story.ago(hours=hours)
    story.backdate(exception, "create_date", [asked])
    date_request(story, exception.approval_request_id, asked)
    return exception


def date_request(story, request, asked):
    """Let a request have been asked at ``asked``."""
    story.backdate(request, "requested_date", [asked])
    lines = request.line_ids.filtered("asked_date")
    story.backdate(lines, "asked_date", [asked] * len(lines))
