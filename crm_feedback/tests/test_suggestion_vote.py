from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_suggestion import SuggestionCommon

NOW = datetime(2026, 3, 16, 9, 0)


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
