"""What customers said, and how far it has been answered."""

from datetime import timedelta

# Hours from one step to the next.
STEPS = {"assigned_date": 5, "solved_date": 52, "close_date": 75}
# Why customers of the story complain, by what the complaint is about.
CAUSES = {
    "product": "product_defect",
    "delivery": "delivery_late",
    "service": "people_silence",
    "price": "invoice_wrong",
}
MEASURES = {
    "product": "Taste a sample of each batch before it is packed",
    "delivery": "Call the customer when the truck is an hour late",
    "service": "A deputy for each customer while somebody is away",
    "price": "Announce each new price four weeks before",
}
OUTCOMES = ("confirmed", "confirmed", "reported", "no_answer")


def load(story):
    """Record the feedback as it stands today, then date the steps."""
    rows = story.rows("feedback")
    values = [_prepare(story, row) for row in rows]
    records = story.env["crm.feedback"].create(values)
    _date_steps(story, records)
    _date_reminders(story, records)
    _recall_stages(story, records)
    _run_clocks(story, records)
    _end(story, records)
    _correct(story, records, rows)


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
    if row["kind"] == "complaint" and row["state"] != "new":
        cause = CAUSES[row["category"]]
        values["cause_id"] = story.env.ref(f"crm_feedback.cause_{cause}").id
        values["no_measure_reason"] = "See the corrective action of the month"
    return values


def _end(story, records):
    """How the customers ended what was closed; the solved ones have just been asked."""
    closed = records.filtered(lambda r: r.state == "closed").sorted("date")
    for number, record in enumerate(closed):
        outcome = OUTCOMES[number % len(OUTCOMES)]
        values = {"outcome": outcome, "ask_date": record.solved_date}
        if outcome != "no_answer":
            values["confirmed_date"] = record.close_date
        record._write_step(values)
    for record in records.filtered(lambda r: r.state == "solved"):
        record._write_step({"ask_date": record.solved_date})


def _correct(story, records, rows):
    """One corrective action per kind of complaint: one is late, one is done."""
    measures = story.env["crm.feedback.measure"]
    for number, (category, name) in enumerate(MEASURES.items()):
        about = records.browse(
            record.id
            for record, row in zip(records, rows, strict=True)
            if row["category"] == category and record.cause_id
        )
        last = about.sorted("date")[-1:]
        due = (story.now + timedelta(days=7 * number - 4)).date()
        measures |= measures.create(
            {
                "name": name,
                "feedback_id": last.id,
                "user_id": last.user_id.id or story.env.uid,
                "date_deadline": due,
            }
        )
    measures[1:2].action_done()


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
