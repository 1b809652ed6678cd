from odoo import api, models


class CrmCustomerMetrics(models.Model):
    _inherit = "crm.customer.metrics"

    @api.model
    def _refresh(self, partner_ids=None):
        """Who has just bought is silent no longer: health rises, alerts close at once.

        The nightly refresh of all customers leaves that to the nightly runs, which
        work in batches.
        """
        result = super()._refresh(partner_ids)
        if partner_ids is not None:
            self.env["crm.churn.score"]._refresh(partner_ids)
            self.env["crm.churn.alert"]._close_outdated(partner_ids)
        return result

    @api.model
    def _refresh_judgements(self, commit):
        done = super()._refresh_judgements(commit)
        return done and self.env["crm.churn.score"]._refresh_all(commit)
