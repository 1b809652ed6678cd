from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.text import is_blank
from .page import FeedbackPage


class FeedbackCase(FeedbackPage):
    """One case as its customer sees it, by the link in the mail."""

    @http.route(
        "/feedback/case/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def feedback_case(self, token, **_kwargs):
        """Show a case, and the talk about it without any internal note."""
        case, _lap = request.env["crm.feedback"]._find_by_link("case", token)
        return self._show_case(case) if case else self._refuse()

    @http.route(
        "/feedback/case/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def feedback_case_post(self, token, **_kwargs):
        """Take an answer or files, or that it is settled."""
        case, _lap = request.env["crm.feedback"]._find_by_link("case", token)
        return self._take_answer(case) if case else self._refuse()

    def _show_case(self, case, error="", status=200, **more):
        values = {
            "case": case,
            "talk": case._get_talk(),
            "error": error,
            "given": request.params.get("words", "") if error else "",
            "url": request.httprequest.path,
            "is_colleague": self._is_colleague(),
            "states": self._get_states(),
            **more,
        }
        return self._render(
            "crm_feedback.page_case", values, case.partner_id.lang, status
        )

    def _get_states(self):
        """What a state means to the customer."""
        return {
            "new": request.env._("Received"),
            "assigned": request.env._("In work"),
            "solved": request.env._("Solved: please confirm"),
            "closed": request.env._("Closed"),
        }

    def _take_answer(self, case):
        if self._is_colleague():
            return self._show_case(case)
        url = request.httprequest.path
        if request.params.get("settled"):
            if case.state in ("new", "assigned") and self._let_in():
                case._settle_by_customer()
            return request.redirect(url, 303)
        try:
            words, files = self._read_text("words"), self._read_files()
            if is_blank(words) and not files:
                raise UserError(request.env._("Please write something, or add a file."))
        except UserError as error:
            return self._show_case(case, error.args[0], 422)
        if not self._let_in():
            return self._show_case(case, self._get_too_many(), 429)
        case._take_words(words, files)
        return request.redirect(url, 303)
