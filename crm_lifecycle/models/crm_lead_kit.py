from odoo import fields, models

MANAGER = "crm_lifecycle.group_crm_lifecycle_manager"


class CrmLifecycleComment(models.Model):
    _inherit = "crm.lifecycle.comment"

    lead_id = fields.Many2one(
        "crm.lead",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=MANAGER,
    )


class CrmLifecycleHandover(models.Model):
    _inherit = "crm.lifecycle.handover"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )


class CrmLead(models.Model):
    """What the stage kit of a lead owes to Odoo's pipeline."""

    _inherit = "crm.lead"

    def _lifecycle_get_move_dialog(self, stage):
        """Leads are lost by Odoo's dialog, which asks for the reason."""
        if stage.outcome != "lost":
            return super()._lifecycle_get_move_dialog(stage)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_lost_action"
        )
        context = {"active_model": self._name, "active_ids": self.ids}
        return dict(action, context=context)

    def _lifecycle_get_moved_action(self, stage):
        """A won lead is celebrated as by Odoo's own button."""
        action = super()._lifecycle_get_moved_action(stage)
        if stage.outcome == "won" and len(self) == 1:
            message = self._get_rainbowman_message()
            if message:
                return {
                    **action,
                    "effect": {
                        "type": "rainbow_man",
                        "fadeout": "slow",
                        "message": message,
                        "img_url": "/web/static/img/smile.svg",
                    },
                }
        return action

    def _lifecycle_get_journey(self):
        """The customer this lead is about, and what was ordered by it."""
        customer = self.partner_id.commercial_partner_id
        return [
            *super()._lifecycle_get_journey(),
            *self._lifecycle_get_links(
                "sale.order",
                [("opportunity_id", "=", self.id), ("state", "=", "sale")],
                self.env._("Order"),
                "shopping-cart",
                "date_order",
            ),
            *self._lifecycle_get_links(
                "res.partner",
                [("id", "=", customer.id), ("lifecycle_stage_id", "!=", False)],
                self.env._("Customer"),
                "user",
                "lifecycle_stage_date",
            ),
        ]

    def _merge_dependences(self, opportunities):
        """Hand-overs of merged leads and opinions on them follow."""
        result = super()._merge_dependences(opportunities)
        merged = [("lead_id", "in", opportunities.ids)]
        for model_name in ("crm.lifecycle.comment", "crm.lifecycle.handover"):
            # sudo: whoever merges leads need not see them
            self.env[model_name].sudo().search(merged).lead_id = self
        return result
