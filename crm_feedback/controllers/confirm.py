from odoo import http
from odoo.exceptions import LockError
from odoo.http import request

from .page import FeedbackPage


class FeedbackConfirm(FeedbackPage):
    """Where a customer says whether a solution helped."""

    @http.route(
        "/feedback/confirm/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def feedback_confirm(self, token, answer="", **_kwargs):
        """Show what is asked. Opening the page changes nothing.

        :param token: see ``crm.feedback._find_by_link``
        :param answer: "yes" or "no" from the button in the mail, as a preselection
        """
        feedback, lap = request.env["crm.feedback"]._find_by_link("confirm", token)
        if not feedback or lap > feedback.reopen_count:
            return self._refuse()
        return self._show(feedback, lap, token, answer)

    @http.route(
        "/feedback/confirm/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def feedback_confirm_post(self, token, answer="", words="", **_kwargs):
        """Take the answer; only the first one counts.

        :param answer: "yes" or "no"
        :param words: what the customer adds
        """
        feedback, lap = request.env["crm.feedback"]._find_by_link("confirm", token)
        if not feedback or lap > feedback.reopen_count:
            return self._refuse()
        if answer not in ("yes", "no") or self._is_colleague():
            return self._show(feedback, lap, token, answer)
        try:
            done = feedback._take_verdict(lap, answer == "yes", words)
        except LockError:  # the same click, a moment ago
            done = "past"
        return self._show(feedback, lap, token, answer, done)

    def _show(self, feedback, lap, token, answer, done=None):
        if not done and (lap < feedback.reopen_count or feedback.state != "solved"):
            done = "past"
        if not done and feedback.confirmed_date:
            done = "past"
        values = {
            "feedback": feedback,
            "token": token,
            "answer": answer if answer in ("yes", "no") else "",
            "done": done,
            "is_colleague": self._is_colleague(),
            **self._get_more(feedback, done),
        }
        lang = feedback.partner_id.lang
        return self._render("crm_feedback.page_confirm", values, lang)

    def _get_more(self, feedback, done):
        """Hook: what else the page after the answer offers."""
        return {}
