from collections import Counter, defaultdict
from datetime import date

from odoo.tests import TransactionCase, tagged

from .common import import_tooling

import_tooling()

from suite_tools import cdnow, cdnow_orders  # noqa: E402  the tooling is found only now

END = date(1998, 6, 30)


def count_by_arithmetic(path, day):
    """Stages of the default process by nothing but the lines of the file.

    Two purchases make an active customer, more than 180 days without one a dormant
    and more than 365 a lost one.
    """
    purchases = defaultdict(list)
    for line in path.read_text().splitlines():
        if columns := line.split():
            text = columns[2]
            bought = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if bought <= day:
                purchases[columns[1]].append(bought)
    stages = Counter()
    for days in purchases.values():
        silence = (day - max(days)).days
        if silence > 365:
            stages["customer_lost"] += 1
        elif silence > 180:
            stages["customer_dormant"] += 1
        elif len(days) > 1:
            stages["customer_active"] += 1
        else:
            stages["customer_new"] += 1
    return dict(stages)


@tagged("post_install", "-at_install")
class TestCdnow(TransactionCase):
    """Real purchases of 2,357 people: everybody stands where the purchases say.

    The file is downloaded by the tooling when it is not in the cache; without it
    these tests fail.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cdnow.cdnow_sample_path()
        cls.purchases = cdnow_orders.parse(cls.path.read_text())
        cls.customers = cdnow_orders.load(cls.env, cls.purchases)

    def test_every_purchase_is_a_confirmed_order_with_its_amount(self):
        orders = self.env["sale.order"].search(
            [("partner_id", "in", self.customers.ids), ("state", "=", "sale")]
        )
        self.assertEqual((len(self.customers), len(orders)), (2357, 6919))
        self.assertAlmostEqual(
            sum(orders.mapped("amount_total")), sum(p.amount for p in self.purchases), 2
        )
        self.assertEqual(len(orders.order_line), len(orders))
        first = min(orders.mapped("date_order")).date()
        self.assertEqual(first, date(1997, 1, 1))

    def test_stages_at_the_end_of_the_study_are_those_of_the_arithmetic(self):
        found = cdnow_orders.count_stages(
            self.env, self.customers, cdnow_orders.END_OF_STUDY
        )
        self.assertEqual(found, count_by_arithmetic(self.path, END))

    def test_stages_in_between_are_those_of_the_arithmetic(self):
        for day in (date(1997, 2, 15), date(1997, 9, 1), date(1998, 2, 1)):
            with self.subTest(day=day):
                moment = cdnow_orders.END_OF_STUDY.replace(day.year, day.month, day.day)
                found = cdnow_orders.count_stages(self.env, self.customers, moment)
                self.assertEqual(found, count_by_arithmetic(self.path, day))

    def test_stages_of_today_are_those_of_the_arithmetic(self):
        found = cdnow_orders.count_stages(self.env, self.customers)
        self.assertEqual(found, count_by_arithmetic(self.path, date.today()))
        shown = self.customers.mapped("lifecycle_stage_id.key")
        self.assertEqual(set(shown), set(found))

    def test_a_replay_up_to_a_day_sees_nothing_after_it(self):
        self.env["crm.lifecycle.visit"].sudo().search(
            [("partner_id", "in", self.customers.ids)]
        ).unlink()
        moment = cdnow_orders.END_OF_STUDY
        self.env["res.partner"]._lifecycle_rebuild_host_history(as_of=moment)
        found = cdnow_orders.count_stages(self.env, self.customers)
        self.assertEqual(found, count_by_arithmetic(self.path, END))

    def test_a_database_knows_that_it_has_the_log(self):
        self.assertTrue(cdnow_orders.is_loaded(self.env))
