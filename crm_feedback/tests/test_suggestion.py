import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged

from .common import FeedbackCommon


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

    def test_a_column_of_the_board_decides_nothing(self):
        model = self.suggestions.with_context(
            default_state="accepted", default_proposer_id=self.leader.id
        )
        suggestion = model.with_user(self.agent).create(
            {"name": "Into “Accepted”", "process_id": self.process.id}
        )
        self.assertEqual(suggestion.state, "proposed")
        self.assertEqual(suggestion.proposer_id, self.agent)

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
class TestSuggestionUi(SuggestionCommon, HttpCase):
    def test_propose_vote_and_decide(self):
        process = self.process.copy({"name": "Tour Process"})
        process.suggestion_committee_ids = self.colleague
        url = "/odoo/suggestions"
        self.start_tour(url, "crm_feedback_propose_tour", login=self.agent.login)
        suggestion = self.suggestions.search([("process_id", "=", process.id)])
        self.assertEqual(suggestion.proposer_id, self.agent)
        self.start_tour(url, "crm_feedback_decide_tour", login=self.colleague.login)
        suggestion.invalidate_recordset()
        self.assertEqual(suggestion.vote_count, 1)
        self.assertEqual(suggestion.state, "rejected")
        self.assertEqual(suggestion.answer, "We do so already")
