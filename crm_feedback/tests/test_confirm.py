from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestConfirm(FeedbackCommon, HttpCase):
    """The page behind the link in the mail, as customers and others use it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "carla@customer.example"

    def setUp(self):
        super().setUp()
        self.feedback = self._new_feedback()
        self._solve(self.feedback)
        self.path = self._path(self.feedback)

    def _path(self, feedback):
        url = feedback.sudo()._get_confirm_url()
        return url[url.index("/feedback/") :]

    def _post(self, path=None, token=True, **values):
        self.authenticate(None, None)
        if token:
            values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path or self.path, data=values)

    def _open(self, path=None):
        return self.url_open(path or self.path)

    def _text(self, response):
        page = html.fromstring(response.content)
        for script in page.xpath("//script"):
            script.drop_tree()
        return " ".join(page.text_content().split())

    def test_opening_the_link_changes_nothing(self):
        for query in ("", "?answer=yes", "?answer=no"):
            for _time in range(3):
                response = self._open(self.path + query)
                self.assertEqual(response.status_code, 200)
                self.assertEqual(
                    self.opener.head(self.base_url() + self.path).status_code, 200
                )
        self.assertIn("Have we solved it?", self._text(response))
        self.assertIn("The chair was replaced.", self._text(response))
        self.assertEqual(self.feedback.state, "solved")
        self.assertFalse(self.feedback.confirmed_date)
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex, nofollow")

    def test_yes_ends_it_and_the_second_click_is_kindly_told(self):
        response = self._post(answer="yes", words="Great <b>work</b> 👍")
        self.assertIn("Thank you!", self._text(response))
        self.assertEqual(self.feedback.state, "closed")
        self.assertEqual(self.feedback.outcome, "confirmed")
        message = self.feedback.message_ids.filtered(
            lambda m: m.author_id == self.contact
        )
        self.assertIn("&lt;b&gt;work&lt;/b&gt; 👍", message.body)
        for answer in ("yes", "no"):
            again = self._post(answer=answer, words="Once more")
            self.assertIn("We have your answer already", self._text(again))
        self.assertEqual(self.feedback.outcome, "confirmed")
        self.assertNotIn("Once more", "".join(self.feedback.message_ids.mapped("body")))

    def test_no_reopens_it_with_the_customers_words(self):
        response = self._post(answer="no", words="It broke again.")
        self.assertIn("We are sorry", self._text(response))
        self.assertEqual(self.feedback.state, "assigned")
        self.assertEqual(self.feedback.reopen_count, 1)
        self.assertFalse(self.feedback.solution)
        self.assertIn(
            "It broke again.", "".join(self.feedback.message_ids.mapped("body"))
        )
        self.assertTrue(self._answers(self.feedback))
        again = self._post(answer="yes")
        self.assertIn("We have your answer already", self._text(again))
        self._solve(self.feedback, "A new model.")
        again = self._post(answer="yes")
        self.assertIn("We have your answer already", self._text(again))
        self.assertEqual(self.feedback.state, "solved", "an old link confirms nothing")
        self._post(self._path(self.feedback), answer="yes")
        self.assertEqual(self.feedback.outcome, "confirmed")

    def test_no_reaches_somebody_even_when_the_owner_has_left(self):
        self.agent.active = False
        self._post(answer="no")
        self.assertEqual(self.feedback.state, "assigned")
        self.assertTrue(self.feedback.user_id.active)

    @mute_logger("odoo.http")
    def test_all_links_that_do_not_hold_look_the_same(self):
        other = self._new_feedback()
        token = self.path.rpartition("/")[2]
        unsolved_purpose = other.sudo()._get_link("case", "/feedback/confirm/")
        deleted = self._new_unassigned()
        deleted.write({"solution": "x"})
        gone = deleted.sudo()._get_link("confirm", "/feedback/confirm/")
        deleted.unlink()
        flipped = token[:30] + ("A" if token[30] != "A" else "B") + token[31:]
        bad = [
            "/feedback/confirm/" + text
            for text in (token[:-5], token[:10], flipped, "x", "1", "é%00", "A" * 5000)
        ]
        bad += [url[url.index("/feedback/") :] for url in (unsolved_purpose, gone)]
        pages = set()
        for path in bad:
            response = self._open(path)
            self.assertEqual(response.status_code, 404, path)
            pages.add(self._text(response))
        with freeze_time(fields.Datetime.now() + timedelta(days=61)):
            response = self._open()
            self.assertEqual(response.status_code, 404)
            pages.add(self._text(response))
        self.feedback.action_revoke_links()
        response = self._post(answer="yes")
        self.assertEqual(response.status_code, 404)
        pages.add(self._text(response))
        self.assertEqual(len(pages), 1)
        self.assertEqual(self.feedback.state, "solved")

    @mute_logger("odoo.http")
    def test_without_the_token_of_the_form_nothing_is_taken(self):
        response = self._post(token=False, answer="yes")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.feedback.state, "solved")

    def test_other_fields_and_answers_are_not_read(self):
        self._post(answer="maybe", state="closed", user_id=1, partner_id=1)
        self.assertEqual(self.feedback.state, "solved")
        self._post(answer="yes", user_id=1, outcome="reported", lap=7)
        self.assertEqual(self.feedback.user_id, self.agent)
        self.assertEqual(self.feedback.outcome, "confirmed")

    def test_colleagues_look_but_do_not_answer(self):
        self.authenticate(self.agent.login, self.agent.login)
        response = self._open()
        self.assertIn("Only the customer can answer here", self._text(response))
        self.url_open(
            self.path,
            data={"answer": "yes", "csrf_token": http.Request.csrf_token(self)},
        )
        self.assertEqual(self.feedback.state, "solved")

    def test_very_long_words_are_cut(self):
        self._post(answer="no", words="x" * 100_000 + "\x00")
        self.assertEqual(self.feedback.state, "assigned")
        message = self.feedback.message_ids.filtered(
            lambda m: m.author_id == self.contact
        )
        self.assertLess(len(message.body), 6000)

    def test_nothing_internal_is_on_the_page(self):
        self.feedback.message_post(body="He is a difficult customer")
        self.feedback.no_measure_reason = "Internal reason"
        text = self._text(self._open())
        for secret in ("difficult", "Internal reason", "agent", "Damaged on the Way"):
            self.assertNotIn(secret, text)
