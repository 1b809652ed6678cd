from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.settings import get_number
from ..tools.text import clean_text
from ..tools.upload import clean_name, get_kind

TEXT_LIMIT = 10_000
MEGABYTE = 1024 * 1024


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

    def _read_text(self, name, limit=TEXT_LIMIT):
        """A text field of the form.

        :raise UserError: it is longer than ``limit`` characters
        """
        value = request.params.get(name)
        text = clean_text(value) if isinstance(value, str) else ""
        if len(text) > limit:
            raise UserError(
                request.env._(
                    "Please say it in at most %(limit)s characters; it has %(count)s.",
                    limit=limit,
                    count=len(text),
                )
            )
        return text

    def _read_files(self):
        """The files of the form.

        :return: list of pairs of name and content
        :raise UserError: too many, too big, or of a kind that is not taken
        """
        count = get_number(request.env, "file_count")
        megabytes = get_number(request.env, "file_megabytes")
        sent = request.httprequest.files.getlist("files")
        sent = [file for file in sent if file.filename]
        if len(sent) > count:
            raise UserError(request.env._("Please send at most %s files.", count))
        files = []
        for file in sent:
            content = file.read(megabytes * MEGABYTE + 1)
            if len(content) > megabytes * MEGABYTE:
                raise UserError(
                    request.env._("Please send files of at most %s MB.", megabytes)
                )
            kind = get_kind(content)
            if not kind:
                raise UserError(
                    request.env._("Please send pictures (PNG, JPEG, GIF, WebP) or PDF.")
                )
            files.append((clean_name(file.filename, kind), content))
        return files

    def _let_in(self, mail=""):
        """Whether one more post from this visitor is taken.

        :param mail: the address the visitor gives
        """
        address = request.httprequest.remote_addr
        log = request.env["crm.feedback.intake.log"]
        return log._let_in(address=address, mail=mail)

    def _get_too_many(self):
        return request.env._(
            "That was a lot in a short time. Please try again in an hour, or call us."
        )
