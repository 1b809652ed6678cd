from odoo import models

from ..models.crm_customer_tier import TIER_FIELDS
from ..models.res_partner_tier import MERGING


class MergePartnerAutomatic(models.TransientModel):
    """The customer that remains gets the tier of what both have bought."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """What there is once per customer remains once."""
        # sudo: kept by the engine alone
        watches = self.env["crm.customer.tier.watch"].sudo()
        watches.search([("partner_id", "in", src_partners.ids)]).unlink()
        # sudo: as above; what was decided before what was not
        hints = self.env["crm.customer.hint"].sudo()
        hints = hints.search([("partner_id", "in", (src_partners | dst_partner).ids)])
        seen, doubles = set(), hints.browse()
        for hint in hints.sorted(lambda h: (h.state == "open", h.id)):
            key = (hint.company_id, hint.product_tmpl_id)
            doubles |= hint if key in seen else doubles
            seen.add(key)
        doubles.unlink()
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_values(self, src_partners, dst_partner):
        # sudo: tiers are written by the engine alone
        models.BaseModel.write(src_partners.sudo(), dict.fromkeys(TIER_FIELDS, False))
        allowed = dst_partner.with_context(customer_tier_write=MERGING)
        result = super()._update_values(src_partners, allowed)
        # sudo: as above
        tiers = self.env["crm.customer.tier"].sudo()
        tiers._evaluate(dst_partner.commercial_partner_id.ids, origin="merged")
        return result
