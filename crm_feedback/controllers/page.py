from odoo import http
from odoo.http import request


class FeedbackPage(http.Controller):
    """What all pages for customers have in common."""

    def _render(self, template, values=None, lang=None, status=200):
        """A page that no search engine keeps and no other site is told of.

        :param lang: language of the customer; the visitor's own when not known
        """
        installed = dict(request.env["res.lang"].get_installed())
        if lang in installed:
            request.update_context(lang=lang)
        response = request.render(template, values or {}, status=status)
        response.headers.update(
            {
                "X-Robots-Tag": "noindex, nofollow",
                "Referrer-Policy": "same-origin",
                "Cache-Control": "no-store",
            }
        )
        return response

    def _refuse(self):
        """The same answer for every link that does not hold, whatever the reason."""
        return self._render("crm_feedback.page_gone", status=404)

    def _is_colleague(self):
        """Whether somebody who works here looks at a page for customers."""
        return request.env.user._is_internal()
