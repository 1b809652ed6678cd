import uuid

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import email_normalize

from ..tools.text import clean_line, is_blank
from .page import FeedbackPage

KEY_LENGTH = 64


class FeedbackIntake(FeedbackPage):
    """The form for everybody, also without a login and without a website."""

    @http.route("/feedback", type="http", auth="public", methods=["GET"], sitemap=True)
    def feedback_form(self, **_kwargs):
        """The form of the company that the site is of."""
        return self._show_form("/feedback", self._get_place())

    @http.route("/feedback", type="http", auth="public", methods=["POST"])
    def feedback_form_post(self, **_kwargs):
        """Take what was written; only the fields of the form are read."""
        return self._take_form("/feedback", self._get_place())

    @http.route(
        ["/feedback/to/<string:token>", "/feedback/from/<string:token>"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def feedback_form_link(self, token, **_kwargs):
        """The form of one company, or of one contact.

        :param token: see ``_find_by_feedback_link`` of both
        """
        place = self._find_place(token)
        return self._show_form(place["url"], place) if place else self._refuse()

    @http.route(
        ["/feedback/to/<string:token>", "/feedback/from/<string:token>"],
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    def feedback_form_link_post(self, token, **_kwargs):
        """Take what was written by a link, as by the form for everybody."""
        place = self._find_place(token)
        return self._take_form(place["url"], place) if place else self._refuse()

    @http.route(
        "/feedback/thanks", type="http", auth="public", methods=["GET"], sitemap=False
    )
    def feedback_thanks(self, **_kwargs):
        """What the visitor has just sent, by its number."""
        thanks = request.session.get("crm_feedback_thanks") or {}
        return self._render("crm_feedback.page_thanks", {"thanks": thanks})

    # ------------------------------------------------------------
    # Who writes, and to whom
    # ------------------------------------------------------------

    def _get_place(self):
        """The company the site is of, and who is logged in as a customer."""
        user = request.env.user
        known = not user._is_public() and user.share
        partner = user.partner_id.sudo() if known else None  # sudo: their own
        return self._make_place(request.env.company.sudo(), partner)

    def _find_place(self, token):
        path = request.httprequest.path
        if path.startswith("/feedback/to/"):
            company = request.env["res.company"]._find_by_feedback_link(token)
            return company and {**self._make_place(company, None), "url": path}
        partner = request.env["res.partner"]._find_by_feedback_link(token)
        company = partner.company_id or request.env.company.sudo()  # sudo: its name
        return partner and {**self._make_place(company, partner), "url": path}

    def _make_place(self, company, partner):
        return {
            "company": company,
            "partner": partner or request.env["res.partner"].sudo(),  # sudo: nobody
        }

    def _get_categories(self, company):
        # sudo: names of categories that are meant for customers
        categories = request.env["crm.feedback.category"].sudo()
        return categories.search(
            [("is_public", "=", True), ("company_id", "in", (company.id, False))]
        )

    # ------------------------------------------------------------
    # The form
    # ------------------------------------------------------------

    def _show_form(self, url, place, error="", status=200):
        given = request.params if error else {}
        values = {
            "url": url,
            "company": place["company"],
            "partner": place["partner"],
            "categories": self._get_categories(place["company"]),
            "kinds": request.env["crm.feedback"]
            ._fields["kind"]
            ._description_selection(request.env),
            "error": error,
            "given": {key: given.get(key) or "" for key in self._get_names()},
            "form_key": given.get("form_key") or uuid.uuid4().hex,
        }
        lang = place["partner"].lang
        return self._render("crm_feedback.page_form", values, lang, status)

    def _get_names(self):
        return ("name", "email", "subject", "description", "kind", "category", "order")

    def _take_form(self, url, place):
        try:
            values, files = self._read_form(place)
        except UserError as error:
            return self._show_form(url, place, error.args[0], 422)
        if request.params.get("website"):  # a field that people do not see
            return request.redirect("/feedback/thanks", 303)
        if not self._let_in(values.get("sender_email")) or not self._check_captcha():
            return self._show_form(url, place, self._get_too_many(), 429)
        feedback = request.env["crm.feedback"]._take_in(values)
        if not feedback.message_ids.attachment_ids and files:
            feedback._take_words(request.env._("Files sent with the form"), files)
        feedback._acknowledge()
        request.session["crm_feedback_thanks"] = {
            "number": feedback.number,
            "expected": feedback.expected_answer or "",
        }
        return request.redirect("/feedback/thanks", 303)

    def _read_form(self, place):
        """What the form says, of the fields that it has.

        :return: values of a feedback, and files
        :raise UserError: something is missing or too much
        """
        kinds = dict(request.env["crm.feedback"]._fields["kind"].selection)
        kind = request.params.get("kind")
        values = {
            "name": clean_line(self._read_text("subject", 200)),
            "description": self._read_text("description"),
            "kind": kind if kind in kinds else "complaint",
            "channel": "portal" if not request.env.user._is_public() else "web",
            "company_id": place["company"].id,
            "intake_key": clean_line(self._read_text("form_key", KEY_LENGTH)) or False,
        }
        if is_blank(values["description"]):
            raise UserError(request.env._("Please tell us what it is about."))
        category = self._read_text("category", 20)
        categories = self._get_categories(place["company"])
        if category.isdigit() and int(category) in categories.ids:
            values["category_id"] = int(category)
        values.update(self._read_sender(place["partner"]))
        values.update(self._find_order(values))
        return values, self._read_files()

    def _read_sender(self, partner):
        if partner:
            return {"partner_id": partner.id}
        email = email_normalize(self._read_text("email", 254))
        if not email:
            raise UserError(
                request.env._(
                    "Please give an e-mail address at which we can answer you, such as "
                    "name@example.com."
                )
            )
        found = request.env["crm.feedback"]._match_sender(email)
        return {
            "sender_name": clean_line(self._read_text("name", 100)) or email,
            "sender_email": email,
            "partner_id": found.id,
            "is_unverified": True,
        }

    def _find_order(self, values):
        """The order that is named, when it is the customer's; kept as text else."""
        number = clean_line(self._read_text("order", 60))
        if not number:
            return {}
        # sudo: found for colleagues only, nothing of it is shown
        partner = request.env["res.partner"].sudo().browse(values["partner_id"])
        order = request.env["sale.order"].sudo()  # sudo: as above
        if partner:
            order = order.search(
                [
                    ("name", "=ilike", number.replace("%", "").replace("_", r"\_")),
                    ("partner_id", "child_of", partner.commercial_partner_id.id),
                    ("company_id", "=", values["company_id"]),
                ],
                limit=1,
            )
        if order:
            return {"order_id": order.id}
        line = request.env._("Order: %s", number)
        return {"description": f"{values['description']}\n\n{line}"}

    def _check_captcha(self):
        """Hook: whether a human sends it; an addon with a captcha asks here."""
        return True
