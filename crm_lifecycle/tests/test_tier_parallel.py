from freezegun import freeze_time

from odoo.sql_db import db_connect
from odoo.tests import get_db_name, tagged
from odoo.tools import SQL

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierParallel(TierCommon):
    """The night waits for nobody who is editing a customer."""

    def setUp(self):
        super().setUp()
        # one that is there for other connections as well
        self.edited = self.env.ref("base.main_partner")
        self._sell(5, 20000, partner=self.customer)
        with freeze_time(NOW):
            self.Metrics._refresh()
        self.Metrics.create(
            {
                "partner_id": self.edited.id,
                "company_id": self.company.id,
                "purchase_count": 1,
                "revenue_12m": 20000,
            }
        )
        self.env.flush_all()

    def _evaluate(self):
        with freeze_time(NOW):
            self.Tier._evaluate_all()

    def test_who_is_being_edited_is_left_for_the_next_night(self):
        with db_connect(get_db_name()).cursor() as other:
            other.execute(
                "SELECT FROM res_partner WHERE id = %s FOR NO KEY UPDATE",
                [self.edited.id],
            )
            self._evaluate()
            other.rollback()
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        self.assertFalse(self.edited.customer_tier_id)
        self.assertFalse(self._changes(self.edited))
        self._evaluate()
        self.assertEqual(self.edited.customer_tier_id, self.vip)
        self.assertEqual(len(self._changes(self.customer)), 1)

    def test_who_was_moved_meanwhile_is_left_as_it_is(self):
        with freeze_time(NOW):
            self.env.flush_all()
            self.Tier._remember_cutoffs(NOW.date())
            self.Tier._collect_decisions(NOW.date())
            self.customer._lock_customer_tier(self.rest, NOW.date(), "Meanwhile")
            self.env.flush_all()
            self.Tier._write_decisions(SQL("SELECT * FROM crm_customer_tier_todo"), NOW)
        self.assertEqual(self.customer.customer_tier_id, self.rest)
        self.assertEqual(self._changes().mapped("origin"), ["locked"])
