from odoo import api, models


class CrmLifecycleVisit(models.Model):
    """A stay in a stage with a time limit has a clock, as long as it lasts."""

    _inherit = "crm.lifecycle.visit"

    @api.model
    def _close_for(self, key, record_ids, now):
        result = super()._close_for(key, record_ids, now)
        if self.env["crm.lifecycle.stage"]._get_timed_stage_ids():
            # sudo: clocks are kept by the engine alone
            timers = self.env["crm.sla.timer"].sudo()
            timers._find_running("stage", key, record_ids)._stop(now)
        return result
