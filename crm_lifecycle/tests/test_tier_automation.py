from odoo import Command
from odoo.tests import tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierAutomation(TierCommon):
    """What a rule of the company does when a customer comes into a tier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Gift Sent"})
        code = f"record.write({{'category_id': [(4, {cls.tag.id})]}})"
        cls.rule = cls.env["base.automation"].create(
            {
                "name": "Gift for new VIP customers",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "trigger": "on_write",
                "trigger_field_ids": [
                    Command.link(
                        cls.env["ir.model.fields"]
                        ._get("res.partner", "customer_tier_id")
                        .id
                    )
                ],
                "filter_domain": f"[('customer_tier_id', '=', {cls.vip.id})]",
                "action_server_ids": [
                    Command.create(
                        {
                            "name": "Tag",
                            "model_id": cls.env["ir.model"]._get_id("res.partner"),
                            "state": "code",
                            "code": code,
                        }
                    )
                ],
            }
        )

    def test_a_rule_acts_when_its_tier_is_entered(self):
        self._buys(100)
        self.assertFalse(self.customer.category_id)
        self._buys(20000)
        self.assertEqual(self.customer.category_id, self.tag)

    def test_a_rule_that_fails_stops_nobody(self):
        self.rule.action_server_ids.code = "raise UserError('No gifts left')"
        with self.assertLogs(
            "odoo.addons.crm_lifecycle.models.crm_customer_tier_automation"
        ) as logs:
            self.assertEqual(self._buys(20000), self.vip)
        self.assertIn("No gifts left", logs.output[0])
