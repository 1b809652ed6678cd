from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLeadPoolRelease(models.TransientModel):
    """Why records go back to a pool, and to which."""

    _name = "crm.lead.pool.release"
    _description = "Release to a Pool"

    res_model = fields.Selection(
        [("crm.lead", "Leads"), ("res.partner", "Customers")], required=True
    )
    pool_id = fields.Many2one(
        "crm.lead.pool",
        required=True,
        compute="_compute_pool_id",
        store=True,
        readonly=False,
        domain="[('res_model', '=', res_model)]",
    )
    reason = fields.Char(required=True)
    record_count = fields.Integer(compute="_compute_record_count")

    def _get_records(self):
        """The records the wizard was opened on, if the user may release them.

        :raise UserError: naming one that is another's
        """
        records = self.env[self.res_model].browse(self.env.context.get("active_ids"))
        records = records._lifecycle_get_pool_records()
        records.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_salesman_all_leads"):
            for record in records - records.filtered_domain(
                [("user_id", "in", [self.env.uid, False])]
            ):
                waits_here = record.lifecycle_pool_id
                if not waits_here or not waits_here._is_managed_by(self.env.user):
                    raise UserError(
                        self.env._(
                            "“%(record)s” is in the care of %(owner)s.",
                            record=record.display_name,
                            owner=record.user_id.name,
                        )
                    )
        return records

    @api.depends("res_model")
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = len(self.env.context.get("active_ids") or ())

    @api.depends("res_model")
    def _compute_pool_id(self):
        """The pool the first of the records fits."""
        for wizard in self:
            model = self.env[wizard.res_model or "crm.lead"]
            record = model.browse((self.env.context.get("active_ids") or ())[:1])
            pools = record._lifecycle_get_pool_records()._lifecycle_find_pools()
            wizard.pool_id = next(iter(pools.values()), False)

    def action_release(self):
        """Release the records; the seller no longer sees them."""
        self.ensure_one()
        self._get_records()._lifecycle_release(self.pool_id, self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pool"),
            "res_model": "crm.lead.pool.card",
            "view_mode": "kanban,list",
            "target": "main",
            "domain": [("pool_id", "=", self.pool_id.id)],
        }
