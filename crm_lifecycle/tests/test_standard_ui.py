from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestStandardUi(LifecycleCommon, HttpCase):
    def test_seller_qualifies_a_lead_that_a_colleague_knows(self):
        self.env.ref("crm_lifecycle.touch_rule_default").active = True
        colleague = self._new_user("colleague", "sales_team.group_sale_salesman")
        colleague.name = "Tour Colleague"
        self._new_leads(user_id=colleague.id, email_from="tour@example.com")
        self.start_tour(
            "/odoo/crm.lead/new",
            "crm_lifecycle_lead_qualification_tour",
            login=self.seller.login,
        )
        lead = self.env["crm.lead"].search([("name", "=", "Tour Lead")])
        self.assertEqual(lead.user_id, self.seller)
        self.assertEqual(lead.lifecycle_decision_maker, "Eva Berger")
        self.assertEqual(len(lead.lifecycle_timer_ids), 1)
