from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command


class CrmCustomerTierLock(models.TransientModel):
    """Which tier customers get by hand, until when, and why."""

    _name = "crm.customer.tier.lock"
    _description = "Set the Tier of Customers"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    tier_id = fields.Many2one("crm.customer.tier", "Tier", required=True)
    date = fields.Date(
        "Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.today(), months=3),
        help="The last day. From the next night on the figures decide again.",
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields_list):
        """Of the records it is opened on, the customers they belong to."""
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "res.partner":
            partners = self.env["res.partner"].browse(
                self.env.context.get("active_ids") or ()
            )
            values["partner_ids"] = [Command.set(partners.commercial_partner_id.ids)]
        return values

    @api.constrains("date", "reason")
    def _check_values(self):
        today = fields.Date.today()
        for wizard in self:
            if wizard.date < today:
                raise ValidationError(
                    self.env._("Choose today or a later day as the last one.")
                )
            if not (wizard.reason or "").strip():
                raise ValidationError(
                    self.env._("Say why the tier is set by hand: it is kept.")
                )

    def action_lock(self):
        """Set the tier; from the day after the last one the figures decide again.

        :raise UserError: the tier is archived, or there is no customer
        """
        self.ensure_one()
        self.check_access("create")
        customers = self.partner_ids.commercial_partner_id
        customers.check_access("write")
        if not customers:
            raise UserError(self.env._("Choose a customer."))
        if not self.tier_id.active:
            raise UserError(
                self.env._(
                    "The tier “%s” is archived: choose another.", self.tier_id.name
                )
            )
        customers._lock_customer_tier(self.tier_id, self.date, self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
