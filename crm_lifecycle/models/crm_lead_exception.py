from odoo import api, fields, models


class CrmLifecycleException(models.Model):
    _inherit = "crm.lifecycle.exception"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _lead_waiting_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'waiting'",
        "One exception at a time can be asked for a lead.",
    )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    lifecycle_exception_ids = fields.One2many("crm.lifecycle.exception", "lead_id")

    def _lifecycle_get_amount(self):
        return self.expected_revenue

    def _merge_dependences(self, opportunities):
        self._lifecycle_merge_exceptions([*self.ids, *opportunities.ids], self.id)
        return super()._merge_dependences(opportunities)

    @api.ondelete(at_uninstall=False)
    def _unlink_exceptions(self):
        """What waits for a deleted lead is withdrawn, the rest is history."""
        # sudo: exceptions are written by the engine alone
        waiting = self.sudo().filtered("lifecycle_exception_flag")
        waiting.lifecycle_exception_ids.unlink()
