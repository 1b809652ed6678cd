"""The chart gets owners, limits and requirements, the way an admin gives them.

That is: through a draft that is published, so that the revisions tell of it.
"""

from odoo.fields import Command

# Days ago of the first revision and of the one that governs.
REVISED = (540, 45)
NOTE = "Owners, time limits and requirements, as agreed with both teams."


def load(story):
    """Publish the process as ``governance.json`` says, and give roles their people."""
    data = story.load_json("governance")
    for xmlid, logins in data["roles"].items():
        people = [_get_user(story, login).id for login in logins]
        story.env.ref(xmlid).user_ids = [Command.set(people)]
    story.process = story.env.ref("crm_lifecycle.process_default")
    story.process.user_id = story.users["helena"]
    _publish(story, data["stages"])
    story.stages = {stage.key: stage for stage in story.process.stage_ids}
    for login, keys in data["owners"].items():
        for key in keys:
            story.stages[key].user_id = story.users[login]
    _load_opinions(story, data["opinions"])
    _leave_alone(story, data["left"])


def _leave_alone(story, keys):
    """The salesperson of a few customers has left, and nobody was told."""
    for key in keys:
        customer = story.customers[key]
        customer.activity_ids.unlink()
        customer.user_id = False


def _get_user(story, login):
    return story.users.get(login) or story.env.ref(login)


def _publish(story, additions):
    earlier = story.process.revision_ids
    story.process.action_new_draft()
    draft = story.process.draft_ids
    definition = draft._get_definition()
    for stage in definition["stages"]:
        stage.update(additions.get(stage["key"], {}))
    draft._apply_definition(definition)
    draft.action_publish()
    newest = story.process.revision_id
    newest.note = NOTE
    begun, governed = (story.ago(days=days) for days in REVISED)
    story.backdate(earlier, "create_date", [begun] * len(earlier))
    story.backdate(newest, "create_date", [governed])


def _load_opinions(story, opinions):
    for login, key, body, state in opinions:
        comments = story.env["crm.lifecycle.comment"].with_user(story.users[login])
        comment = comments.create({"stage_id": story.stages[key].id, "body": body})
        comment.sudo().state = state  # sudo: what the process manager says of it
