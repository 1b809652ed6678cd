from odoo import fields, models


class CrmLifecycleVisit(models.Model):
    """A stay as the path of its record shows it."""

    _inherit = "crm.lifecycle.visit"

    def _get_path_step(self):
        """This stay as the path of a record shows it.

        ``status`` is done, now or late; ``marks`` are badges with what is special
        about the stay. Who has more to say extends this and adds to them.

        :return: dict ready for JSON
        """
        self.ensure_one()
        return {
            "id": self.id,
            "stage": self.stage_id.name,
            "stage_id": self.stage_id.id,
            "phase": self.phase,
            "outcome": self.stage_id.outcome,
            "color": self.stage_id.color,
            "entered": fields.Datetime.to_string(self.entered_date),
            "left": self.left_date and fields.Datetime.to_string(self.left_date),
            "days": round(self.days, 2),
            "user": self.user_id.name or False,
            "user_id": self.user_id.id,
            "owner": self.owner_id.name or False,
            "origin": self.origin,
            "reason": self.reason or False,
            "warning": self.warning or False,
            "status": "done" if self.left_date else "now",
            "marks": self._get_path_marks(),
        }

    def _get_path_marks(self):
        """Hook: badges of this stay on the path; others append theirs.

        :return: list of dicts: ``label`` (text), ``icon`` (of Font Awesome, without
            ``fa-``), ``style`` (Bootstrap: success, warning, danger, info,
            secondary), ``title`` (longer text, may be empty)
        """
        self.ensure_one()
        marks = []
        off_chart = self.previous_stage_id and not self.transition_id
        if off_chart and self.origin != "return":
            marks.append(
                {
                    "label": self.env._("Off the chart"),
                    "icon": "random",
                    "style": "warning",
                    "title": self.env._(
                        "No move is drawn from the stage before to this one."
                    ),
                }
            )
        if self.warning:
            marks.append(
                {
                    "label": self.env._("Something was missing"),
                    "icon": "exclamation-triangle",
                    "style": "warning",
                    "title": self.warning,
                }
            )
        return marks
