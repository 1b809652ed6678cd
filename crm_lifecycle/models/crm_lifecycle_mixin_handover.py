from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

STYLES = {"waiting": "info", "accepted": "success", "returned": "warning"}


class CrmLifecycleVisit(models.Model):
    """A stay in a hand-over stage shows what became of the hand-over."""

    _inherit = "crm.lifecycle.visit"

    handover_ids = fields.One2many(
        "crm.lifecycle.handover", "visit_id", "Hand-overs", readonly=True
    )

    def _close_for(self, key, record_ids, now):
        """Nobody decides any more on what has left the stage."""
        result = super()._close_for(key, record_ids, now)
        if self.env["crm.lifecycle.stage"]._get_handover_stage_ids():
            # sudo: hand-overs are kept by the engine alone
            handovers = self.env["crm.lifecycle.handover"].sudo()
            handovers.search(
                [
                    (key, "in", list(record_ids)),
                    ("state", "=", "waiting"),
                    ("visit_id.left_date", "!=", False),
                ]
            )._withdraw()
        return result

    def _get_path_marks(self):
        marks = super()._get_path_marks()
        stages = self.env["crm.lifecycle.stage"]
        if self.stage_id.id not in stages._get_handover_stage_ids():
            return marks
        icons = {"waiting": "hourglass-half", "accepted": "handshake-o"}
        # sudo: whoever sees the stay sees what became of its hand-over
        for handover in self.sudo().handover_ids.sorted("id"):
            if style := STYLES.get(handover.state):
                label, title = handover._describe()
                icon = icons.get(handover.state, "undo")
                marks.append(
                    {"label": label, "title": title, "icon": icon, "style": style}
                )
        return marks


class CrmLifecycleHandover(models.Model):
    _inherit = "crm.lifecycle.handover"

    def _describe(self):
        """What one hand-over says about itself: a label and a longer text."""
        self.ensure_one()
        values = {
            "sender": self.sender_id.name or self.env._("The process"),
            "receivers": ", ".join(self.receiver_ids.mapped("name")),
            "user": self.decided_by_id.name or "",
            "date": format_datetime(
                self.env,
                self.decided_date or self.requested_date,
                dt_format="short",
            ),
        }
        values["reason"] = ": ".join(filter(None, [self.reason_id.name, self.reason]))
        if self.state == "waiting":
            text = self.env._(
                "%(sender)s hands it over to %(receivers)s (%(date)s).", **values
            )
            return self.env._("Not accepted yet"), text
        if self.state == "accepted":
            text = self.env._("%(user)s has accepted it (%(date)s).", **values)
            return self.env._("Accepted"), text
        text = self.env._("%(user)s has returned it (%(date)s): %(reason)s", **values)
        return self.env._("Returned"), text

    def _get_kit_requirement(self):
        """This hand-over as a line of the checklist, which nobody has to draw."""
        is_open = self.state in self.OPEN_STATES
        return {
            "id": f"handover_{self.id}",
            "label": self.env._("Hand-over accepted"),
            "is_hard": True,
            "is_met": not is_open,
            "missing": [self._get_open_reason()] if is_open else [],
            "fields": [],
        }

    def _get_open_reason(self):
        """Why the record of an open hand-over does not go on."""
        self.ensure_one()
        if self.state == "waiting":
            return self.env._(
                "The hand-over has not been accepted yet (waiting for %s).",
                ", ".join(self.receiver_ids.mapped("name")),
            )
        return self.env._("The hand-over was returned. Hand it over again first.")


class CrmLifecycleMixin(models.AbstractModel):
    """Hand-overs of a record: asked for on entering, awaited before it goes on."""

    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_entered(self, visits):
        """Asked for first: other hooks look at what is not accepted yet."""
        self._lifecycle_request_handovers(visits)
        return super()._lifecycle_entered(visits)

    def _lifecycle_request_handovers(self, visits):
        """Ask for the hand-overs of records that have entered ``visits``."""
        stages = self.env["crm.lifecycle.stage"]._get_handover_stage_ids()
        asked = visits.filtered(
            lambda v: v.stage_id.id in stages
            and v.origin not in ("migration", "history")
        )
        if asked:
            pairs = dict(zip(visits.ids, self.ids, strict=True))
            records = self.browse(pairs[visit.id] for visit in asked)
            # sudo: hand-overs are kept by the engine alone
            handovers = self.env["crm.lifecycle.handover"].sudo()
            handovers._request(records.with_env(handovers.env), asked)

    def _lifecycle_handover_accepted(self, handovers):
        """Hook: hand-overs of these records have been accepted."""

    def _lifecycle_find_handovers(self):
        """The newest hand-over of each record in the stage where it stands.

        :return: ``{record: crm.lifecycle.handover}`` with the rights of the engine
        """
        stages = self.env["crm.lifecycle.stage"]._get_handover_stage_ids()
        here = self.filtered(lambda record: record.lifecycle_stage_id.id in stages)
        # sudo: hand-overs are kept by the engine alone
        handovers = self.env["crm.lifecycle.handover"].sudo()
        if not here:
            return {}
        key = self._lifecycle_visit_key
        found = handovers.search(
            Domain(key, "in", here.ids) & Domain("visit_id.left_date", "=", False),
            order="id",
        )
        by_id = {handover[key].id: handover for handover in found}
        return {record: by_id[record.id] for record in here if record.id in by_id}

    def _lifecycle_get_gate_blockers(self, stage):
        """What is not accepted does not go on; it may be lost, which ends it."""
        refused = super()._lifecycle_get_gate_blockers(stage)
        if stage.outcome == "lost":
            return refused
        for record, handover in self._lifecycle_find_handovers().items():
            if handover.state in handover.OPEN_STATES:
                reasons = refused.get(record, [])
                refused[record] = [*reasons, handover._get_open_reason()]
        return refused

    def _lifecycle_get_kit(self):
        kit = super()._lifecycle_get_kit()
        if handover := self._lifecycle_get_shown_handover():
            label, title = handover._describe()
            # sudo: as who looks, whose rights decide
            own = handover.sudo(False)
            kit["handover"] = {
                "id": handover.id,
                "state": handover.state,
                "label": title,
                "title": label,
                "style": STYLES[handover.state],
                "receivers": [
                    {"id": user.id, "name": user.name} for user in handover.receiver_ids
                ],
                "can_decide": own.can_decide,
                "can_request": handover.state == "returned"
                and not handover.visit_id.left_date
                and self.has_access("write"),
            }
        if handover := self._lifecycle_find_handovers().get(self):
            line = handover._get_kit_requirement()
            kit["requirements"] = [*kit.get("requirements", []), line]
        return kit

    def _lifecycle_get_shown_handover(self):
        """The hand-over of the stay, or the returned one that led back to it."""
        self.ensure_one()
        stages = self.env["crm.lifecycle.stage"]
        # sudo: hand-overs are kept by the engine alone
        handovers = self.env["crm.lifecycle.handover"].sudo()
        if not stages._get_handover_stage_ids():
            return handovers
        last = handovers.search([(self._lifecycle_visit_key, "=", self.id)], limit=1)
        if last.state not in STYLES:
            return handovers
        came_back = (
            last.state == "returned"
            and last.previous_stage_id == self.lifecycle_stage_id
            and last.decided_date <= self.lifecycle_stage_date
        )
        stands_there = not last.visit_id.left_date
        return last if came_back or stands_there else handovers
