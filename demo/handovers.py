"""Sales hands new customers over to operations, where onboarding begins."""

from datetime import timedelta

RECEIVER = "jonas"
RETURN_REASON = "Nobody told us of the second espresso bar. What else was promised?"


def load(story):
    """Hand over whoever is new, each on the day of the first order."""
    stage = story.stages["customer_new"]
    partners = story.env["res.partner"].union(*story.customers.values())
    visits = story.env["crm.lifecycle.visit"].search(
        [
            ("partner_id", "in", partners.ids),
            ("stage_id", "=", stage.id),
            ("left_date", "=", False),
        ]
    )
    handovers = story.env["crm.lifecycle.handover"]._request(visits.partner_id, visits)
    _decide(story, handovers)
    _start_onboarding(story, stage)


def _decide(story, handovers):
    """The newest waits, the one before was returned, the others were accepted."""
    receiver = story.users[RECEIVER]
    ordered = handovers.sorted(lambda h: h.visit_id.entered_date)
    accepted, returned, waiting = ordered[:-2], ordered[-2], ordered[-1]
    accepted.with_user(receiver).action_accept()
    reason = story.env.ref("crm_lifecycle.return_reason_promise")
    returned.with_user(receiver).action_return(reason.id, RETURN_REASON)
    asked = [_get_asked(story, handover, handover == waiting) for handover in handovers]
    story.backdate(handovers, "requested_date", asked)
    decided = handovers - waiting
    dates = [min(h.requested_date + timedelta(hours=20), story.now) for h in decided]
    story.backdate(decided, "decided_date", dates)
    decided._compute_outcome()


def _get_asked(story, handover, is_waiting):
    """The one that waits was asked for a few hours ago."""
    return story.ago(hours=4) if is_waiting else handover.visit_id.entered_date


def _start_onboarding(story, stage):
    """The dated steps of each, from its first day; the past ones were mostly done."""
    visits = story.env["crm.lifecycle.visit"].search(
        [("stage_id", "=", stage.id)], order="entered_date desc"
    )
    first = {visit.partner_id.id: visit.entered_date.date() for visit in visits}
    visits.filtered(lambda visit: not visit.left_date).partner_id._lifecycle_start_plan(
        stage
    )
    types = stage.plan_id.template_ids.activity_type_id
    steps = story.env["mail.activity"].search(
        [
            ("res_model", "=", "res.partner"),
            ("res_id", "in", [*first]),
            ("activity_type_id", "in", types.ids),
        ]
    )
    today = story.now.date()
    for step in steps:
        step.date_deadline -= today - first[step.res_id]
    for step in steps.filtered(lambda step: (today - step.date_deadline).days > 9):
        day = step.date_deadline
        step.with_user(step.user_id)._action_done(feedback="Done as planned.")
        step.date_done = day
