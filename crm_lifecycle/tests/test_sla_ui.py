from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .sla_common import SlaCommon


@tagged("post_install", "-at_install")
class TestSlaUi(SlaCommon, HttpCase):
    def test_a_late_lead_is_found_on_the_board_and_opened(self):
        with freeze_time(fields.Datetime.now() - timedelta(days=20)):
            self._new_leads(name="Tour Late Lead")
            self._new_leads(name="Tour Orphan", user_id=False)
        self.start_tour(
            "/odoo/lifecycle-late",
            "crm_lifecycle_late_tour",
            login=self.seller.login,
        )
