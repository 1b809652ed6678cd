from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestUi(LifecycleCommon, HttpCase):
    def test_seller_drags_a_customer_and_reads_its_path(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        customer = self.env["res.partner"].create(
            {"name": "Tour Customer", "is_company": True, "user_id": self.seller.id}
        )
        customer._lifecycle_move(self.new)
        self.start_tour(
            "/odoo/lifecycle-customers",
            "crm_lifecycle_customer_tour",
            login=self.seller.login,
        )
        self.assertEqual(self._path(customer), ["New Customer", "Dormant", "Active"])
        self.assertEqual(self._visits(customer)[1:].user_id, self.seller)

    def test_manager_changes_the_process_through_a_draft(self):
        self.start_tour(
            f"/odoo/lifecycle-processes/{self.process.id}",
            "crm_lifecycle_draft_tour",
            login=self.manager.login,
        )
        self.assertIn("Tour Stage", self.process.stage_ids.mapped("name"))
