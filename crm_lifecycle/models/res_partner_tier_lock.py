from odoo import fields, models
from odoo.fields import Command


class ResPartner(models.Model):
    """A tier that is given by hand, for a time and with a reason."""

    _inherit = "res.partner"

    def _lock_customer_tier(self, tier, date, reason):
        """Give customers a tier until a day, whatever their figures.

        The rights are asked by the caller.

        :param tier: ``crm.customer.tier``
        :param date: the last day
        :param str reason: kept in the history
        """
        customers = self.commercial_partner_id
        changes = customers._log_tier_lock(tier, date, reason)
        kept = customers.sudo()  # sudo: tiers are written by the engine alone
        family = kept._lifecycle_get_placed_records()
        models.BaseModel.write(family, {"customer_tier_id": tier.id})
        models.BaseModel.write(
            kept,
            {"customer_tier_lock_date": date, "customer_tier_lock_reason": reason},
        )
        # sudo: as above
        watches = self.env["crm.customer.tier.watch"].sudo()
        watches.search([("partner_id", "in", customers.ids)]).unlink()
        moved = changes.filtered(lambda change: change.previous_id != change.tier_id)
        if moved:
            # sudo: as above
            self.env["crm.customer.tier"].sudo()._follow_changes(moved)

    def _log_tier_lock(self, tier, date, reason):
        """The entry in the history of each customer."""
        # sudo: the history is written by the engine alone
        changes = self.env["crm.customer.tier.change"].sudo()
        return changes.create(
            [
                {
                    "partner_id": customer.id,
                    "previous_id": customer.customer_tier_id.id,
                    "tier_id": tier.id,
                    "date": fields.Datetime.now(),
                    "origin": "locked",
                    "user_id": self.env.uid,
                    "reason": reason,
                    "lock_date": date,
                }
                for customer in self
            ]
        )

    def action_lock_customer_tier(self):
        """Open the dialog that sets the tier by hand."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set Tier"),
            "res_model": "crm.customer.tier.lock",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_ids": [Command.set(self.commercial_partner_id.ids)]
            },
        }

    def action_unlock_customer_tier(self):
        """Let the figures decide again, at once."""
        self.env["crm.customer.tier.lock"].check_access("create")
        self.check_access("write")
        customers = self.commercial_partner_id
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        locked = customers.sudo().filtered(  # sudo: the right was asked above
            "customer_tier_is_locked"
        )
        models.BaseModel.write(locked, {"customer_tier_lock_date": yesterday})
        # sudo: tiers are written by the engine alone
        tiers = self.env["crm.customer.tier"].sudo()
        tiers._evaluate(locked.ids, origin="unlocked")

    def action_view_tier_changes(self):
        """The history of tiers of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_customer_tier_change_action"
        )
        domain = [("partner_id", "=", self.commercial_partner_id.id)]
        return dict(action, domain=domain, context={})
