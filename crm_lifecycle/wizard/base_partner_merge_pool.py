from odoo import models

from ..models.crm_lead_pool_mixin import POOL_FIELDS


class MergePartnerAutomatic(models.TransientModel):
    """The customer that remains keeps its own owner and pool."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        # sudo: written by the server alone
        sources = src_partners.sudo()
        models.BaseModel.write(sources, dict.fromkeys(sorted(POOL_FIELDS), False))
        return super()._update_values(src_partners, dst_partner)
