from datetime import date, datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .report_common import NOW, ReportCommon


@tagged("post_install", "-at_install")
class TestComparison(ReportCommon):
    """Two periods side by side, each figure with the number of cases it is of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].search([("state", "=", "sale")]).state = "draft"
        cls.env["account.move"].search([("state", "=", "posted")]).state = "draft"
        cls.model = cls.env["crm.feedback.comparison"].with_user(cls.leader)

    def _compare(self, **values):
        """July with August, of 2026."""
        return self.model.create(
            {
                "before_start": "2026-07-01",
                "before_end": "2026-07-31",
                "after_start": "2026-08-01",
                "after_end": "2026-08-31",
                **values,
            }
        )

    def _rows(self, comparison):
        rows = comparison._get_section()["rows"]
        return {row["cells"][0]: (*row["cells"][1:], row["mood"]) for row in rows}

    def _fill(self, month, hours, outcomes, orders):
        for number, hour in enumerate(hours):
            feedback = self._said(
                (NOW - datetime(2026, month, 10)).days,
                state="closed",
                outcome=outcomes[number],
            )
            self._clock(feedback, "answer", hour, 10)
        for _number in range(orders):
            self._bought((NOW - datetime(2026, month, 5)).days)

    def test_figures_with_their_samples_and_the_change(self):
        self._fill(7, (2, 4, 6, 8, 20), ["no_answer"] * 3 + ["confirmed"] * 2, 10)
        self._fill(8, (1, 2, 3, 4, 5), ["confirmed"] * 4 + ["no_answer"], 20)
        rows = self._rows(self._compare())
        self.assertEqual(
            rows["First answer, median"],
            ("6.0 h (of 5)", "3.0 h (of 5)", "−50 %", "good"),
        )
        self.assertEqual(
            rows["Answered in time"],
            ("80 % (of 5)", "100 % (of 5)", "+20 points", "good"),
        )
        self.assertEqual(
            rows["Confirmed by the customer (of closed cases)"],
            ("40 % (of 5)", "80 % (of 5)", "+40 points", "good"),
        )
        self.assertEqual(
            rows["Complaints per 100 orders"],
            ("50 (of 10)", "25 (of 20)", "−50 %", "good"),
        )
        self.assertEqual(rows["Reopened"][2:], ("the same", ""))
        self.assertEqual(rows["Solution, median"][:2], ("– (none)", "– (none)"))

    def test_few_cases_tell_nothing(self):
        self._fill(7, (2, 4), ["confirmed"] * 2, 0)
        self._fill(8, (20, 30), ["no_answer"] * 2, 0)
        rows = self._rows(self._compare())
        self.assertEqual(rows["First answer, median"][2:], ("too few cases", ""))
        self.assertEqual(rows["Complaints per 100 orders"][:2], ("– (none)",) * 2)

    def test_the_last_day_counts_to_its_end_where_the_reader_is(self):
        feedback = self._said(0)
        feedback.date = datetime(2026, 8, 31, 20, 0)  # September in Shanghai
        for zone, count in (("UTC", "1 (of 1)"), ("Asia/Shanghai", "0 (of 0)")):
            rows = self._rows(self._compare().with_context(tz=zone))
            self.assertEqual(rows["Complaints (of all feedback)"][1], count)

    def test_only_one_category_cause_or_team(self):
        self._said(40)
        self._said(40, category_id=self.other.id, cause_id=False)
        cause = self.env.ref("crm_feedback.cause_delivery_damage")
        name = "Complaints (of all feedback)"
        for values in (
            {"category_id": self.category.id},
            {"cause_id": cause.parent_id.id},
        ):
            rows = self._rows(self._compare(**values))
            self.assertEqual(rows[name][1], "1 (of 1)")
        team = self.env["crm.team"].create({"name": "Nobody's"})
        self.assertEqual(
            self._rows(self._compare(team_id=team.id))[name][1], "0 (of 0)"
        )

    def test_the_page_shows_it_at_once_and_opens_the_cases(self):
        feedback = self._said(5)
        self._said(100)
        form = Form(self.model)
        self.assertIn("First answer, median", form.result)
        comparison = form.save()
        action = comparison.action_view_after()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.feedback_id, feedback)
        action = comparison.action_view_before()
        self.assertEqual(len(self.env[action["res_model"]].search(action["domain"])), 1)

    def test_periods_that_make_no_sense_are_refused_with_the_reason(self):
        for values, reason in (
            ({"before_end": "2026-06-30"}, "cannot end before"),
            ({"before_end": "2026-08-15"}, "must end before the other"),
        ):
            with self.assertRaises(UserError) as error:
                self._compare(**values)
            self.assertIn(reason, str(error.exception))
        form = Form(self.model)
        form.before_end = date(2030, 1, 1)
        self.assertIn("must end before the other", form.result)

    def test_leaders_compare_their_company_and_users_nothing(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        self._said(
            20,
            user=self._new_user(
                "there",
                "crm_lifecycle.group_crm_lifecycle_user",
                company_ids=[Command.set(branch.ids)],
                company_id=branch.id,
            ),
            customer=self.env["res.partner"].create({"name": "X"}),
            company_id=branch.id,
        )
        rows = self._rows(self._compare())
        self.assertEqual(rows["Complaints (of all feedback)"][1], "0 (of 0)")
        for user in (self.agent, self.clerk):
            with self.assertRaises(AccessError):
                self.model.with_user(user).create({})

    def test_two_queries_whatever_the_number(self):
        for _number in range(4):
            self._said(40)
        report, company = self.env["crm.feedback.report"], self.env.company
        period = self._compare()._get_after()
        self.env.flush_all()
        report._get_figures(period, company)
        with self.assertQueryCount(2):
            report._get_figures(period, company)


@tagged("post_install", "-at_install")
class TestLeaving(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.order"].search([("state", "=", "sale")]).state = "draft"
        cls.env["account.move"].search([("state", "=", "posted")]).state = "draft"
        cls.leaving = cls.env["crm.feedback.leaving"].with_user(cls.leader)

    def _customers(self, number, stayed, complained=False, reopened=0):
        """Customers of 250 days ago; some bought again within 180 days."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {n}"} for n in range(number)]
        )
        partners.flush_recordset()
        for index, partner in enumerate(partners):
            self._bought(250, partner)
            if index < stayed:
                self._bought(90, partner)
            if complained:
                self._said(200, customer=partner, reopen_count=reopened)
        return partners

    def _relation(self):
        return self.leaving._get_relation(self.env.company)

    def test_customers_are_told_apart_and_followed_for_half_a_year(self):
        self._customers(3, stayed=2)
        self._customers(2, stayed=1, complained=True)
        self._customers(1, stayed=0, complained=True, reopened=1)
        relation = self._relation()
        self.assertEqual(relation["none"], (1, 3))
        self.assertEqual(relation["complaint"], (2, 3))
        self.assertEqual(relation["reopened"], (1, 1))

    def test_what_happened_later_or_too_early_tells_nothing(self):
        partner = self._customers(1, stayed=1)
        self._said(100, customer=partner)  # after the half-year began
        self._said(700, customer=partner)  # long before
        self._said(200, customer=partner, kind="praise")
        self.assertEqual(self._relation()["none"], (0, 1))
        self.assertEqual(self._relation()["complaint"], (0, 0))

    def test_each_half_year_is_a_new_look(self):
        partner = self.env["res.partner"].create({"name": "Regular"})
        for days in (650, 500, 300, 100):
            self._bought(days, partner)
        # marks 720 (not yet a customer), 540, 360 and 180 days ago
        self.assertEqual(self._relation()["none"], (0, 3))

    def test_not_enough_data_is_said(self):
        self._customers(5, stayed=2)
        section = self.leaving._get_relation_section(self.env.company)
        self.assertEqual(section["rows"][0]["cells"][1:3], [5, "not enough data"])
        self.assertIn("Not enough data", section["notes"][0])

    def test_shares_have_their_wilson_interval(self):
        self._customers(40, stayed=36)
        self._customers(30, stayed=9, complained=True)
        section = self.leaving._get_relation_section(self.env.company)
        cells = [row["cells"] for row in section["rows"]]
        self.assertEqual(cells[0][1:], [40, "10.0 %", "4.0 – 23.1 %"])
        self.assertEqual(cells[1][1:], [30, "70.0 %", "52.1 – 83.3 %"])
        self.assertIn("left more often: 60.0 points", section["notes"][0])

    def _answered(self, partner, score, days):
        survey = self.env["crm.feedback.survey"].create(
            {"name": "S", "question": "Q?", "kind": "nps", "trigger": "period"}
        )
        return self.env["crm.feedback.response"].create(
            {
                "survey_id": survey.id,
                "partner_id": partner.id,
                "company_id": self.env.company.id,
                "state": "answered",
                "score": score,
                "answered_date": NOW - timedelta(days),
            }
        )

    def test_the_last_answer_to_a_survey_tells_customers_apart(self):
        angry, torn, glad, silent = self._customers(4, stayed=2)
        self._answered(angry, 0, 200)
        self._answered(torn, 10, 220)
        self._answered(torn, 3, 210)
        self._answered(glad, 10, 200)
        self._answered(silent, 0, 100)  # after the half-year began
        groups = self.leaving._count_groups(self.env.company, "answer")
        self.assertEqual(groups, {"unhappy": (0, 2), "content": (1, 1), "none": (1, 1)})
        section = self.leaving._get_satisfaction_section(self.env.company)
        self.assertIn("2 unhappy and 1 content", section["notes"][0])

    def test_unhappy_customers_who_leave_are_named(self):
        for partner in self._customers(30, stayed=27):
            self._answered(partner, 10, 200)
        for partner in self._customers(30, stayed=9):
            self._answered(partner, 2, 200)
        section = self.leaving._get_satisfaction_section(self.env.company)
        self.assertIn("left more often: 60.0 points", section["notes"][0])

    def test_one_query_and_one_page(self):
        self._customers(2, stayed=1)
        self.env.flush_all()
        self._relation()
        with self.assertQueryCount(1):
            self._relation()
        form = Form(self.env["crm.feedback.relation"].with_user(self.leader))
        self.assertIn("Without complaint", form.result)
        self.assertIn("Satisfaction and leaving", form.result)
        for user in (self.agent, self.clerk):
            with self.assertRaises(AccessError):
                self.leaving.with_user(user).search([])

    def test_companies_are_apart(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        partner = self.env["res.partner"].create({"name": "There"})
        self._bought(250, partner, company=branch)
        self.assertEqual(self._relation()["none"], (0, 0))
        both = self._new_user(
            "both",
            "crm_lifecycle.group_crm_lifecycle_team_manager",
            company_ids=[Command.set((branch | self.env.company).ids)],
        )
        leaving = self.leaving.with_user(both).with_context(
            allowed_company_ids=branch.ids
        )
        self.assertEqual(leaving._get_relation(branch)["none"], (1, 1))
        self.assertEqual(
            str(leaving.search([]).date), str((NOW - timedelta(180)).date())
        )
