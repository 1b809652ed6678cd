from odoo.tests import tagged

from .web import PNG, FeedbackWeb


@tagged("post_install", "-at_install")
class TestCase(FeedbackWeb):
    """One case, for who has its link, and on the portal."""

    def setUp(self):
        super().setUp()
        self.case = self._new_feedback(description="It broke on Monday.")
        self.path = self._path(self.case.sudo()._get_case_url())

    def _new_portal_user(self, partner, login):
        user = self._new_user(login)
        user.write(
            {
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                "partner_id": partner.id,
            }
        )
        return user

    def test_the_customer_reads_the_talk_and_no_note(self):
        self.case.message_post(
            body="We are on it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.case.message_post(body="He always complains.")
        self.case.no_measure_reason = "Cheap customer"
        text = self._text(self.url_open(self.path))
        self.assertIn("It broke on Monday.", text)
        self.assertIn("We are on it.", text)
        for secret in ("always complains", "Cheap customer", "Damaged on the Way"):
            self.assertNotIn(secret, text)

    def test_the_customer_answers_with_a_picture(self):
        self.case.action_wait()
        files = [("files", ("photo.png", PNG))]
        response = self._post(self.path, words="See <b>here</b>", files=files)
        self.assertIn("See <b>here</b>", self._text(response))
        self.assertIn("photo.png", self._text(response))
        self.assertFalse(self.case.is_waiting, "the clock runs again")
        message = self.case._get_talk()[-1]
        self.assertEqual(message.author_id, self.contact)
        self.assertFalse(self._post(self.path).ok)

    def test_the_customer_says_it_is_settled(self):
        self._post(self.path, settled="1")
        self.assertEqual(self.case.state, "assigned", "people end it")
        self.assertIn("settled for me", self.case._get_talk()[-1].body)
        activity = self.case.sudo().activity_search(
            ["crm_feedback.mail_activity_type_closing"]
        )
        self.assertEqual(activity.user_id, self.agent)

    def test_an_answer_to_what_is_closed_reaches_its_owner(self):
        self._solve(self.case)
        self.case.action_close()
        self._post(self.path, words="It broke again!")
        self.assertEqual(self.case.state, "closed")
        self.assertTrue(
            self.case.sudo().activity_search(
                ["crm_feedback.mail_activity_type_closing"]
            )
        )

    def test_the_links_of_one_page_open_no_other(self):
        self._solve(self.case)
        confirm = self._path(self.case.sudo()._get_confirm_url())
        token = confirm.rpartition("/")[2]
        self.assertEqual(self.url_open(f"/feedback/case/{token}").status_code, 404)
        token = self.path.rpartition("/")[2]
        self.assertEqual(self.url_open(f"/feedback/confirm/{token}").status_code, 404)

    def test_a_colleague_does_not_answer_for_the_customer(self):
        before = len(self.case.message_ids)
        self._post(self.path, words="I am the customer", user=self.agent)
        self.assertEqual(len(self.case.message_ids), before)

    def test_the_portal_shows_what_is_of_the_own_company(self):
        user = self._new_portal_user(self.contact, "carla")
        second = self.env["res.partner"].create(
            {"name": "Second", "parent_id": self.customer.id}
        )
        mate = self._new_portal_user(second, "mate")
        stranger = self._new_portal_user(
            self.env["res.partner"].create({"name": "Stranger"}), "stranger"
        )
        path = f"/my/feedback/{self.case.id}"
        for who in (user, mate):
            self.authenticate(who.login, who.login)
            self.assertIn(self.case.number, self._text(self.url_open("/my/feedback")))
            self.assertEqual(self.url_open(path).status_code, 200)
            self.assertIn("Feedback", self._text(self.url_open("/my")))
        self._post(path, words="From the portal", user=user)
        self.assertIn("From the portal", self.case._get_talk()[-1].body)
        before = len(self.case.message_ids)
        response = self._post(path, words="Not mine", user=stranger)
        self.assertEqual(response.status_code, 404)
        self.assertEqual(len(self.case.message_ids), before)
        self.assertNotIn(self.case.number, self._text(self.url_open("/my/feedback")))
        self.assertEqual(self.url_open("/my/feedback/99999999").status_code, 404)
        self.authenticate(None, None)
        self.assertIn("login", self.url_open(path).url)

    def test_a_customer_who_is_logged_in_writes_as_himself(self):
        user = self._new_portal_user(self.contact, "carla")
        self._post(
            "/feedback", description="Again", email="evil@else.example", user=user
        )
        case = self.env["crm.feedback"].search([("description", "=", "Again")])
        self.assertEqual(case.partner_id, self.contact)
        self.assertEqual((case.channel, case.is_unverified), ("portal", False))
