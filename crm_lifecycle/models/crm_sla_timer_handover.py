from odoo import api, fields, models


class CrmSlaTimer(models.Model):
    """The clock of a hand-over stage starts when it is accepted.

    Until then another clock may run: that of the acceptance.
    """

    _inherit = "crm.sla.timer"

    kind = fields.Selection(
        selection_add=[("handover", "Acceptance of a Hand-over")],
        ondelete={"handover": "cascade"},
    )

    @api.model
    def _start_stays(self, visits, start_date=None, skip_past=False):
        stages = self.env["crm.lifecycle.stage"]._get_handover_stage_ids()
        if asked := visits.filtered(lambda visit: visit.stage_id.id in stages):
            handovers = self.env["crm.lifecycle.handover"].search(
                [("visit_id", "in", asked.ids)], order="id"
            )
            newest = {handover.visit_id: handover for handover in handovers}
            visits -= asked.filtered(
                lambda visit: visit in newest
                and newest[visit].state in newest[visit].OPEN_STATES
            )
        return super()._start_stays(visits, start_date, skip_past)


class CrmLifecycleHandover(models.Model):
    _inherit = "crm.lifecycle.handover"

    def _start_clocks(self):
        """Time the acceptance where the stage limits it."""
        timers = self.env["crm.sla.timer"]
        for stage, handovers in self.grouped("stage_id").items():
            rows = [
                {
                    **{key: handover[key].id for key in self._get_host_keys()},
                    "visit_id": handover.visit_id.id,
                    "stage_id": stage.id,
                    "owner_id": handover.receiver_ids[:1].id,
                    "team_id": handover.team_id.id,
                    "company_id": handover.company_id.id,
                }
                for handover in handovers
            ]
            timers._start("handover", stage.handover_policy_id, rows)

    def _stop_clocks(self):
        """End the clocks of the acceptance; those of what moved on do not count."""
        timed = self.filtered("stage_id.handover_policy_id")
        timers = self.env["crm.sla.timer"]
        passed = timed.filtered(lambda h: h.state == "cancelled").visit_id
        for key in self._get_host_keys() if timed else ():
            ids = timed[key].ids
            running = timers._find_running("handover", key, ids) if ids else timers
            for timer in running.filtered(lambda t: t.visit_id in timed.visit_id):
                timer._stop(cancelled=timer.visit_id in passed)


class CrmLifecycleMixin(models.AbstractModel):
    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_handover_accepted(self, handovers):
        """The clock of the next owner starts now."""
        result = super()._lifecycle_handover_accepted(handovers)
        # sudo: clocks are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        timers._start_stays(handovers.visit_id, handovers[:1].decided_date)
        return result
