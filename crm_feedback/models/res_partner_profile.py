from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

LOOKS = {"new": "info", "assigned": "warning", "solved": "success"}


class ResPartner(models.Model):
    """What the customer said, on the profile."""

    _inherit = "res.partner"

    def _lifecycle_get_profile_sections(self):
        sections = super()._lifecycle_get_profile_sections()
        section = self._feedback_get_profile_section()
        return [*sections, section] if section else sections

    def _feedback_get_profile_section(self):
        fields_ = self.env["crm.feedback"]._fields
        states = dict(fields_["state"]._description_selection(self.env))
        kinds = dict(fields_["kind"]._description_selection(self.env))

        def describe(feedback):
            late = feedback.timer_state == "late"
            return {
                "name": feedback.name,
                "detail": format_date(self.env, feedback.date),
                "value": kinds[feedback.kind],
                "badge": states[feedback.state],
                "look": "danger" if late else LOOKS.get(feedback.state, "secondary"),
            }

        return self._lifecycle_get_profile_section(
            "crm.feedback",
            Domain("commercial_partner_id", "=", self.id),
            describe,
            key="feedback",
            title=self.env._("Feedback"),
            icon="fa-comments-o",
            sequence=35,
            order="date desc, id desc",
        )
