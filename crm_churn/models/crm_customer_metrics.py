from odoo import api, models


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"

    @api.model
    def _refresh(self, partner_ids=None):
        """Who has just bought is silent no longer: the alert closes at once.

        The nightly refresh of all customers leaves that to the nightly run of the
        alerts, which works in batches.
        """
        result = super()._refresh(partner_ids)
        if partner_ids is not None:
            self.env["crm.churn.alert"]._close_outdated(partner_ids)
        return result
