from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierPreview(TierCommon):
    """Who would move, before anything is saved."""

    def setUp(self):
        super().setUp()
        self.customers = self._new_customers(3)
        for number, customer in enumerate(self.customers):
            self._sell(5, 6000.0 * (number + 1), partner=customer)
        self._night()

    def _preview(self, values, tier=None):
        tier = self.vip if tier is None else tier
        return tier.with_user(self.manager).get_preview(values)

    def _moves(self, preview):
        return [
            (move["from"], move["to"], move["count"], move["grace_days"])
            for move in preview["moves"]
        ]

    def test_nobody_moves_by_what_is_there(self):
        preview = self._preview({})
        self.assertEqual(preview["moves"], [])
        self.assertEqual(
            [(tier["name"], tier["now"], tier["then"]) for tier in preview["tiers"]],
            [("★ Test VIP", 2, 2), ("Loyal", 0, 0), ("All Others", 1, 1)],
        )

    def test_a_changed_criterion_says_who_moves_and_changes_nothing(self):
        criterion = self.vip.criterion_ids
        preview = self._preview(
            {
                "criterion_ids": [
                    Command.update(criterion.id, {"value": 15000, "keep_value": 15000})
                ]
            }
        )
        self.assertEqual(self._moves(preview), [("★ Test VIP", "All Others", 1, 30)])
        move = preview["moves"][0]
        self.assertEqual(move["ids"], self.customers[1].ids)
        self.assertEqual(move["names"], ["Buyer 1"])
        self.assertEqual(criterion.value, 10000)
        self.assertEqual(self.customers[1].customer_tier_id, self.vip)

    def test_a_new_tier_that_is_not_saved(self):
        preview = self._preview(
            {
                "name": "Middle",
                "sequence": 15,
                "criterion_ids": [Command.create(self._criterion("revenue_12m", 5000))],
            },
            self.Tier,
        )
        self.assertEqual(self._moves(preview), [("All Others", "Middle", 1, 0)])

    def test_shares_are_measured_anew(self):
        preview = self._preview(
            {
                "criterion_ids": [
                    Command.clear(),
                    Command.create(
                        self._criterion(
                            "revenue_12m", 34, measure="percent", keep_value=34
                        )
                    ),
                ]
            }
        )
        # two of three, rounded up
        self.assertEqual(self._moves(preview), [])
        preview = self._preview({"active": False})
        self.assertEqual(self._moves(preview), [("★ Test VIP", "All Others", 2, 0)])

    def test_what_would_be_refused_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "no_such_field"):
            self._preview({"domain": "[('no_such_field', '=', 1)]"})
        with self.assertRaisesRegex(ValidationError, "to stay"):
            self._preview(
                {
                    "criterion_ids": [
                        Command.update(self.vip.criterion_ids.id, {"keep_value": 20000})
                    ]
                }
            )

    def test_customers_one_may_not_see_are_counted_but_not_named(self):
        self.customers[1].company_id = self.other_company
        preview = self._preview({"active": False})
        move = preview["moves"][0]
        self.assertEqual(move["count"], 2)
        self.assertEqual(move["names"], ["Buyer 2"])

    def test_saved_and_evaluated_it_comes_true(self):
        self.vip.criterion_ids.write({"value": 15000, "keep_value": 15000})
        self.vip.grace_days = 0
        self.vip.with_user(self.manager).action_evaluate()
        self.assertEqual(self.customers[1].customer_tier_id, self.rest)
