from odoo import api, fields, models


class CrmLifecycleException(models.Model):
    _inherit = "crm.lifecycle.exception"

    partner_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _partner_waiting_uniq = models.UniqueIndex(
        "(partner_id) WHERE state = 'waiting'",
        "One exception at a time can be asked for a customer.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    lifecycle_exception_ids = fields.One2many("crm.lifecycle.exception", "partner_id")

    @api.ondelete(at_uninstall=False)
    def _unlink_exceptions(self):
        """What waits for a deleted customer is withdrawn, the rest is history."""
        # sudo: exceptions are written by the engine alone
        waiting = self.sudo().filtered("lifecycle_exception_flag")
        waiting.lifecycle_exception_ids.unlink()
