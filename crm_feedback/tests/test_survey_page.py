from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.link import sign
from .survey_common import SurveyCommon


@tagged("post_install", "-at_install")
class TestSurveyPage(SurveyCommon, HttpCase):
    """The public pages of surveys, as customers and others use them."""

    def setUp(self):
        super().setUp()
        self.survey = self._new_survey(kind="nps", trigger="order")
        self.response = self._new_response(self.survey)
        self.path = self.response._get_ask_path()

    def _post(self, path=None, token=True, **values):
        self.authenticate(None, None)
        if token:
            values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path or self.path, data=values)

    def _page(self, response):
        page = html.fromstring(response.content)
        for script in page.xpath("//script"):
            script.drop_tree()
        return page

    def _text(self, response):
        return " ".join(self._page(response).text_content().split())

    def test_opening_the_link_records_nothing(self):
        for query in ("", "?score=9", "?score=0", "?score=x", "?score=99"):
            for _time in range(2):
                response = self.url_open(self.path + query)
                self.assertEqual(response.status_code, 200)
                self.opener.head(self.base_url() + self.path + query)
        self.assertFalse(self.response.answered_date)
        self.assertEqual(self.response.state, "sent")
        self.assertEqual(response.headers["X-Robots-Tag"], "noindex, nofollow")
        self.assertIn("How was it?", self._text(response))
        page = self._page(self.url_open(self.path + "?score=0"))
        self.assertEqual(page.xpath("//input[@checked]/@value"), ["0"])
        self.assertEqual(len(page.xpath("//input[@type='radio']")), 11)

    def test_the_first_answer_counts(self):
        response = self._post(score="0", comment="Never again 👎 <script>x</script>")
        self.assertIn("Thank you for your answer", self._text(response))
        self.assertEqual(self.response.score, 0)
        self.assertTrue(self.response.answered_date)
        self.assertEqual(
            self.response.comment, "Never again 👎 <script>x</script>", "plain text"
        )
        self.assertEqual(self.response.case_id.user_id, self.agent)
        for score in ("10", "0"):
            again = self._post(score=score, comment="Second")
            self.assertIn("We have your answer already", self._text(again))
        again = self.url_open(self.path + "?score=10")
        self.assertIn("We have your answer already", self._text(again))
        self.assertEqual(self.response.score, 0)
        self.assertNotIn("Second", self.response.comment)

    def test_words_may_be_added_on_the_page_after(self):
        page = self._page(self._post(score="7"))
        visit = page.xpath("//input[@name='visit']/@value")[0]
        answer = self._post(visit=visit, comment="The parcel was late")
        self.assertIn("We read every word", self._text(answer))
        self.assertEqual(self.response.comment, "The parcel was late")
        self._post(visit=visit, comment="Again")
        self.assertEqual(self.response.comment, "The parcel was late")
        self.assertEqual(self.response.score, 7)

    def test_nonsense_is_no_answer(self):
        for score in ("", "11", "-1", "7.5", "x", "²", "9" * 50):
            response = self._post(score=score)
            self.assertIn("Please choose one of the numbers", self._text(response))
        self.assertFalse(self.response.answered_date)

    @mute_logger("odoo.http")
    def test_without_the_token_of_the_form_nothing_is_taken(self):
        response = self._post(token=False, score="9")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.response.answered_date)

    def test_other_fields_are_not_read(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._post(
            score="9",
            state="expired",
            partner_id=other.id,
            company_id=99,
            survey_id=99,
            case_id=1,
            answered_date="2001-01-01 00:00:00",
        )
        self.assertEqual(self.response.partner_id, self.contact)
        self.assertEqual(self.response.state, "answered")
        self.assertGreater(self.response.answered_date.year, 2001)

    def test_very_long_words_are_cut(self):
        self._post(score="9", comment="x" * 100_000 + "\x00")
        self.assertEqual(len(self.response.comment), 5000)

    @mute_logger("odoo.http")
    def test_all_links_that_do_not_hold_look_the_same(self):
        token = self.path.rpartition("/")[2]
        env = self.env
        flipped = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
        deleted = self._new_response()
        gone = deleted._get_ask_path()
        deleted.unlink()
        cancelled = self._new_response()
        cancelled._cancel("manual")
        bad = [
            token[:-4],
            token[:8],
            flipped,
            "1",
            "A" * 5000,
            sign(env, "stop", [self.response.id], 5),
            sign(env, "visit", [self.response.id], 5),
            sign(env, "confirm", [self.response.id, 0, 0], 5),
            gone.rpartition("/")[2],
            cancelled._get_ask_path().rpartition("/")[2],
        ]
        pages = set()
        for text in bad:
            for call in (self.url_open, self._post):
                response = call("/feedback/ask/" + text)
                self.assertEqual(response.status_code, 404, text)
                pages.add(self._text(response))
        with freeze_time(fields.Datetime.now() + timedelta(days=32)):
            response = self.url_open(self.path)
            self.assertEqual(response.status_code, 404)
            pages.add(self._text(response))
        self.response.expire_date = fields.Datetime.now() - timedelta(hours=1)
        response = self._post(score="9")
        self.assertEqual(response.status_code, 404, "too late, though the link holds")
        pages.add(self._text(response))
        self.assertEqual(len(pages), 1)
        self.assertFalse(self.response.answered_date)

    def test_colleagues_look_but_do_not_answer(self):
        self.authenticate(self.agent.login, self.agent.login)
        response = self.url_open(self.path)
        self.assertIn("Only the customer can answer here", self._text(response))
        self.url_open(
            self.path,
            data={"score": "10", "csrf_token": http.Request.csrf_token(self)},
        )
        self.assertFalse(self.response.answered_date)

    def test_the_page_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.survey.with_context(lang="fr_FR").question = "Nous recommandez-vous ?"
        self.contact.lang = "fr_FR"
        response = self.url_open(self.path)
        self.assertIn("Nous recommandez-vous ?", self._text(response))

    def test_nothing_of_the_customer_is_on_the_page(self):
        text = self._text(self.url_open(self.path))
        for secret in ("Carla", "Customer Inc", "carla@customer.example", "agent"):
            self.assertNotIn(secret, text)

    def test_a_customer_answers_in_the_browser(self):
        self.start_tour(f"{self.path}?score=9", "crm_feedback_survey_tour", login=None)
        self.assertEqual(self.response.score, 10)
        self.assertEqual(self.response.comment, "Tour: you called back")
        self.assertEqual(self.response.case_id.kind, "praise")

    # ------------------------------------------------------------
    # No more surveys
    # ------------------------------------------------------------

    def _stop_path(self):
        url = self.response._get_stop_url()
        return url[url.index("/feedback/") :]

    @mute_logger("odoo.http")
    def test_no_more_surveys(self):
        path = self._stop_path()
        for _time in range(2):
            response = self.url_open(path)
            self.opener.head(self.base_url() + path)
        self.assertIn("No more surveys?", self._text(response))
        self.assertFalse(self.contact.feedback_opt_out, "opening it changes nothing")
        self.assertEqual(self._post(path, token=False, x="1").status_code, 400)
        self.assertFalse(self.contact.feedback_opt_out)
        for _time in range(2):
            response = self._post(path, active="", email="x@y.example")
            self.assertIn("You will not be asked again", self._text(response))
        self.assertTrue(self.contact.feedback_opt_out)
        self.assertEqual(self.contact.email, "carla@customer.example")
        token = path.rpartition("/")[2]
        for text in (token[:-4], "1", self.path.rpartition("/")[2]):
            response = self._post("/feedback/stop/" + text)
            self.assertEqual(response.status_code, 404)

    # ------------------------------------------------------------
    # Right after the customer has confirmed
    # ------------------------------------------------------------

    def _confirm(self):
        feedback = self._new_feedback()
        self._solve(feedback)
        url = feedback.sudo()._get_confirm_url()
        page = self._post(url[url.index("/feedback/") :], answer="yes")
        return feedback.sudo(), self._page(page)

    def test_the_question_follows_the_confirmation_at_once(self):
        csat = self._new_survey(question="How content are you with our help?")
        feedback, page = self._confirm()
        self.assertIn("How content are you with our help?", page.text_content())
        response = feedback.response_ids
        self.assertEqual(response.survey_id, csat)
        self.assertEqual(response.user_id, self.agent)
        self.assertFalse(response.answered_date)
        path = page.xpath("//form/@action")[-1]
        answer = self._post(path, score="5")
        self.assertIn("Thank you for your answer", self._text(answer))
        self.assertEqual(response.score, 5)
        self.assertEqual(response.state, "answered")
        self._trigger_cron()
        self.assertEqual(len(feedback.response_ids), 1, "no mail follows")
        self.assertFalse(self._mails().filtered(lambda m: "ask/" in m.body_html))

    def test_without_a_survey_and_for_who_wants_none_there_is_no_question(self):
        _feedback, page = self._confirm()
        self.assertFalse(page.xpath("//input[@name='score']"))
        self._new_survey()
        self.contact.feedback_opt_out = True
        feedback, page = self._confirm()
        self.assertFalse(page.xpath("//input[@name='score']"))
        self.assertFalse(feedback.response_ids)
