from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestOwner(FeedbackCommon):
    def test_category_owner_comes_first_then_the_salesperson_then_the_recorder(self):
        self.category.user_id = self.leader
        values = {"user": self.colleague, "category_id": self.category.id}
        self.assertEqual(self._new_feedback(**values).sudo().user_id, self.leader)
        self.category.user_id = False
        self.assertEqual(self._new_feedback(**values).sudo().user_id, self.agent)
        (self.customer | self.contact).user_id = False
        self.assertEqual(self._new_feedback(**values).user_id, self.colleague)

    def test_a_contact_s_own_salesperson_comes_before_the_company_s(self):
        self.contact.user_id = self.leader
        self.assertEqual(self._new_feedback().sudo().user_id, self.leader)

    def test_a_named_owner_is_kept(self):
        self.category.user_id = self.leader
        feedback = self._new_feedback(
            category_id=self.category.id, user_id=self.colleague.id
        ).sudo()
        self.assertEqual(feedback.user_id, self.colleague)

    def test_those_who_cannot_do_it_are_passed_over(self):
        self.category.user_id = self.leader
        self.leader.active = False
        feedback = self._new_feedback(user=self.colleague, category_id=self.category.id)
        self.assertEqual(feedback.sudo().user_id, self.agent)
        self.agent.active = False
        feedback = self._new_feedback(user=self.colleague, category_id=self.category.id)
        self.assertEqual(feedback.user_id, self.colleague)
        self.customer.user_id = self.clerk
        feedback = self._new_feedback(user=self.colleague)
        self.assertEqual(feedback.user_id, self.colleague)

    def test_nobody_left_makes_it_unassigned(self):
        self.assertEqual(self._new_unassigned().state, "new")

    def test_owners_are_employees_who_can_open_it(self):
        portal = self._new_user("portal")
        portal.group_ids = [Command.set(self.env.ref("base.group_portal").ids)]
        archived = self._new_user("gone", "crm_lifecycle.group_crm_lifecycle_user")
        archived.active = False
        feedback = self._new_feedback()
        for user, words in (
            (portal, "must be an employee"),
            (archived, "is archived"),
            (self.clerk, "no access to customer feedback"),
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(ValidationError) as error, self.cr.savepoint():
                    feedback.sudo().user_id = user
                self.assertIn(words, str(error.exception))
                with self.assertRaises(ValidationError), self.cr.savepoint():
                    self.category.user_id = user

    def test_the_owner_is_reminded_once_and_follows(self):
        feedback = self._new_feedback()
        answer = self._answers(feedback)
        self.assertEqual(answer.user_id, self.agent)
        self.assertGreater(answer.date_deadline, fields.Date.today())
        self.assertIn(self.agent.partner_id, feedback.message_partner_ids)
        feedback.write({"user_id": self.agent.id, "severity": "high"})
        self.assertEqual(self._answers(feedback), answer)

    def test_the_reminder_speaks_the_language_of_its_owner(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        kind = self.env.ref("crm_feedback.mail_activity_type_answer")
        kind.with_context(lang="fr_FR").summary = "Répondre"
        self.agent.lang = "fr_FR"
        feedback = self._new_feedback(user=self.colleague)
        self.assertEqual(self._answers(feedback).summary, "Répondre")

    def test_the_reminder_moves_to_the_next_owner(self):
        feedback = self._new_feedback()
        answer = self._answers(feedback)
        feedback.user_id = self.colleague
        self.assertEqual(self._answers(feedback), answer)
        self.assertEqual(answer.user_id, self.colleague)
        followers = feedback.sudo().message_partner_ids
        self.assertLessEqual(
            self.agent.partner_id | self.colleague.partner_id, followers
        )

    def test_many_are_handed_over_at_once(self):
        feedback = self._new_feedback() | self._new_feedback()
        feedback |= self._new_unassigned().with_user(self.agent)
        feedback.write({"user_id": self.colleague.id})
        answers = self._answers(feedback)
        self.assertEqual(len(answers), 3)
        self.assertEqual(answers.user_id, self.colleague)

    def test_the_next_owner_is_told_once(self):
        feedback = self._new_feedback()
        before = self.env["mail.notification"].search([])
        feedback.user_id = self.colleague
        self.env.flush_all()
        told = self.env["mail.notification"].search([]) - before
        self.assertEqual(told.res_partner_id, self.colleague.partner_id)
        self.assertEqual(len(told), 1)

    def test_the_reminder_is_done_when_it_is_solved(self):
        feedback = self._new_feedback()
        answer = self._answers(feedback)
        self._solve(feedback)
        self.assertFalse(answer.active)
        self.assertFalse(self._answers(feedback))
        self.assertTrue(answer.date_done)

    def test_without_the_activity_type_there_is_no_reminder(self):
        self.env.ref("crm_feedback.mail_activity_type_answer").unlink()
        feedback = self._new_feedback()
        self._solve(feedback)
        self.assertEqual(feedback.state, "solved")

    def test_what_an_archived_owner_leaves_finds_another(self):
        self.category.user_id = self.leader
        routed = self._new_feedback(category_id=self.category.id, user_id=self.agent.id)
        alone = self._new_feedback()
        solved = self._new_feedback()
        closed = self._new_feedback()
        self._solve(solved | closed)
        closed.action_close()
        self.agent.active = False
        records = (routed | alone | solved | closed).sudo()
        self.assertEqual(
            records.mapped("state"), ["assigned", "new", "solved", "closed"]
        )
        self.assertEqual(routed.sudo().user_id, self.leader)
        self.assertEqual(self._answers(routed).user_id, self.leader)
        self.assertEqual((solved | closed).sudo().user_id, self.agent)

    def test_what_an_archived_owner_solved_is_reopened_by_naming_another(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        self.agent.active = False
        feedback = feedback.with_user(self.leader)
        with self.assertRaises(UserError) as error:
            feedback.action_reopen()
        self.assertIn("is archived", str(error.exception))
        feedback.write({"state": "assigned", "user_id": self.leader.id})
        self.assertEqual(feedback.state, "assigned")
        self.assertEqual(self._answers(feedback).user_id, self.leader)
