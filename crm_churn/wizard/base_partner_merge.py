from odoo import models
from odoo.fields import Domain

from ..models.crm_churn_alert_outdated import Outdated


class MergePartnerAutomatic(models.TransientModel):
    """Merged customers bring their alerts along; one per reason stays open.

    Their health is that of the customer who remains.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        # sudo: who merges need not see all alerts
        alerts = self.env["crm.churn.alert"].sudo()
        still_open = alerts.search(
            alerts._get_open_domain()
            & Domain("partner_id", "in", (dst_partner | src_partners).ids),
            order="raised_date, id",
        )
        for same in still_open.grouped(lambda a: a._get_reason_key()).values():
            # what somebody works on is worth more than what waits
            keeper = same.sorted(lambda a: a.state != "working")[0]
            alerts._close_rows(
                [Outdated(alert.id, "merged", None) for alert in same - keeper]
            )
        # one health per customer; the next night judges what has become of them
        for name in ("crm.churn.score", "crm.churn.score.snapshot"):
            # sudo: as above
            rows = self.env[name].sudo()
            rows.search([("partner_id", "in", src_partners.ids)]).unlink()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        alerts.invalidate_model()
        return result
