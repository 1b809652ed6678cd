from odoo import http
from odoo.exceptions import LockError
from odoo.http import request

from ..tools.link import read
from .confirm import FeedbackConfirm
from .page import FeedbackPage


class FeedbackSurvey(FeedbackPage):
    """Where customers answer a question, or ask for no more of them."""

    @http.route(
        "/feedback/ask/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def feedback_ask(self, token, score="", **_kwargs):
        """Show the question. Opening the page records nothing.

        :param token: see ``crm.feedback.response._find_by_link``
        :param score: from the button in the mail, as a preselection
        """
        response = request.env["crm.feedback.response"]._find_by_link(token)
        if not response:
            return self._refuse()
        done = "past" if response.answered_date else None
        return self._show_survey(response, token, done, score)

    @http.route(
        "/feedback/ask/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def feedback_ask_post(self, token, score="", comment="", visit="", **_kwargs):
        """Take the answer; only the first one counts.

        :param score: one of the scale
        :param comment: what the customer adds
        :param visit: from the page after the answer, where words may be added
        """
        response = request.env["crm.feedback.response"]._find_by_link(token)
        if not response:
            return self._refuse()
        number = response._read_score(score)
        lang = response.partner_id.lang  # an anonymous answer forgets it
        try:
            done = self._take_survey(response, number, comment, visit)
        except LockError:  # the same click, a moment ago
            done = "past"
        return self._show_survey(response, token, done, score, lang)

    def _take_survey(self, response, number, comment, visit):
        """What has been done: nothing, "answered", "words" or "past"."""
        if self._is_colleague():
            return "past" if response.answered_date else None
        if response.answered_date:
            return "words" if response._add_words(visit, comment) else "past"
        if number is None:
            return "missing"
        return response._take_answer(number, comment)

    def _show_survey(self, response, token, done, score="", lang=None):
        lang = lang or response.partner_id.lang
        response = response.with_context(lang=lang or request.env.lang)
        values = {
            **self._prepare_survey(response, token),
            "done": done,
            "score": response._read_score(score),
            "visit": done == "answered"
            and not response.comment
            and response._sign_visit(),
            "is_colleague": self._is_colleague(),
        }
        return self._render("crm_feedback.page_survey", values, lang)

    @staticmethod
    def _prepare_survey(response, token):
        return {
            "response": response,
            "ask_path": f"/feedback/ask/{token}",
            "scores": response._get_scores(),
        }

    # ------------------------------------------------------------
    # No more surveys
    # ------------------------------------------------------------

    @http.route(
        "/feedback/stop/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def feedback_stop(self, token, **_kwargs):
        """Ask whether the customer really wants no more surveys."""
        partner = self._find_stop_partner(token)
        return self._show_survey_stop(partner, token) if partner else self._refuse()

    @http.route(
        "/feedback/stop/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def feedback_stop_post(self, token, **_kwargs):
        """From now on the customer is not asked."""
        partner = self._find_stop_partner(token)
        if not partner:
            return self._refuse()
        if not self._is_colleague():
            partner.feedback_opt_out = True
        return self._show_survey_stop(partner, token)

    def _find_stop_partner(self, token):
        # sudo: who has the link is let in, to stop the mails to this one person
        partner = request.env["res.partner"].sudo()
        return partner.browse(read(partner.env, "stop", token)).exists()

    def _show_survey_stop(self, partner, token):
        values = {
            "is_stopped": partner.feedback_opt_out,
            "stop_path": f"/feedback/stop/{token}",
            "page_company": partner.company_id,
            "is_colleague": self._is_colleague(),
        }
        return self._render("crm_feedback.page_survey_stop", values, partner.lang)


class FeedbackConfirmSurvey(FeedbackConfirm):
    """Whoever has just confirmed a solution is asked at once how content he is."""

    def _get_more(self, feedback, done):
        values = super()._get_more(feedback, done)
        if done == "confirmed":
            response = feedback._ask_on_page()
            lang = feedback.partner_id.lang or request.env.lang
            response = response.with_context(lang=lang)
            if response:
                token = response._get_ask_path().rpartition("/")[2]
                values.update(FeedbackSurvey._prepare_survey(response, token))
        return values
