from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestMapUi(LifecycleCommon, HttpCase):
    def test_seller_watches_filters_and_opens_what_stands_there(self):
        pipeline = self.env["crm.stage"].create({"name": "Tour Stage", "sequence": 2})
        for number, user in enumerate((self.seller, self.seller, self.seller.browse())):
            self._new_leads(
                name=f"Tour Map Lead {number}", user_id=user.id, stage_id=pipeline.id
            )
        self.start_tour(
            f"/odoo/lifecycle-map/{self.process.id}",
            "crm_lifecycle_map_watch_tour",
            login=self.seller.login,
        )
