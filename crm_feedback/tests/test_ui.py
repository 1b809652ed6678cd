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
