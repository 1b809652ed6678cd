"""Time limits as if they had been in force all along: kept, missed and escalated."""


def forget(story):
    """Drop the clocks started by publishing: for them the past is over."""
    story.env["crm.sla.timer"].search([("kind", "=", "stage")]).unlink()


def load(story):
    """Start the clocks of every stay, end those of the past, escalate what is late."""
    forget(story)
    timers = story.env["crm.sla.timer"]
    visits = story.env["crm.lifecycle.visit"].search(
        [("stage_id.sla_policy_id", "!=", False)]
    )
    timers._start_stays(visits)
    started = timers.search([("visit_id", "in", visits.ids), ("kind", "=", "stage")])
    _accept_first(story, started)
    for timer in started.filtered("visit_id.left_date"):
        timer._stop(timer.visit_id.left_date)
    escalate(story, started)


def _accept_first(story, timers):
    """Where there was a hand-over, the clock begins with its acceptance."""
    accepted = story.env["crm.lifecycle.handover"].search(
        [("visit_id", "in", timers.visit_id.ids), ("state", "=", "accepted")]
    )
    decided = {handover.visit_id: handover.decided_date for handover in accepted}
    for timer in timers.filtered(lambda t: t.visit_id in decided):
        timer.start_date = decided[timer.visit_id]
    timers.filtered(lambda t: t.visit_id in decided)._replan()


def escalate(story, timers):
    """Tell the people, each level on its day."""
    late = timers.filtered(
        lambda t: t.next_event_date and t.next_event_date <= story.now
    )
    late._escalate(story.now)
    escalations = late.escalation_ids
    moments = [_get_moment(escalation) for escalation in escalations]
    story.backdate(escalations, "date", moments)
    for escalation, moment in zip(escalations, moments, strict=True):
        escalation.activity_ids.date_deadline = moment.date()


def _get_moment(escalation):
    timer, level = escalation.timer_id, escalation.level_id
    clock = timer.policy_id._get_clock(timer.company_id)
    return level._get_moment(
        clock, timer.target_hours, timer.start_date, timer._get_pauses()
    )
