from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTier(TierCommon):
    """Which tier a customer gets."""

    def test_the_first_tier_that_fits_is_the_customers_and_its_contacts(self):
        self.assertEqual(self._buys(100), self.rest)
        self.assertEqual(self._buys(100), self.rest)
        self.assertEqual(self._buys(100), self.loyal)
        self.assertEqual(self._buys(9700), self.vip)
        self.assertEqual(self.contact.customer_tier_id, self.vip)

    def test_an_order_raises_the_tier_at_once(self):
        with freeze_time(NOW):
            order = self._new_order(self.contact, confirm=False)
            order.order_line.write({"price_unit": 12000, "tax_ids": False})
            order.action_confirm()
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        change = self._changes()
        self.assertEqual((change.origin, change.user_id), ("first", self.env.user))

    def test_who_never_bought_and_is_in_no_stage_has_no_tier(self):
        self.assertFalse(self._night())
        self.customer._lifecycle_move(self.new)
        self.assertEqual(self._night(), self.rest)

    def test_who_is_no_customer_any_more_loses_the_tier(self):
        order = self._sell(5)
        self._night()
        order._action_cancel()
        self.assertFalse(self._night())
        self.assertEqual(self._changes()[-1].origin, "gone")
        self.assertFalse(self.contact.customer_tier_id)

    def test_all_or_any_of_the_criteria(self):
        self.vip.criterion_ids = [
            Command.create(self._criterion("purchase_count", 2)),
        ]
        self.assertEqual(self._buys(20000), self.rest)
        self.vip.match = "any"
        self.assertEqual(self._night(), self.vip)

    def test_customers_by_type_tags_industry_and_country(self):
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        self.vip.domain = (
            f"[('is_company', '=', True), ('industry_id', '=', {industry.id})]"
        )
        self.assertEqual(self._buys(20000), self.rest)
        self.customer.industry_id = industry
        self.assertEqual(self._night(), self.vip)

    def test_who_never_bought_is_neither_silent_nor_new(self):
        self.customer._lifecycle_move(self.new)
        for fact in ("silence_days", "known_days", "silence_ratio", "no_contact_days"):
            for direction in ("min", "max"):
                with self.subTest(fact=fact, direction=direction):
                    self.vip.criterion_ids.write(
                        {
                            "fact": fact,
                            "direction": direction,
                            "value": 1,
                            "keep_value": 1,
                        }
                    )
                    self.assertEqual(self._night(), self.rest)

    def test_silence_compared_with_the_own_rhythm(self):
        tier = self._new_tier(
            "Rhythm Broken",
            5,
            self._criterion("silence_ratio", 2),
            self._criterion("purchase_count", 3),
        )
        for days in (70, 60, 50, 40, 25):
            self._sell(days)
        self.assertEqual(self._night(NOW - timedelta(days=6)), self.loyal)
        self.assertEqual(self._night(), tier, "25 days of silence, usually 10")
        self._sell(0)
        self.assertEqual(self._night(), self.loyal)

    def test_a_share_of_the_customers_who_have_bought(self):
        self.vip.criterion_ids.write({"measure": "percent", "value": 20})
        self.vip.criterion_ids.keep_value = 30
        customers = self._new_customers(10)
        known = self.env["crm.customer.metrics"].search_count(
            [("purchase_count", ">", 0)]
        )
        self.assertFalse(known, "the shares are those of the test")
        for number, customer in enumerate(customers):
            self._sell(5, 100.0 * (number + 1), partner=customer)
        self._night()
        top = customers.filtered(lambda c: c.customer_tier_id == self.vip)
        self.assertEqual(top, customers[8:], "two of ten")
        self.assertEqual(self.vip.criterion_ids.cutoff, 900)
        self.assertIn("900", self.vip.criterion_ids.now_text)
        self._buys(2000, partner=customers[0])
        self.assertEqual(customers[8].customer_tier_id, self.vip, "one of three")
        self._buys(2000, partner=customers[1])
        with freeze_time(NOW + timedelta(days=31)):
            self.Tier._evaluate_all()
        self.assertEqual(customers[8].customer_tier_id, self.rest)

    def test_nobody_is_among_the_best_with_nothing(self):
        self.vip.criterion_ids.write({"measure": "percent", "value": 50})
        self.assertEqual(self._buys(0), self.rest)
        self.assertEqual(self._buys(-50), self.rest)

    def test_odd_documents_do_not_make_a_vip(self):
        self._sell(-20, 50000)  # dated in three weeks
        self._sell(400, 50000)  # before the twelve months
        self._sell(3, -500)  # a return
        self.assertEqual(self._night(), self.rest)
        self.assertEqual(self._night(NOW + timedelta(days=21)), self.vip)

    def test_several_companies_count_in_the_currency_of_the_first(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TST",
                "symbol": "T",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 4.0})],
            }
        )
        self.other_company.currency_id = currency
        self.assertEqual(self._buys(20000, company=self.other_company), self.rest)
        self.assertEqual(self._buys(4000), self.rest, "4,000 and 5,000")
        self.assertEqual(self._buys(4000, company=self.other_company), self.vip)

    def test_archived_customers_are_left_alone_and_archived_tiers_are_left(self):
        self._buys(20000)
        self.vip.active = False
        self.customer.active = False
        self.assertEqual(self._night(), self.vip)
        self.customer.active = True
        self.assertEqual(self._night(), self.rest)

    def test_a_company_without_tiers_has_quiet_nights(self):
        self._buys(20000)
        (self.vip | self.loyal | self.rest).active = False
        self.assertFalse(self._night())
        change = self._changes()[-1]
        self.assertEqual(change.origin, "auto")
        self.assertIn("It fits no tier", change.explanation)
        self.assertFalse(self._buys(20000))
        self.assertEqual(len(self._changes()), 2)

    def test_tiers_customers_have_been_in_are_archived_not_deleted(self):
        self._buys(20000)
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.vip.unlink()
        self.loyal.unlink()

    def test_definitions_that_make_no_sense_are_refused(self):
        for domain, words in (
            ("[('no_such_field', '=', 1)]", "no_such_field"),
            ("[('is_company', '=', ", "cannot be understood"),
            ("[('lifecycle_revenue', '>', 1)]", "by a criterion"),
        ):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, words):
                self.vip.domain = domain
        with self.assertRaisesRegex(ValidationError, "to stay"):
            self.vip.criterion_ids.keep_value = 12000
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.vip.criterion_ids.write({"measure": "percent", "value": 0})

    def test_a_condition_that_breaks_later_names_itself_and_moves_nobody(self):
        self._buys(20000)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_customer_tier SET domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", self.vip.id],
        )
        self.env.registry.clear_cache()
        self.vip.invalidate_recordset()
        newcomer = self._new_customers(1)
        self.assertEqual(self._buys(20000, partner=newcomer), self.rest)
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        self.assertIn("gone", self.vip.last_error)
        self.vip.domain = "[]"
        self.assertFalse(self.vip.last_error)
        self.assertEqual(self._night(partner=newcomer), self.vip)

    def test_merged_customers_are_worth_what_both_have_bought(self):
        twin = self._new_customers(1)
        self._buys(6000)
        self._buys(6000, partner=twin)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | twin).ids, self.customer, extra_checks=False
        )
        self.assertEqual(self.customer.customer_tier_id, self.vip)
        self.assertEqual(self._changes()[-1].origin, "merged")

    def test_contacts_follow_to_another_company_and_out_of_it(self):
        self._buys(20000)
        other = self._new_customers(1)
        self.contact.parent_id = other
        self.assertFalse(self.contact.customer_tier_id)
        self.contact.parent_id = self.customer
        self.assertEqual(self.contact.customer_tier_id, self.vip)
        newcomer = self.env["res.partner"].create(
            {"name": "New Contact", "parent_id": self.customer.id}
        )
        self.assertEqual(newcomer.customer_tier_id, self.vip)
