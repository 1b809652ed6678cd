from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .backtest_common import BacktestFallen
from .purchase_common import END

FIGURES = (
    "customers",
    "flagged",
    "left_count",
    "flagged_left",
    "precision",
    "recall",
    "lift",
    "auc",
    "leaving_auc",
    "leaving_lift",
    "lead_days",
    "gone_count",
)


@tagged("post_install", "-at_install")
class TestBacktest(BacktestFallen):
    def _figures(self, test):
        lines = sorted(
            (line.kind, line.sequence, line.said, line.customers, line.left_count)
            for line in test.line_ids
        )
        signals = [
            (line.signal_id, line.flagged, line.flagged_left, line.lead_days)
            for line in test.signal_ids
        ]
        return [test[name] for name in FIGURES], lines, signals

    def test_figures_are_those_of_the_hand(self):
        test = self._new_test()
        test.action_run()
        self.assertEqual(test.state, "done", test.message)
        # last purchase 60 days ago or more at a rhythm of 20: 40 flagged, 30 left
        self.assertEqual((test.customers, test.left_count), (100, 30))
        self.assertEqual((test.flagged, test.flagged_left), (40, 30))
        self.assertAlmostEqual(test.base_rate, 0.3)
        self.assertAlmostEqual(test.precision, 0.75)
        self.assertAlmostEqual(test.recall, 1)
        # all 30 pairs with 60 who stayed are right, with 10 of the flagged tied
        self.assertAlmostEqual(test.auc, (60 + 10 / 2) / 70, 3)
        self.assertAlmostEqual(test.lift, 0.75 / 0.3)
        # gone 90 days after the last purchase, which was 60 days before; 5 are gone
        self.assertEqual((test.lead_days, test.gone_count), (90 - 60, 5))
        [line] = test.signal_ids
        self.assertEqual((line.lead_days, line.gone_count), (30, 5))
        self.assertEqual((line.flagged, line.flagged_left), (40, 30))
        self.assertAlmostEqual(line.lift, 2.5)
        self.assertIn("30 of 100 customers (30 %)", test.words)
        levels = {
            line.level: (line.customers, line.left_count)
            for line in test.line_ids
            if line.kind == "level"
        }
        self.assertEqual(levels, {"at_risk": (40, 30), "healthy": (60, 0)})
        tenths = test.line_ids.filtered(lambda line: line.kind == "health")
        self.assertEqual(sum(tenths.mapped("customers")), 100)
        self.assertEqual(tenths.mapped("sequence"), list(range(1, 11)))

    def test_other_limits_are_compared_without_touching_the_signal(self):
        test = self._new_test()
        test.action_run()
        copy = self.Test.browse(test.action_retry()["res_id"])
        self.assertEqual((copy.state, copy.customers), ("draft", 0))
        copy.signal_ids.limit_from = copy.signal_ids.limit_full = 7
        copy.action_run()
        self.assertEqual(copy.flagged, 0)
        self.assertIn("Nobody", copy.words)
        self.assertIn("7 to 7", copy.changes)
        self.assertFalse(test.changes)
        self.assertEqual(self.rhythm.limit_from, 2)
        copy.with_user(self.manager).signal_ids.action_apply()
        self.assertEqual(self.rhythm.limit_from, 7)

    def test_what_came_later_changes_nothing(self):
        before = self._new_test()
        before.action_run()
        # later purchases beyond the days ahead, a purchase entered later, a message
        later, one = self.customers[:50], self.customers[95]
        self._buy_many([(c.id, self._day(120), 900) for c in later])
        self._buy_many([(one.id, self._day(-5), 900)])
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = %s WHERE partner_id = %s"
            " AND date_order = %s",
            [self._day(100), one.id, self._day(-5)],
        )
        self.customers[70].message_post(body="Hello", message_type="comment")
        self.customers[80].active = False
        after = self._new_test()
        after.action_run()
        self.assertEqual(self._figures(after), self._figures(before))
        self.assertEqual((before.late_count, after.late_count), (0, 1))
        self.assertIn("1 purchases", after.words)
        imported = self._new_test(is_imported=True)
        imported.action_run()
        self.assertEqual((imported.flagged, imported.late_count), (39, 0))

    def test_the_judgement_knows_nothing_of_what_happened(self):
        test = self._new_test()
        test._run()
        query = "SELECT partner_id, score, share FROM crm_churn_backtest_row ORDER BY 1"
        self.env.cr.execute(query)
        before = self.env.cr.fetchall()
        self.env.cr.execute(
            "DELETE FROM sale_order WHERE date_order > %s AND partner_id = ANY(%s)",
            [test._get_cut(), self.customers.ids],
        )
        test._run()
        self.env.cr.execute(query)
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertEqual(test.left_count, 100)
        self.assertEqual(test.state, "short", "nobody stayed")

    def test_signals_without_a_past_are_named_and_left_out(self):
        self._new_signal("overdue", name="Overdue Now")
        self._new_signal("portal", name="Portal Now")
        self._new_signal(
            "silence", name="Own Condition", domain="[('city', '=', 'Paris')]"
        )
        test = self._new_test()
        test.action_run()
        left_out = test.signal_ids.filtered("left_out")
        self.assertEqual(len(left_out), 3)
        for name in ("Overdue Now", "Portal Now", "Own Condition"):
            self.assertIn(name, test.words)
        self.assertEqual(test.flagged, 40)

    def test_tiers_are_those_of_then(self):
        tier = self.env["crm.customer.tier"].create({"name": "Then"})
        self.rhythm.tier_ids = tier
        Change = self.env["crm.customer.tier.change"].sudo()
        flagged, later = self.customers[60], self.customers[61]
        for customer, days in ((flagged, -10), (later, 10)):
            Change.create(
                {
                    "partner_id": customer.id,
                    "tier_id": tier.id,
                    "date": self._day(days),
                    "origin": "auto",
                }
            )
        test = self._new_test()
        test.action_run()
        self.assertEqual(test.flagged, 1)

    def test_a_silence_of_messages_is_that_of_then(self):
        self.rhythm.active = False
        self._new_signal("silence", weight=60, limit_from=50, limit_full=50)
        message = (
            self.customers[60]
            .with_user(self.seller)
            .message_post(
                body="Hi", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
        )
        self.env.cr.execute(
            "UPDATE mail_message SET date = %(day)s, create_date = %(day)s"
            " WHERE id = %(id)s",
            {"day": self._day(-20), "id": message.id},
        )
        test = self._new_test()
        test.action_run()
        self.assertEqual(test.flagged, 39)

    def test_dates_that_tell_nothing_are_refused(self):
        cases = (
            ({"date": END.date() - timedelta(days=30)}, "not over"),
            ({"date": END.date() + timedelta(days=9)}, "not over"),
            ({"date": date(2015, 1, 1)}, "first purchase"),
        )
        for values, message in cases:
            with self.subTest(values), self.assertRaisesRegex(UserError, message):
                self._new_test(**values).action_run()
        other = self._new_test(company_id=self.other_company.id)
        with self.assertRaisesRegex(UserError, "no day"):
            other.action_run()

    def test_the_day_proposed_can_be_judged_in_every_time_zone(self):
        for tz in ("Pacific/Kiritimati", "UTC", "Pacific/Honolulu"):
            test = self.Test.with_context(tz=tz).create({})
            test.action_run()
            self.assertEqual(test.horizon_days, 90)

    def test_too_little_is_said(self):
        few = self._new_customers(3)
        self._buy_many([(c.id, self._day(-700), 10) for c in few])
        test = self._new_test(date=self._day(-600).date())
        test.action_run()
        self.assertEqual(test.state, "short")
        self.assertIn("Not enough data: 3 customers", test.message)
        self.assertFalse(test.line_ids)

    def test_companies_are_apart(self):
        rows = [(self.customers[0].id, self._day(-10), 10)]
        self._buy_many(rows)
        self.env.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE partner_id = %s",
            [self.other_company.id, self.customers[0].id],
        )
        test = self._new_test()
        test.action_run()
        self.assertEqual(test.customers, 99)
        foreign = self._new_signal("silence", company_id=self.other_company.id)
        with self.assertRaisesRegex(UserError, "Other Company"):
            self._new_test(signal_ids=[(0, 0, {"signal_id": foreign.id})])
