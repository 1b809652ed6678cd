from odoo import api, fields, models, tools


class CrmLifecycleStage(models.Model):
    """The time limit of a stage: which one is definition, what it says is not."""

    _inherit = "crm.lifecycle.stage"

    sla_policy_id = fields.Many2one(
        "crm.sla.policy",
        "Time Limit",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        help="How long a lead or customer may stay here, and what happens then.",
    )

    @api.model
    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "sla_policy_id"]

    @api.model
    @tools.ormcache()
    def _get_timed_stage_ids(self):
        """Ids of the stages with a time limit; where none are, nothing is asked."""
        # sudo: the engine runs the processes of every company
        timed = self.sudo().with_context(active_test=False)
        return frozenset(timed.search([("sla_policy_id.active", "=", True)])._ids)

    def write(self, vals):
        result = super().write(vals)
        if "sla_policy_id" in vals:
            self._follow_policies()
        return result

    def _follow_policies(self):
        """Give whoever stands in these stages the clock that the stage has now.

        Clocks that run go on under the other limit, from when they started. Who
        stands there already gets a clock from the day it came; what it has missed
        shows, but is not escalated.
        """
        self.env.registry.clear_cache()
        # sudo: clocks and the log are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        visits = self.env["crm.lifecycle.visit"].sudo()
        for stage in self.sudo():  # sudo: limits of every company
            running = timers.search(
                [
                    *timers._get_running_domain(),
                    ("kind", "=", "stage"),
                    ("stage_id", "=", stage.id),
                ]
            )
            policy = stage.sla_policy_id.filtered("active")
            if not policy:
                running._stop(cancelled=True)
                continue
            others = running.filtered(lambda t, p=policy: t.policy_id != p)
            others.write({"policy_id": policy.id})
            others._replan()
            standing = visits.search(
                [
                    *visits._get_open_domain(),
                    ("stage_id", "=", stage.id),
                    ("id", "not in", running.visit_id.ids),
                ]
            )
            timers._start_stays(standing, skip_past=True)
