from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon

TO = "complaints@feedback.example"
MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{ident}@else.example>
{extra}Content-Type: text/plain; charset="{charset}"
Content-Transfer-Encoding: 8bit

{body}
"""


@tagged("post_install", "-at_install")
class TestMail(FeedbackCommon):
    """Cases by mail, from real messages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "carla@customer.example"
        domain = cls.env["mail.alias.domain"].create({"name": "feedback.example"})
        cls.env.company.alias_domain_id = domain
        cls.category.write(
            {
                "alias_name": "complaints",
                "alias_domain_id": domain.id,
                "default_kind": "question",
            }
        )
        cls.count = 0

    def _receive(self, raw=None, charset="utf-8", **parts):
        """Let a mail come in; the cases that it opened."""
        type(self).count += 1
        parts = {
            "sender": "Carla <carla@customer.example>",
            "to": TO,
            "subject": "Chair",
            "ident": f"mail{self.count}",
            "extra": "",
            "body": "It broke.",
            **parts,
        }
        before = self.env["crm.feedback"].search([])
        raw = raw or MAIL.format(charset=charset, **parts).encode(charset)
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, raw)
        return self.env["crm.feedback"].search([]) - before

    def _acknowledged(self, case):
        return self.env["mail.mail"].search_count(
            [
                ("model", "=", "crm.feedback"),
                ("res_id", "=", case.id),
                ("subject", "like", "We have got it"),
            ]
        )

    def test_a_mail_is_a_case_of_its_address(self):
        case = self._receive()
        self.assertEqual((case.name, case.description), ("Chair", "It broke."))
        self.assertEqual((case.category_id, case.kind), (self.category, "question"))
        self.assertEqual((case.partner_id, case.user_id), (self.contact, self.agent))
        self.assertEqual(case.channel, "mail")
        self.assertTrue(case.is_unverified)
        self.assertEqual(self._acknowledged(case), 1)
        self.category.default_kind = "praise"
        self.assertEqual(self._receive().kind, "praise")

    def test_a_reply_finds_its_case_by_headers_and_by_number(self):
        case = self._receive()
        case.action_wait()
        message = self.env["mail.mail"].search(
            [("model", "=", "crm.feedback"), ("res_id", "=", case.id)], limit=1
        )
        extra = f"In-Reply-To: {message.message_id}\n"
        self.assertFalse(self._receive(extra=extra, body="By headers"))
        self.assertIn("By headers", case.message_ids[0].body)
        self.assertFalse(case.is_waiting)
        again = self._receive(subject=f"AW: [{case.number}] Chair", body="By number")
        self.assertFalse(again)
        self.assertIn("By number", case.message_ids[0].body)
        self.assertEqual(self._acknowledged(case), 1, "acknowledged once")

    def test_the_number_alone_opens_nothing(self):
        case = self._receive()
        other = self._receive(
            sender="evil@else.example", subject=f"Re: {case.number}", body="Spy"
        )
        self.assertEqual(len(other), 1)
        self.assertNotIn("Spy", "".join(case.message_ids.mapped("body")))

    def test_machines_open_no_case_and_start_no_clock(self):
        case = self._receive()
        case.action_wait()
        for header in (
            "Auto-Submitted: auto-replied\n",
            "Precedence: bulk\n",
            "X-Autoreply: yes\n",
            "List-Id: <news.example>\n",
        ):
            with self.subTest(header=header):
                self.assertFalse(self._receive(extra=header, subject="Out of office"))
                self.assertFalse(
                    self._receive(extra=header, subject=f"Away: {case.number}")
                )
                self.assertTrue(case.is_waiting)
        self.assertNotIn("broke", "".join(m.body for m in case._get_talk()[1:]))
        self.assertTrue(self._receive(extra="Auto-Submitted: no\n"))

    def test_a_bounce_opens_no_case(self):
        self.assertFalse(
            self._receive(sender="MAILER-DAEMON@else.example", subject="Undeliverable")
        )

    def test_a_colleagues_address_is_not_believed(self):
        self.leader.email = "leader@company.example"
        case = self._receive(sender="Boss <leader@company.example>")
        self.assertFalse(case.partner_id)
        self.assertNotEqual(case.user_id, self.leader)
        self.assertTrue(case.is_unverified)

    def test_whatever_comes_is_kept(self):
        for name, parts in {
            "empty": {"subject": "", "body": ""},
            "emoji": {"subject": "💥", "body": "👎👎"},
            "long": {"subject": "x" * 900, "body": "y" * 300_000},
            "hostile": {"subject": "<script>", "body": "{{7*7}} <script>"},
        }.items():
            with self.subTest(name=name):
                self.assertEqual(len(self._receive(**parts)), 1)
        chinese = self._receive(
            charset="gb18030", subject="Chair", body="椅子坏了，请尽快处理"
        )
        self.assertEqual(chinese.description, "椅子坏了，请尽快处理")

    def test_odd_messages_do_not_stop_the_gateway(self):
        header = f"From: carla@customer.example\nTo: {TO}\nSubject: Odd\n"
        for name, rest in {
            "no body": "",
            "broken parts": 'Content-Type: multipart/mixed; boundary="x"\n\n--x\nhalf',
            "attachment only": (
                'Content-Type: application/pdf; name="a.pdf"\n'
                "Content-Disposition: attachment; filename=a.pdf\n"
                "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"
            ),
            "invitation": "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n",
        }.items():
            with self.subTest(name=name):
                ident = f"Message-Id: <odd-{name.replace(' ', '-')}@else.example>\n"
                case = self._receive((header + ident + rest).encode())
                self.assertEqual(len(case), 1)

    def test_in_copy_and_to_us_is_one_case(self):
        case = self._receive(to=f"friend@else.example, {TO}", extra=f"Cc: {TO}\n")
        self.assertEqual(len(case), 1)

    def test_the_same_mail_twice_is_one_case(self):
        self.assertTrue(self._receive(ident="same"))
        self.assertFalse(self._receive(ident="same"))


