from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .report_common import NOW, ReportCommon


@tagged("post_install", "-at_install")
class TestReport(ReportCommon):
    def test_times_are_those_of_the_clocks(self):
        for hours in (1, 2, 3, 4, 30):
            self._clock(self._said(5), "answer", hours, 10)
        self._clock(self._said(5), "solution", 20, 10)
        [figures] = self._figures(
            "answer_count:sum",
            "answer_hours:avg",
            "answer_median_hours:avg",
            "answer_p90_hours:avg",
            "answer_target_hours:avg",
            "answer_in_time:avg",
            "solution_in_time:avg",
            "solution_median_hours:avg",
        )
        # 90 %: between the 4th and 5th of five, at 0.6 of the way: 4 + 0.6 * 26
        self.assertEqual(figures[:4], (5, 8.0, 3.0, 4 + 0.6 * 26))
        self.assertEqual(figures[4:], (10.0, 0.8, 0.0, 20.0))

    def test_reopening_adds_up_and_a_running_clock_tells_no_hours(self):
        again = self._said(9, state="closed", reopen_count=1)
        self._clock(again, "solution", 5, 10)
        self._clock(again, "solution", 7, 10)
        running = self._said(8)
        self._clock(running, "solution", 5, 10)
        self._clock(running, "solution", 99, 10).write({"done_date": False, "hours": 0})
        rows = self.env["crm.feedback.report"].search([])
        rows = {row.feedback_id: row for row in rows}
        self.assertEqual(rows[again].solution_hours, 12)
        self.assertEqual(rows[again].solution_in_time, 1)
        self.assertEqual(rows[again].reopened, 1)
        self.assertEqual(rows[running].solution_count, 0)
        self.assertEqual(rows[running].solution_in_time, 0, "it is late already")

    def test_what_runs_on_time_is_not_found_as_late(self):
        late, running, untimed = self._said(9), self._said(0), self._said(3)
        self._clock(late, "answer", 12, 10)
        self._clock(running, "answer", 0, 10).write({"done_date": False, "hours": 0})
        report = self.env["crm.feedback.report"]
        found = report.search([("is_answered_late", "=", True)]).feedback_id
        self.assertEqual(found, late)
        self.assertNotIn(untimed, found)

    def test_cancelled_clocks_do_not_count(self):
        self._clock(self._said(9), "answer", 5, 10).cancelled = True
        [figures] = self._figures("answer_count:sum", "answer_in_time:avg")
        self.assertEqual(figures, (0, False))

    def test_closing_of_the_loop_is_counted_of_what_is_closed(self):
        for outcome in ("confirmed", "reported", "no_answer", "closed"):
            self._said(5, state="closed", outcome=outcome)
        self._said(5)
        [figures] = self._figures("ended_count:sum", "confirmed:avg")
        self.assertEqual(figures, (4, 0.5))

    def test_recovery_is_told_ninety_days_after_the_solution(self):
        second, third = (
            self.env["res.partner"].create({"name": name}) for name in ("B", "C")
        )
        old = {"state": "closed", "solved_date": NOW - timedelta(days=100)}
        self._said(101, **old)
        self._bought(50)
        self._said(101, customer=second, **old)
        self._bought(102, second)  # before the solution
        self._bought(5, second)  # too late
        fresh = {"state": "closed", "solved_date": NOW - timedelta(days=89)}
        self._said(90, customer=third, **fresh)
        self._said(101, kind="question", **old)
        [figures] = self._figures("recovery_count:sum", "recovered:avg")
        self.assertEqual(figures, (2, 0.5))

    def test_orders_of_contacts_win_back_the_company(self):
        old = {"state": "closed", "solved_date": NOW - timedelta(days=100)}
        feedback = self._said(101, customer=self.contact, **old)
        self._bought(50, self.contact)
        row = self.env["crm.feedback.report"].browse(feedback.id)
        self.assertEqual(row.partner_id, self.customer)
        self.assertEqual(row.recovered, 1)

    def test_complaints_that_come_again(self):
        causes = self.env["crm.feedback.cause"].search([], limit=2)
        first = self._said(200, cause_id=causes[0].id)
        second = self._said(50, cause_id=causes[0].id)
        other = self._said(40, cause_id=causes[1].id)
        bare = self._said(30, cause_id=False)
        late = self._said(400, cause_id=causes[0].id)
        praise = self._said(20, kind="praise")
        rows = self.env["crm.feedback.report"].search([])
        found = {row.feedback_id: row.repeated for row in rows}
        self.assertEqual(found[late], 0)
        self.assertEqual(found[first], 0, "200 days lie between")
        self.assertEqual(found[second], 1)
        self.assertEqual(found[other], 0, "another cause")
        self.assertEqual(found[bare], 1, "the same category, no cause yet")
        self.assertFalse(found[praise])
        [figures] = self._figures("repeated:avg")
        self.assertEqual(figures, (0.4,))

    def test_users_see_their_own_leaders_all_of_their_companies(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        mine = self._said(3)
        theirs = self._said(3, user=self.colleague)
        elsewhere = self._said(
            3,
            company_id=branch.id,
            user=self._new_user(
                "there",
                "crm_lifecycle.group_crm_lifecycle_user",
                company_ids=[Command.set(branch.ids)],
                company_id=branch.id,
            ),
            customer=self.env["res.partner"].create({"name": "X"}),
        )
        report = self.env["crm.feedback.report"]
        seen = report.with_user(self.agent).search([]).feedback_id
        self.assertEqual(seen, mine)
        seen = report.with_user(self.leader).search([]).feedback_id
        self.assertEqual(seen, mine | theirs)
        self.assertNotIn(elsewhere, seen)
        with self.assertRaises(AccessError):
            report.with_user(self.clerk).search([])

    def test_a_line_opens_its_feedback(self):
        feedback = self._said(3)
        row = self.env["crm.feedback.report"].with_user(self.agent).search([])
        action = row.action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("crm.feedback", feedback.id)
        )

    def test_grouping_takes_one_query_whatever_the_number(self):
        for _number in range(3):
            self._said(3)
        self.env.flush_all()
        report = self.env["crm.feedback.report"]
        aggregates = ["answer_median_hours:avg", "recovered:avg", "repeated:avg"]
        report._read_group([], ["category_id"], aggregates)
        with self.assertQueryCount(1):
            report._read_group([], ["category_id"], aggregates)


