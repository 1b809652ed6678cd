from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount


class ResPartner(models.Model):
    """What the customer could also buy, on its profile."""

    _inherit = "res.partner"

    def _lifecycle_get_profile_sections(self):
        sections = super()._lifecycle_get_profile_sections()
        hints = self.env["crm.customer.hint"]
        section = self._lifecycle_get_profile_section(
            "crm.customer.hint",
            hints._get_open_domain() & Domain("partner_id", "=", self.id),
            lambda hint: {
                "name": hint.product_tmpl_id.name,
                "detail": hint.reason,
                "value": format_amount(
                    self.env, hint.expected_amount, hint.currency_id
                ),
            },
            key="hints",
            title=self.env._("Could Also Buy"),
            icon="fa-lightbulb-o",
            sequence=7,
            button={
                "label": self.env._("Create Opportunity"),
                "method": "action_create_opportunity",
            },
        )
        return [*sections, section] if section else sections
