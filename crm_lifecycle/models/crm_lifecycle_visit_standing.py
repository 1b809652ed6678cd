from odoo import api, models
from odoo.fields import Domain


class CrmLifecycleVisit(models.Model):
    """Who stood where at any moment, and the record a stay is about."""

    _inherit = "crm.lifecycle.visit"

    @api.model
    def _get_standing_domain(self, moment=None):
        """The definition of "stands here at that moment"; now when not given.

        A stay begins with the second in which it was entered and ends before the one
        in which it was left.
        """
        if not moment:
            return self._get_open_domain()
        return Domain("entered_date", "<=", moment) & (
            self._get_open_domain() | Domain("left_date", ">", moment)
        )

    @api.model
    def _get_moves_domain(self):
        """The definition of a move from one stage to another.

        What a change of the chart has moved is none: nobody decided on the record.
        """
        return Domain("previous_stage_id", "!=", False) & Domain(
            "origin", "!=", "migration"
        )

    def _get_record(self):
        """The lead or customer of one stay; ``None`` without."""
        self.ensure_one()
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        for model_name in hosts.values():
            key = self.env[model_name]._lifecycle_visit_key
            if self[key]:
                return self[key]
        return None

    def action_open_record(self):
        """Open the lead or customer the stay is about."""
        self.ensure_one()
        record = self._get_record() or self
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
            "target": "current",
        }
