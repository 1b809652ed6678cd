from odoo import Command
from odoo.tests import tagged

from .test_quotation import QuotationCommon


@tagged("post_install", "-at_install")
class TestQuotationLimits(QuotationCommon):
    """What counts as a discount, and whose."""

    def _is_held(self, order):
        return bool(order._approval_get_held())

    def test_a_lower_price_is_a_discount(self):
        self.assertTrue(self._is_held(self._new_quotation(price_unit=80)))
        self.assertFalse(self._is_held(self._new_quotation(price_unit=90)))
        self.assertTrue(
            self._is_held(self._new_quotation(price_unit=95, discount=6)), "together"
        )
        dearer = self._new_quotation(price_unit=200, discount=45)
        self.assertFalse(self._is_held(dearer), "it is dearer than the sales price")

    def test_a_discount_on_the_whole_order_is_one(self):
        order = self._new_quotation(count=2)
        for discount_type, key, value in (
            ("so_discount", "discount_percentage", 0.2),
            ("amount", "discount_amount", 40),
        ):
            order = self._new_quotation(count=2)
            wizard = self.env["sale.order.discount"].create(
                {"sale_order_id": order.id, "discount_type": discount_type, key: value}
            )
            wizard.action_apply_discount()
            self.assertTrue(self._is_held(order), discount_type)
        order = self._new_quotation(count=2)
        self.env["sale.order.discount"].create(
            {
                "sale_order_id": order.id,
                "discount_type": "so_discount",
                "discount_percentage": 0.1,
            }
        ).action_apply_discount()
        self.assertFalse(self._is_held(order))

    def test_a_negative_line_is_a_discount(self):
        order = self._new_quotation(count=2)
        order.write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": -50,
                            "tax_ids": False,
                        }
                    )
                ]
            }
        )
        self.assertTrue(self._is_held(order))

    def test_rounded_prices_are_nobodys_discount(self):
        self.rule.discount_limit = 0
        self.product.list_price = 33.333333
        self.assertFalse(self._is_held(self._new_quotation(quantity=3)))
        self.rule.discount_limit = 10
        self.assertFalse(self._is_held(self._new_quotation(discount=10)))

    def test_categories_narrow_a_rule_with_those_below(self):
        parent = self.env["product.category"].create({"name": "Machines"})
        child = parent.create({"name": "Big ones", "parent_id": parent.id})
        self.rule.product_category_ids = parent
        self.assertFalse(self._is_held(self.order))
        self.product.categ_id = child
        self.assertTrue(self._is_held(self.order))

    def test_an_amount_alone_or_together_with_a_discount(self):
        self.rule.amount_from = 500
        self.assertFalse(self._is_held(self.order))
        self.order.order_line.product_uom_qty = 10
        self.assertTrue(self._is_held(self.order))
        self.rule.is_discount_limited = False
        big = self._new_quotation(quantity=5)
        self.assertTrue(self._is_held(big))
        self.assertFalse(self._is_held(self._new_quotation(quantity=4)))

    def test_amounts_count_in_the_currency_of_the_company(self):
        self.rule.write({"is_discount_limited": False, "amount_from": 100})
        currency = self.env["res.currency"].create(
            {
                "name": "QQQ",
                "symbol": "Q",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 10})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Q", "currency_id": currency.id}
        )
        order = self._new_quotation(quantity=1, price_unit=999)
        order.pricelist_id = pricelist
        order.order_line.price_unit = 999
        self.assertEqual(order.currency_id, currency)
        self.assertFalse(self._is_held(order))
        order.order_line.price_unit = 1000
        self.assertTrue(self._is_held(order))

    def test_the_price_list_gives_what_it_gives(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Wholesale",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 30,
                        }
                    )
                ],
            }
        )
        order = self._new_quotation()
        order.pricelist_id = pricelist
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 70)
        self.assertTrue(self._is_held(order), "measured from the sales price")
        self.rule.discount_base = "pricelist"
        self.assertFalse(self._is_held(order))
        order.order_line.discount = 40
        self.assertTrue(self._is_held(order))

    def test_notes_sections_and_free_products_do_not_matter(self):
        order = self._new_quotation()
        free = self.env["product.product"].create({"name": "Free", "list_price": 0})
        order.write(
            {
                "order_line": [
                    Command.create({"display_type": "line_section", "name": "Part"}),
                    Command.create({"display_type": "line_note", "name": "Note"}),
                    Command.create({"product_id": free.id}),
                ]
            }
        )
        self.assertFalse(self._is_held(order))

    def test_unit_of_measure_is_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._new_quotation(product_uom_id=dozen.id)
        self.assertEqual(order.amount_untaxed, 1200)
        self.assertFalse(self._is_held(order))
        order.order_line.price_unit = 1000
        self.assertTrue(self._is_held(order))

    def test_teams_have_their_own_limits(self):
        other = self.env["crm.team"].create({"name": "Key accounts"})
        self.rule.team_ids = other
        self.assertFalse(self._is_held(self.order))
        self.order.team_id = other
        self.assertTrue(self._is_held(self.order))

    def test_rules_of_another_company_do_not_count(self):
        self.rule.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self._is_held(self.order))