@tagged("post_install", "-at_install")
class TestPrivacy(FeedbackCommon):
    def test_a_person_is_forgotten_and_the_figures_stay(self):
        feedback = self._new_feedback(description="Mr Smith was angry")
        self._solve(feedback, "Called Mr Smith")
        feedback.message_post(body="Mr Smith again")
        cause = feedback.cause_id
        with self.assertRaises(AccessError):
            self.contact.with_user(self.agent).action_feedback_anonymise()
        self.contact.with_user(self.manager).action_feedback_anonymise()
        feedback = feedback.sudo()
        self.assertFalse(feedback.partner_id or feedback.description)
        self.assertFalse(feedback.message_ids.filtered(lambda m: "Smith" in m.body))
        self.assertNotIn("Smith", f"{feedback.name} {feedback.solution}")
        self.assertEqual(feedback.cause_id, cause)
        self.assertEqual((feedback.state, feedback.kind), ("solved", "complaint"))
        self.assertTrue(feedback.solved_date)
        self.contact.unlink()
        self.assertTrue(feedback.exists())

    def test_answers_to_surveys_are_forgotten_too(self):
        survey = self.env["crm.feedback.survey"].create(
            {"name": "Now?", "question": "How?", "kind": "nps", "trigger": "period"}
        )
        response = self.env["crm.feedback.response"].create(
            {
                "survey_id": survey.id,
                "partner_id": self.contact.id,
                "company_id": self.env.company.id,
                "state": "sent",
            }
        )
        response._take_answer(9, "Carla was here")
        self.contact.with_user(self.manager).action_feedback_anonymise()
        self.assertFalse(response.partner_id or response.comment)
        self.assertEqual((response.score, response.state), (9, "answered"))

    def test_others_are_left_alone(self):
        other = self._new_unassigned(description="Mine")
        self._new_feedback()
        self.customer.with_user(self.manager).action_feedback_anonymise()
        self.assertEqual(other.description, "Mine")
