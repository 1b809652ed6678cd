from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestJourney(LifecycleCommon):
    """One journey runs from the lead to the customer and its orders."""

    def test_lead_customer_and_order_lead_to_each_other(self):
        lead = self._new_leads(partner_id=self.contact.id)
        lead.with_user(self.seller).action_set_won()
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
        order = self._new_order(self.contact, confirm=False)
        order.write({"opportunity_id": lead.id, "user_id": self.seller.id})
        order.action_confirm()
        self._new_order(self.contact, confirm=False)
        kinds = self._kinds(lead.with_user(self.seller))
        self.assertEqual(
            kinds, {("sale.order", order.id), ("res.partner", self.customer.id)}
        )
        for partner in (self.customer, self.contact):
            self.assertEqual(
                self._kinds(partner.with_user(self.seller)),
                {("crm.lead", lead.id), ("sale.order", order.id)},
            )
        second = self._new_order(self.customer)
        self.assertIn(("sale.order", second.id), self._kinds(self.customer))
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)

    def test_lost_leads_belong_to_it_and_those_of_others_are_not_shown(self):
        lead = self._new_leads(partner_id=self.contact.id)
        lead.action_set_lost()
        self.assertIn(("crm.lead", lead.id), self._kinds(self.customer))
        lead.user_id = self.leader
        self.assertFalse(self._kinds(self.customer.with_user(self.seller)))

    def test_who_may_not_read_the_record_sees_no_journey(self):
        lead = self._new_leads()
        with self.assertRaises(AccessError):
            lead.with_user(self._new_user("outsider")).get_lifecycle_journey()

    def _kinds(self, record):
        links = record.get_lifecycle_journey()
        return {(link["model"], link["id"]) for link in links}
