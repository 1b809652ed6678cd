from odoo.tests import HttpCase, tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestUi(FeedbackCommon, HttpCase):
    def test_agent_records_and_solves_a_complaint(self):
        self.start_tour(
            "/odoo/feedback", "crm_feedback_complaint_tour", login=self.agent.login
        )
        feedback = self.env["crm.feedback"].search(
            [("name", "=", "Tour: a chair is broken")]
        )
        self.assertEqual(len(feedback), 1)
        self.assertEqual(feedback.user_id, self.agent)
        self.assertEqual(feedback.state, "solved")
        self.assertEqual(feedback.solution, "A new chair was sent.")
        self.assertEqual(feedback.severity, "high")

    def test_a_stranger_writes_and_a_customer_says_no(self):
        self.start_tour("/feedback", "crm_feedback_public_tour", login=None)
        case = self.env["crm.feedback"].search(
            [("sender_email", "=", "tour@else.example")]
        )
        self.assertEqual(case.name, "Tour: the lamp flickers")
        feedback = self._new_feedback()
        self._solve(feedback)
        url = feedback.sudo()._get_confirm_url()
        path = url[url.index("/feedback/") :]
        self.start_tour(path, "crm_feedback_confirm_tour", login=None)
        self.assertEqual((feedback.state, feedback.reopen_count), ("assigned", 1))
        said = "".join(feedback.message_ids.mapped("body"))
        self.assertIn("Tour: it broke again", said)
