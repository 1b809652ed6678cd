"""What customers said, and how far it has been answered."""

from datetime import timedelta

# Hours from one step to the next.
STEPS = {"assigned_date": 5, "solved_date": 52, "close_date": 75}


def load(story):
    """Record the feedback as it stands today, then date the steps."""
    rows = story.rows("feedback")
    values = [_prepare(story, row) for row in rows]
    records = story.env["crm.feedback"].create(values)
    _date_steps(story, records)
    _date_reminders(story, records)
    _recall_stages(story, records)
    _run_clocks(story, records)


def _prepare(story, row):
    values = {name: row[name] for name in ("name", "kind", "severity", "state")}
    values.update(
        description=row["description"],
        category_id=story.env.ref(f"crm_feedback.category_{row['category']}").id,
        date=story.moment(int(row["age"]), story.chance("feedback", row["name"])),
        user_id=False,
    )
    if row["customer"]:
        customer = story.customers[row["customer"]]
        values.update(
            partner_id=story.contacts[row["customer"]].id, user_id=customer.user_id.id
        )
    else:
        values["category_id"] = False  # its owner would answer
    if row["solution"]:
        values["solution"] = row["solution"]
    return values


def _date_steps(story, records):
    for name, hours in STEPS.items():
        done = records.filtered(name)
        story.backdate(
            done, name, [min(r.date + timedelta(hours=hours), story.now) for r in done]
        )
    story.backdate(records, "create_date", records.mapped("date"))


def _run_clocks(story, records):
    """The clocks as if they had run from the day of each; two of three are answered."""
    clocks = story.env["crm.sla.timer"]
    clocks.search([("feedback_id", "in", records.ids)]).unlink()
    limits = story.env["crm.feedback.limit"]
    for number, record in enumerate(records.sorted("date")):
        policies = limits._find_policies(record)
        row = {**record._prepare_clock(), "start_date": record.date}
        kinds = ("feedback_answer", "feedback_solution")
        for kind, policy in zip(kinds, policies, strict=True):
            clocks._start(kind, policy, [row], skip_past=True)
        done = record.solved_date or record.close_date
        if done or number % 3:
            hours = story.chance("answer", record.name).choice((1, 3, 5, 26))
            record._answer(min(record.date + timedelta(hours=hours), story.now))
        if done:
            record._find_clocks(kinds)._stop(done)
        elif record.answered_date and number % 2:
            record.action_wait()


def _date_reminders(story, records):
    """Answers were due two days after the customer spoke."""
    for activity in records.activity_ids:
        record = records.browse(activity.res_id)
        activity.date_deadline = record.date.date() + timedelta(days=2)


def _recall_stages(story, records):
    """The stage in which the customer stood on the day."""
    records.flush_recordset()
    story.env.cr.execute(
        """
        UPDATE crm_feedback f SET lifecycle_stage_id = v.stage_id
          FROM crm_lifecycle_visit v
         WHERE f.id = ANY(%s) AND v.partner_id = f.commercial_partner_id
           AND f.date >= v.entered_date AND f.date < COALESCE(v.left_date, 'infinity')
        """,
        [records.ids],
    )
    records.invalidate_recordset(["lifecycle_stage_id"])
