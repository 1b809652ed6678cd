import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)


class MailActivityPlanTemplate(models.Model):
    _inherit = "mail.activity.plan.template"

    def _lifecycle_prepare_activity(self, record, responsible):
        """The values of this step as an activity of ``record``.

        :param responsible: who does what is not assigned to somebody, and what is
            assigned to somebody who has left
        """
        self.ensure_one()
        user = self._determine_responsible(responsible, record)["responsible"]
        if not user or not user.active or user.share:
            if user:
                _logger.info(
                    "Lifecycle: step “%s” of plan “%s” is assigned to %s, who is "
                    "archived or no employee; %s gets it.",
                    self.summary or self.activity_type_id.name,
                    self.plan_id.name,
                    user.name,
                    responsible.name,
                )
            user = responsible
        today = fields.Date.context_today(self.with_context(tz=user.tz or self.env.tz))
        return {
            "res_id": record.id,
            "activity_type_id": self.activity_type_id.id,
            "summary": self.summary,
            "note": self.note,
            "user_id": user.id,
            "date_deadline": self._get_date_deadline(today),
        }
