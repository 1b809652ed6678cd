import base64
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon

NOW = datetime(2026, 3, 16, 9, 0)


class SuggestionCommon(FeedbackCommon):
    """A process with a committee of one: the colleague."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env.ref("crm_lifecycle.process_default")
        cls.process.suggestion_committee_ids = cls.colleague
        cls.voter = cls._new_user("voter", "crm_lifecycle.group_crm_lifecycle_user")
        cls.suggestions = cls.env["crm.lifecycle.suggestion"]

    @classmethod
    def _propose(cls, user=None, **values):
        return cls.suggestions.with_user(user or cls.agent).create(
            {
                "name": "Call on the same day",
                "process_id": cls.process.id,
                "evidence": "Three customers asked",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestSuggestion(SuggestionCommon):
    def test_everybody_of_the_process_proposes_as_himself(self):
        for user in (self.agent, self.leader, self.manager):
            suggestion = self._propose(user)
            self.assertEqual(suggestion.proposer_id, user)
            self.assertEqual(
                (suggestion.source, suggestion.state), ("manual", "proposed")
            )
        with self.assertRaises(AccessError):
            self._propose(self.clerk)

    def test_a_form_is_all_it_takes(self):
        form = Form(self.suggestions.with_user(self.agent))
        form.name = "Shorter forms"
        form.process_id = self.process
        self.assertEqual(form.save().proposer_id, self.agent)

    def test_nobody_proposes_for_others_or_decides_by_proposing(self):
        for values in (
            {"proposer_id": self.leader.id},
            {"state": "accepted"},
            {"source": "checker"},
            {"answer": "Great"},
            {"numbers": {"move": ["a", "b"]}},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self._propose(**values)

    def test_the_own_is_changed_while_it_is_open(self):
        suggestion = self._propose()
        suggestion.write({"name": " Call\nat once ", "expected_effect": "Fewer lost"})
        self.assertEqual(suggestion.name, "Call at once")
        with self.assertRaises(UserError):
            suggestion.name = " \u200b"
        with self.assertRaises(AccessError):
            suggestion.with_user(self.voter).name = "Mine"
        suggestion.with_user(self.colleague).action_accept()
        with self.assertRaises(AccessError):
            suggestion.name = "Something else"

    def test_the_proposer_does_not_decide(self):
        suggestion = self._propose()
        for call in (
            lambda s: s.action_accept(),
            lambda s: s.action_reject(),
            lambda s: s.write({"state": "accepted"}),
            lambda s: s.write({"answer": "Fine"}),
            lambda s: s.write({"effect": "Much better"}),
            lambda s: s.write({"proposer_id": self.voter.id}),
        ):
            with self.assertRaises(UserError):
                call(suggestion)
        self.assertEqual(suggestion.state, "proposed")
        self.assertFalse(suggestion.can_decide)
        self.assertTrue(suggestion.can_edit)

    def test_the_committee_decides_but_not_on_its_own(self):
        suggestion = self._propose()
        self.assertTrue(suggestion.with_user(self.colleague).can_decide)
        for user in (self.voter, self.leader):
            with self.assertRaises(AccessError):
                suggestion.with_user(user).action_accept()
        suggestion.with_user(self.colleague).action_accept()
        self.assertEqual(suggestion.state, "accepted")
        self.assertEqual(suggestion.user_id, self.colleague)
        self.assertTrue(suggestion.accepted_date)
        own = self._propose(self.colleague)
        with self.assertRaisesRegex(AccessError, "process managers"):
            own.action_accept()
        own.with_user(self.manager).action_accept()

    def test_rejecting_needs_a_reason_which_the_proposer_reads(self):
        suggestion = self._propose()
        with self.assertRaises(UserError) as error:
            suggestion.with_user(self.colleague).action_reject()
        self.assertIn("Answer", str(error.exception))
        wizard = self.env["crm.lifecycle.suggestion.reject"].with_user(self.colleague)
        wizard = wizard.with_context(active_ids=suggestion.ids)
        wizard.create({"reason": "Too dear"}).action_reject()
        self.assertEqual(
            (suggestion.state, suggestion.answer), ("rejected", "Too dear")
        )
        last = suggestion.message_ids[:1]
        self.assertIn("Too dear", last.body)
        self.assertIn(self.agent.partner_id, last.partner_ids)

    def test_the_committee_learns_of_it(self):
        suggestion = self._propose()
        self.assertIn(self.colleague.partner_id, suggestion.message_partner_ids)
        self.assertIn(self.colleague.partner_id, suggestion.message_ids.partner_ids)

    def test_everybody_discusses(self):
        suggestion = self._propose()
        message = suggestion.with_user(self.voter).message_post(
            body="I saw that too", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.author_id, self.voter.partner_id)

    def test_proofs_are_read_by_whoever_reads_the_suggestion(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.agent)
            .create(
                {
                    "name": "photo.txt",
                    "datas": base64.b64encode(b"seen"),
                    "res_model": "crm.lifecycle.suggestion",
                    "res_id": 0,
                }
            )
        )
        suggestion = self._propose(proof_ids=[Command.set(file.ids)])
        self.assertEqual(file.res_id, suggestion.id)
        self.assertEqual(file.with_user(self.voter).raw, b"seen")

    def test_companies_do_not_see_each_others(self):
        branch = self.env["res.company"].create({"name": "Branch"})
        process = self.env["crm.lifecycle.process"].create(
            {"name": "Branch", "company_id": branch.id}
        )
        with self.assertRaises(AccessError):
            self._propose(process_id=process.id)
        there = self._new_user(
            "there",
            "crm_lifecycle.group_crm_lifecycle_user",
            company_ids=[Command.set(branch.ids)],
            company_id=branch.id,
        )
        suggestion = self._propose(there, process_id=process.id)
        with self.assertRaises(AccessError):
            suggestion.with_user(self.agent).read(["name"])
        with self.assertRaises(AccessError):
            suggestion.with_user(self.agent).action_vote()

    def test_committees_are_employees(self):
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal_suggestion",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        with self.assertRaises(UserError):
            self.process.suggestion_committee_ids = portal

    def test_what_sources_find_stays_the_business_of_managers(self):
        found = self.suggestions.create(
            {
                "name": "Found",
                "process_id": self.process.id,
                "source": "checker",
                "key": "checker/x",
            }
        )
        self.assertFalse(found.proposer_id)
        with self.assertRaises(AccessError):
            found.with_user(self.agent).name = "Mine"
        found.with_user(self.manager).action_reject()
        self.assertEqual(found.state, "rejected")


@tagged("post_install", "-at_install")
class TestVote(SuggestionCommon):
    def test_one_vote_each_and_none_for_the_own(self):
        suggestion = self._propose()
        for user in (self.voter, self.voter, self.colleague):
            suggestion.with_user(user).action_vote()
        self.assertEqual(suggestion.vote_count, 2)
        self.assertEqual(suggestion.committee_vote_count, 1)
        self.assertTrue(suggestion.with_user(self.voter).has_voted)
        self.assertFalse(suggestion.with_user(self.voter).can_vote)
        self.assertFalse(suggestion.can_vote, "its own")
        with self.assertRaisesRegex(UserError, "your own"):
            suggestion.action_vote()
        suggestion.with_user(self.voter).action_unvote()
        self.assertEqual(suggestion.vote_count, 1)
        self.assertEqual(suggestion.vote_ids.user_id, self.colleague)

    def test_votes_end_with_the_decision(self):
        suggestion = self._propose()
        suggestion.with_user(self.colleague).action_accept()
        for method in ("action_vote", "action_unvote"):
            with self.assertRaisesRegex(UserError, "decided"):
                getattr(suggestion.with_user(self.voter), method)()

    def test_nobody_votes_past_the_button(self):
        suggestion = self._propose()
        votes = self.env["crm.lifecycle.suggestion.vote"]
        values = {"suggestion_id": suggestion.id, "user_id": self.voter.id}
        for user in (self.agent, self.manager):
            with self.assertRaises(AccessError):
                votes.with_user(user).create(values)
        with self.assertRaises(UserError):
            suggestion.write({"vote_ids": [Command.create({"user_id": 1})]})
        with self.assertRaises(AccessError):
            suggestion.with_user(self.clerk).action_vote()
        votes.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            votes.create(values)
            votes.flush_model()

    def test_voting_for_many_costs_no_query_each(self):
        few = self.suggestions.concat(*(self._propose() for _number in range(2)))
        many = self.suggestions.concat(*(self._propose() for _number in range(20)))
        counts = []
        few[:1].with_user(self.leader).action_vote()
        for suggestions in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            suggestions.with_user(self.voter).action_vote()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 3)


@tagged("post_install", "-at_install")
class TestEffect(SuggestionCommon):
    def _do(self, suggestion):
        decided = suggestion.with_user(self.colleague)
        decided.action_accept()
        decided.action_done()

    def _reminders(self, suggestion):
        return suggestion.activity_search(["crm_feedback.mail_activity_type_effect"])

    @freeze_time(NOW)
    def test_the_effect_is_looked_at_some_time_later(self):
        self.env["ir.config_parameter"].set_param("crm_feedback.effect_days", "30")
        suggestion = self._propose()
        self._do(suggestion)
        self.assertEqual(str(suggestion.effect_date), "2026-04-15")
        reminder = self._reminders(suggestion)
        self.assertEqual(reminder.user_id, self.colleague)
        self.assertEqual(str(reminder.date_deadline), "2026-04-15")
        due = [("effect", "=", False), ("effect_date", "<=", "today")]
        self.assertNotIn(suggestion, self.suggestions.search(due))
        suggestion.with_user(self.colleague).write(
            {
                "effect": "Twice as fast",
                "effect_unit": "hours",
                "figure_before": 8,
                "figure_after": 4,
            }
        )
        self.assertEqual(suggestion.figure_change, -0.5)
        self.assertFalse(self._reminders(suggestion))

    def test_figures_say_what_they_are(self):
        suggestion = self._propose()
        self._do(suggestion)
        with self.assertRaisesRegex(UserError, "Measured in"):
            suggestion.with_user(self.colleague).figure_before = 3

    def test_what_ended_by_itself_is_not_looked_at(self):
        found = self.suggestions.create(
            {
                "name": "Found",
                "process_id": self.process.id,
                "source": "checker",
                "key": "checker/x",
            }
        )
        found.action_accept()
        found.action_done()
        self.assertFalse(found.effect_date)
        self.assertFalse(self._reminders(found))


@tagged("post_install", "-at_install")
class TestAward(SuggestionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.awards = cls.env["crm.lifecycle.suggestion.award"].with_user(cls.manager)

    def _accept(self, *voters, date="2026-02-10", **values):
        suggestion = self._propose(**values)
        for voter in voters:
            suggestion.with_user(voter).action_vote()
        with freeze_time(date):
            suggestion.with_user(self.colleague).action_accept()
        return suggestion

    @freeze_time(NOW)
    def test_the_best_of_last_month_win(self):
        third = self._accept()
        first = self._accept(self.voter, self.leader)
        second = self._accept(self.voter)
        self._accept(self.voter, self.leader, self.manager, date="2026-01-31")
        self._propose()
        self._accept()  # a fourth
        self.awards.action_nominate()
        won = self.awards.search([])
        self.assertEqual(won.mapped("place"), ["1", "2", "3"])
        self.assertEqual(won.suggestion_id, first | second | third)
        self.assertEqual([str(m) for m in set(won.mapped("month"))], ["2026-02-01"])
        self.assertEqual(won.user_id, self.agent)
        self.assertIn("Congratulations", first.message_ids[:1].body)
        with self.assertRaisesRegex(UserError, "nothing to award"):
            self.awards.action_nominate()

    @freeze_time(NOW)
    def test_a_winner_may_be_named_for_any_day_of_the_month(self):
        award = self.awards.create(
            {
                "suggestion_id": self._accept().id,
                "month": "2026-02-17",
                "prize": "A day off",
            }
        )
        self.assertEqual(str(award.month), "2026-02-01")
        self.assertIn("A day off", award.suggestion_id.message_ids[:1].body)

    def test_only_what_was_accepted_wins_and_only_managers_award(self):
        with self.assertRaises(UserError):
            self.awards.create({"suggestion_id": self._propose().id})
        values = {"suggestion_id": self._accept().id}
        for user in (self.agent, self.colleague, self.leader):
            with self.assertRaises(AccessError):
                self.awards.with_user(user).create(values)
        with self.assertRaises(AccessError):
            self.awards.with_user(self.leader).action_nominate()

    def test_a_badge_where_there_are_badges(self):
        if "gamification.badge.user" not in self.env:
            award = self.awards.create({"suggestion_id": self._accept().id})
            self.assertFalse(award.badge_granted)
            return
        award = self.awards.create({"suggestion_id": self._accept().id})
        self.assertTrue(award.badge_granted)

    def test_an_award_notes_that_a_badge_was_given(self):
        with patch.object(type(self.awards), "_grant_badge", return_value=True):
            award = self.awards.create({"suggestion_id": self._accept().id})
        self.assertTrue(award.badge_granted)


@tagged("post_install", "-at_install")
class TestAdoption(SuggestionCommon):
    def test_the_rate_is_that_of_the_decided(self):
        self.suggestions.search([]).unlink()
        judge = self.colleague
        for _number in range(2):
            self._propose().with_user(judge).action_accept()
        rejected = self._propose()
        rejected.with_user(judge).answer = "No"
        rejected.with_user(judge).action_reject()
        self._propose()
        done = self._propose().with_user(judge)
        done.action_accept()
        done.action_done()
        self.env.flush_all()
        report = self.env["crm.lifecycle.suggestion.report"].with_user(self.agent)
        [figures] = report._read_group(
            [("process_id", "=", self.process.id)],
            [],
            ["__count", "decided_count:sum", "adopted_count:sum", "adopted:avg"],
        )
        self.assertEqual(figures, (5, 4, 3, 0.75))
        row = report.search([("suggestion_id", "=", rejected.id)])
        self.assertEqual(row.action_open_record()["res_id"], rejected.id)
