"""The purchase log as it is read; what becomes of it in Odoo is tested there."""

import unittest

from suite_tools.cdnow_orders import parse

LINES = """
 00004  0001 19970101  2   29.33
 00004  0001 19970118  2   29.73

 00021  0002 19970101  3   63.34
"""


class TestCdnow(unittest.TestCase):
    def test_each_line_is_one_purchase_of_its_customer(self):
        purchases = parse(LINES)
        self.assertEqual([p.customer for p in purchases], [1, 1, 2])
        self.assertEqual([p.discs for p in purchases], [2, 2, 3])

    def test_dates_and_amounts_are_those_of_the_line(self):
        purchase = parse(LINES)[1]
        self.assertEqual(str(purchase.moment), "1997-01-18 12:00:00")
        self.assertEqual(purchase.amount, 29.73)

    def test_an_empty_log_has_no_purchases(self):
        self.assertEqual(parse("\n"), [])


if __name__ == "__main__":
    unittest.main()
