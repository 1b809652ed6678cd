import logging

from odoo import api, models

from odoo.addons.base_automation.models.base_automation import WRITE_TRIGGERS

_logger = logging.getLogger(__name__)


class CrmCustomerTier(models.Model):
    """Automation rules on contacts that watch the tier act on its changes.

    Tiers are written by SQL, which rules do not notice by themselves.
    """

    _inherit = "crm.customer.tier"

    @api.model
    def _follow_changes(self, changes):
        result = super()._follow_changes(changes)
        customers = changes.partner_id
        rules = self.env["base.automation"]._get_actions(customers, WRITE_TRIGGERS)
        watching = rules.filtered(
            # sudo: rules are read by administrators alone
            lambda r: "customer_tier_id" in r.sudo().trigger_field_ids.mapped("name")
        )
        before = {
            change.partner_id.id: {"customer_tier_id": change.previous_id}
            for change in changes
        }
        for rule in watching.with_context(old_values=before):
            try:
                with self.env.cr.savepoint():
                    found, domain = rule._filter_post_export_domain(
                        customers, feedback=True
                    )
                    rule._process(found, domain_post=domain)
            except Exception as error:
                # sudo: as above; a rule that fails stops nobody's order
                name = rule.sudo().name
                _logger.warning("Rule “%s” on the customer tier: %s", name, error)
        return result
