from odoo import fields, models


class CrmLifecycleVisit(models.Model):
    """The path shows which stays took too long."""

    _inherit = "crm.lifecycle.visit"

    sla_timer_ids = fields.One2many("crm.sla.timer", "visit_id", "Time Limits")

    def _get_late_timer(self):
        """The clock of this stay that has run over its limit, if any."""
        self.ensure_one()
        # sudo: who sees a stay sees whether it took too long
        timers = self.sudo().sla_timer_ids
        return timers.filtered(
            lambda timer: timer.kind == "stage" and timer.state in ("late", "missed")
        )[:1]

    def _get_path_step(self):
        step = super()._get_path_step()
        if step["status"] == "now" and self._get_late_timer():
            step["status"] = "late"
        return step

    def _get_path_marks(self):
        marks = super()._get_path_marks()
        timer = self._get_late_timer()
        if timer and self.left_date:
            marks.append(
                {
                    "label": self.env._("Took too long"),
                    "icon": "clock-o",
                    "style": "danger",
                    "title": timer.explanation,
                }
            )
        return marks
