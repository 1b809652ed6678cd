"""What employees propose: votes, decisions with their reasons, one effect measured."""

from datetime import timedelta

COMMITTEE = ("helena", "anna", "meiling")


def load(story):
    """Propose, vote and decide, each on its day; the best of last month win."""
    process = story.process
    process.suggestion_committee_ids = story.env["res.users"].union(
        *(story.users[login] for login in COMMITTEE)
    )
    rows = story.load_json("proposals")
    made = {row["key"]: _propose(story, row) for row in rows}
    for row in rows:
        _decide(story, made[row["key"]], row)
    awards = story.env["crm.lifecycle.suggestion.award"]
    if awards._find_candidates(story.env.company, awards._get_last_month()):
        awards.action_nominate()
        awards.search([("place", "=", "1")]).prize = "A day off"


def _propose(story, row):
    author = story.users[row["by"]]
    suggestions = story.env["crm.lifecycle.suggestion"].with_user(author)
    names = ("name", "evidence", "expected_effect")
    values = {name: row[name] for name in names}
    if row["stage"]:
        values["stage_id"] = story.stages[row["stage"]].id
    suggestion = suggestions.sudo().create(  # sudo: demo data
        {**values, "process_id": story.process.id, "proposer_id": author.id}
    )
    for login in row["votes"]:
        suggestion.with_user(story.users[login]).sudo().action_vote()  # sudo: as above
    story.backdate(suggestion, "create_date", [_day(story, row["age"])])
    return suggestion


def _decide(story, suggestion, row):
    judge = suggestion.with_user(story.users["helena"]).sudo()  # sudo: as above
    if row["state"] == "proposed":
        return
    judge.answer = row["answer"]
    if row["state"] == "rejected":
        judge.action_reject()
    else:
        judge.action_accept()
        story.backdate(judge, "accepted_date", [_day(story, row["decided"])])
    if row["state"] == "done":
        judge.action_done()
        _look_at_effect(story, judge, row)
    decided = _day(story, row.get("done") or row["decided"])
    story.backdate(judge, "decided_date", [decided])


def _look_at_effect(story, judge, row):
    due = _day(story, row["done"] - 60).date()
    judge.effect_date = due
    judge.activity_ids.date_deadline = due
    names = ("effect", "effect_unit", "figure_before", "figure_after")
    judge.write({name: row[name] for name in names if name in row})


def _day(story, days):
    return story.now - timedelta(days=days)
