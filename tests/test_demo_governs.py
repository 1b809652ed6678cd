from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..demo import load_story
from ..demo.story import PREFIX


@tagged("post_install", "-at_install")
class TestDemoGoverns(TransactionCase):
    """What a visitor sees of the process that governs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        load_story(cls.env)
        cls.process = cls.env.ref("crm_lifecycle.process_default")
        logins = ("anna", "luis", "meiling", "weijun")
        cls.sellers = cls.env["res.users"].union(
            *(cls.env.ref(f"{PREFIX}.user_{login}") for login in logins)
        )
        cls.visitor = cls.env.ref("base.user_admin")

    def count(self, model, *domain):
        return self.env[model].with_user(self.visitor).search_count([*domain])

    def test_leads_are_red_yellow_and_green(self):
        mine = ("user_id", "in", self.sellers.ids)
        for state in ("late", "soon", "running"):
            with self.subTest(state):
                number = self.count(
                    "crm.lead", mine, ("lifecycle_timer_state", "=", state)
                )
                self.assertGreater(number, 2)
        late = self.count("crm.lead", mine, ("lifecycle_timer_state", "=", "late"))
        timed = self.count("crm.lead", mine, ("lifecycle_timer_state", "!=", False))
        self.assertLess(late, timed / 2)

    def test_limits_of_the_past_were_kept_and_missed(self):
        ended = ("done_date", "!=", False)
        for state in ("met", "missed"):
            with self.subTest(state):
                number = self.count("crm.sla.timer", ended, ("state", "=", state))
                self.assertGreater(number, 20)

    def test_who_is_late_was_told_on_the_day(self):
        late = self.env["crm.sla.timer"].search(
            [("state", "=", "late"), ("owner_id", "in", self.sellers.ids)]
        )
        told = late.escalation_ids.filtered(lambda e: e.result == "told")
        self.assertTrue(told.user_ids & self.sellers)
        now = fields.Datetime.now()
        for escalation in told:
            self.assertLessEqual(escalation.date, now)
        days = {escalation.date.date() for escalation in told}
        self.assertGreater(len(days), 5)

    def test_the_process_was_changed_by_a_revision(self):
        revisions = self.process.revision_ids.sorted("number")
        self.assertGreater(len(revisions), 1)
        self.assertLess(revisions[-2].create_date, revisions[-1].create_date)
        self.assertFalse(self.process.draft_ids)
        self.assertTrue(
            self.process._get_differences(
                revisions[-2].definition, revisions[-1].definition
            )
        )

    def test_an_exception_waits_for_two_one_is_urgent_one_on_the_path(self):
        exceptions = self.env["crm.lifecycle.exception"].search(
            [("process_id", "=", self.process.id)]
        )
        by_flag = exceptions.grouped("flag")
        waiting = by_flag["waiting"].approval_request_id.line_ids
        self.assertEqual(waiting.mapped("state"), ["asked", "asked"])
        emergency = by_flag["emergency"]
        self.assertEqual(emergency.lead_id.lifecycle_stage_id, emergency.stage_id)
        done = exceptions.filtered(lambda e: e.state == "done")
        self.assertEqual(done.visit_ids.stage_id.key, "proposition")
        self.assertTrue(done.skipped_stage_ids)
        self.assertTrue(exceptions.filtered(lambda e: e.state == "rejected").user_id)

    def test_a_quotation_is_approved_in_parallel_and_one_was_sent(self):
        orders = self.env["sale.order"].search(
            [("approval_request_id", "!=", False), ("user_id", "in", self.sellers.ids)]
        )
        by_state = orders.grouped("state")
        states = by_state["draft"].approval_request_id.line_ids.mapped("state")
        self.assertEqual(sorted(states), ["approved", "asked", "asked"])
        self.assertEqual(by_state["sent"].approval_status, "approved")
        self.assertGreater(by_state["sent"].approval_request_id.elapsed_hours, 20)

    def test_the_visitor_has_something_to_approve(self):
        self.assertGreater(
            self.count("crm.approval.request", ("is_my_turn", "=", True)), 2
        )

    def test_one_handover_waits_and_one_was_returned_with_its_reason(self):
        handovers = self.env["crm.lifecycle.handover"].search(
            [("process_id", "=", self.process.id)]
        )
        by_state = handovers.grouped("state")
        self.assertEqual(len(by_state["waiting"]), 1)
        self.assertTrue(by_state["returned"].reason_id)
        self.assertTrue(by_state["accepted"])
        for handover in handovers - by_state["waiting"]:
            self.assertLessEqual(handover.requested_date, handover.decided_date)

    def test_onboarding_has_dated_steps_of_which_some_are_done(self):
        plan = self.process.stage_ids.filtered("plan_id").plan_id
        activities = self.env["mail.activity"].with_context(active_test=False)
        steps = activities.search(
            [
                ("res_model", "=", "res.partner"),
                ("activity_type_id", "in", plan.template_ids.activity_type_id.ids),
            ]
        )
        self.assertTrue(steps.filtered(lambda step: not step.active))
        open_steps = steps.filtered("active")
        today = fields.Date.context_today(steps)
        self.assertTrue(open_steps.filtered(lambda s: s.date_deadline > today))
        self.assertTrue(
            all(step.user_id.active and not step.user_id.share for step in open_steps)
        )

    def test_people_said_what_they_think_of_the_stages(self):
        opinions = self.env["crm.lifecycle.comment"].search(
            [("process_id", "=", self.process.id)]
        )
        states = dict(opinions._fields["state"].selection)
        self.assertEqual(set(opinions.mapped("state")), set(states))
        self.assertNotIn(self.env.user, opinions.user_id)

    def test_leads_wait_in_the_pool(self):
        cards = self.env["crm.lead.pool.card"].with_user(self.sellers[1])
        self.assertGreater(cards.search_count([]), 3)

    def test_nothing_is_left_to_be_mailed(self):
        partners = self.sellers.partner_id
        mails = self.env["mail.mail"].search([("recipient_ids", "in", partners.ids)])
        self.assertFalse(mails)

    def test_checklists_are_red_and_green_and_every_stage_kept_its_notes(self):
        leads = self.env["crm.lead"].search(
            [
                ("user_id", "in", self.sellers.ids),
                ("lifecycle_stage_id.key", "in", ("new", "qualified", "proposition")),
            ]
        )
        lines = [
            (line["label"], line["is_met"])
            for lead in leads.with_user(self.visitor)
            for line in lead.get_lifecycle_kit()["requirements"]
        ]
        for label in {label for label, _is_met in lines}:
            with self.subTest(label):
                states = {is_met for name, is_met in lines if name == label}
                if label != "Expected revenue estimated":
                    self.assertEqual(states, {True, False})
        offered = leads.filtered(
            lambda lead: lead.lifecycle_stage_id.key == "proposition"
        )
        noted = [
            step["fields"]
            for lead in offered
            for step in lead.get_lifecycle_path()
            if step.get("fields")
        ]
        self.assertGreater(len(noted), 5)