@tagged("post_install", "-at_install")
class TestRate(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].search([("state", "=", "sale")]).state = "draft"
        cls.env["account.move"].search([("state", "=", "posted")]).state = "draft"

    def _rates(self, user=None):
        rates = self.env["crm.feedback.rate"].with_user(user or self.leader)
        return rates.search([("company_id", "=", self.env.company.id)])

    def test_rates_of_a_month(self):
        others = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(3)]
        )
        for customer in others:
            self._bought(40, customer)  # August
        self._bought(2)
        self._bought(3)
        self._said(1)
        self._said(1, kind="praise")
        self._said(45)
        now, august = self._rates()[:2]
        self.assertEqual(str(now.month), "2026-09-01")
        self.assertEqual(
            (now.complaint_count, now.order_count, now.customer_count), (1, 2, 4)
        )
        self.assertEqual((now.per_100_orders, now.per_100_customers), (50, 25))
        self.assertEqual(august.customer_count, 3)
        self.assertAlmostEqual(august.per_100_orders, 100 / 3)
        rates = self.env["crm.feedback.rate"].with_user(self.leader)
        [(per_order, per_customer)] = rates._read_group(
            [("month", "in", [now.month, august.month])],
            [],
            ["per_100_orders:avg", "per_100_customers:avg"],
        )
        self.assertEqual(per_order, 40, "2 complaints, 5 orders")
        self.assertAlmostEqual(per_customer, 200 / 7)

    def test_customers_count_for_a_year_and_once(self):
        self._bought(450)  # June 2025
        self._bought(440)  # July 2025
        self._said(1)
        counts = {str(r.month): r.customer_count for r in self._rates()}
        self.assertEqual(counts["2025-06-01"], 1)
        self.assertEqual(counts["2025-07-01"], 1, "the same one")
        self.assertEqual(counts["2026-06-01"], 1)
        self.assertNotIn("2026-07-01", counts, "nobody, and no complaint")
        self.assertEqual(counts["2026-09-01"], 0)
        self.assertFalse(self._rates()[0].per_100_customers)

    def test_complaints_without_orders_have_no_rate(self):
        self._said(1)
        rate = self._rates()
        self.assertEqual((rate.complaint_count, rate.order_count), (1, 0))
        self.assertFalse(rate.per_100_orders)

    def test_months_begin_where_the_reader_is(self):
        self._bought(0)
        feedback = self._said(0)
        feedback.date = datetime(2026, 8, 31, 20, 0)
        rates = self.env["crm.feedback.rate"]
        china = rates.with_context(tz="Asia/Shanghai").search([])
        self.assertEqual([r.complaint_count for r in china], [1])
        london = rates.with_context(tz="UTC").search([], order="month")
        self.assertEqual([r.complaint_count for r in london], [1, 0])

    def test_only_leaders_see_the_rates_of_everybody(self):
        with self.assertRaises(AccessError):
            self.env["crm.feedback.rate"].with_user(self.agent).search([])
