from odoo import fields, models
from odoo.fields import Domain

MANAGER = "crm_lifecycle.group_crm_lifecycle_manager"


class CrmLifecycleComment(models.Model):
    _inherit = "crm.lifecycle.comment"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=MANAGER,
    )


class CrmLifecycleHandover(models.Model):
    _inherit = "crm.lifecycle.handover"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _lifecycle_get_journey(self):
        """The leads this customer came from and comes with, and its orders."""
        own = Domain("partner_id", "child_of", self.id)
        return [
            *super()._lifecycle_get_journey(),
            *self._lifecycle_get_links(
                "crm.lead",
                own & Domain("type", "=", "opportunity"),
                self.env._("Lead"),
                "star",
                "create_date",
            ),
            *self._lifecycle_get_links(
                "sale.order",
                own & Domain("state", "=", "sale"),
                self.env._("Order"),
                "shopping-cart",
                "date_order",
            ),
        ]
