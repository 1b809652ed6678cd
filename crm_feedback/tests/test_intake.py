from odoo.tests import tagged
from odoo.tools import mute_logger

from .web import PNG, FeedbackWeb


@tagged("post_install", "-at_install")
class TestIntake(FeedbackWeb):
    """The form for everybody."""

    def _send(self, path="/feedback", email="stranger@else.example", **values):
        """Send the form; what came in by it."""
        before = self.env["crm.feedback"].search([])
        values.setdefault("description", "The chair broke.")
        self.response = self._post(path, email=email, **values)
        return self.env["crm.feedback"].search([]) - before

    def test_a_stranger_writes_and_gets_a_number(self):
        self.assertEqual(self.url_open("/feedback").status_code, 200)
        case = self._send(
            name="Stan", subject="Chair", kind="complaint", category=self.category.id
        )
        self.assertEqual(case.name, "Chair")
        self.assertEqual((case.channel, case.kind), ("web", "complaint"))
        self.assertEqual(case.category_id, self.category)
        self.assertEqual(case.sender_email, "stranger@else.example")
        self.assertFalse(case.partner_id)
        self.assertTrue(case.is_unverified)
        self.assertIn(case.number, self._text(self.response))
        mail = self._mails(case)
        self.assertEqual(mail.email_to, "stranger@else.example")
        self.assertIn(case.number, mail.subject)
        self.assertIn("/feedback/case/", mail.body_html)
        self.assertIn("auto-replied", mail.headers)

    def test_a_known_address_names_the_customer_for_colleagues_alone(self):
        case = self._send(email="CARLA@customer.example", name="Somebody")
        self.assertEqual(case.partner_id, self.contact)
        self.assertEqual(case.user_id, self.agent)
        self.assertTrue(case.is_unverified)
        for secret in ("Carla", "Customer Inc", self.agent.name):
            self.assertNotIn(secret, self._text(self.response))
        case.with_user(self.agent).action_verify_sender()
        self.assertFalse(case.is_unverified)

    def test_the_address_of_a_colleague_gives_no_rights(self):
        self.leader.email = "leader@company.example"
        case = self._send(email="leader@company.example")
        self.assertFalse(case.partner_id or case.user_id)
        self.assertEqual(case.state, "new")

    def test_what_is_missing_is_asked_for_and_nothing_is_lost(self):
        for values, text in (
            ({"email": ""}, "e-mail address at which we can answer"),
            ({"email": "no address"}, "e-mail address at which we can answer"),
            ({"description": " \u200b "}, "tell us what it is about"),
            ({"description": "x" * 10_001}, "at most 10000 characters"),
            ({"subject": "x" * 201}, "at most 200 characters"),
        ):
            with self.subTest(text=text):
                self.assertFalse(self._send(**{"name": "Stan Still", **values}))
                self.assertEqual(self.response.status_code, 422)
                self.assertIn(text, self._text(self.response))
                self.assertIn("Stan Still", self.response.text)

    def test_only_the_fields_of_the_form_are_read(self):
        other = self.env["res.company"].create({"name": "Other Inc"})
        case = self._send(
            user_id=self.leader.id,
            state="closed",
            partner_id=self.customer.id,
            company_id=other.id,
            severity="critical",
            number="X1",
            kind="invented",
            category="999999",
        )
        self.assertFalse(case.user_id or case.partner_id or case.category_id)
        self.assertEqual(case.company_id, self.env.company)
        self.assertEqual((case.state, case.severity), ("new", "normal"))
        self.assertEqual(case.kind, "complaint")
        self.assertNotEqual(case.number, "X1")

    def test_hostile_text_stays_text(self):
        text = "<script>alert(1)</script> {{7*7}} ' OR 1=1 \u202e 👍 中文"
        case = self._send(subject=text, name=text, description=text)
        self.assertEqual(case.description, text)
        path = self._path(case._get_case_url())
        page = self.url_open(path)
        self.assertNotIn("<script>alert(1)", page.text)
        self.assertIn("{{7*7}}", page.text)
        self.assertNotIn("<script>alert(1)", self._mails(case).body_html)

    def test_the_same_form_sent_twice_is_one_case(self):
        first = self._send(form_key="k" * 32)
        self.assertEqual(len(first), 1)
        self.assertFalse(self._send(form_key="k" * 32))
        self.assertIn(first.number, self._text(self.response))
        self.assertEqual(len(self._mails(first)), 1)

    def test_machines_fill_in_what_people_do_not_see(self):
        self.assertFalse(self._send(website="http://spam.example"))
        self.assertIn("Thank you", self._text(self.response))

    @mute_logger("odoo.http")
    def test_without_the_token_of_the_form_nothing_is_taken(self):
        self.assertFalse(self._send(token=False))
        self.assertEqual(self.response.status_code, 400)

    def test_floods_are_kept_out(self):
        self.env["ir.config_parameter"].set_param("crm_feedback.limit_mail", 2)
        self.env["ir.config_parameter"].set_param("crm_feedback.limit_address", 6)
        flood = "flood@else.example"
        self.assertTrue(self._send(email=flood))
        self.assertFalse(self._send(email=flood), "case and acknowledgement count")
        self.assertEqual(self.response.status_code, 429)
        self.assertIn("try again in an hour", self._text(self.response))
        self.assertTrue(self._send(email="honest@else.example"))
        for number in range(6):
            self._send(email=f"other{number}@else.example")
        self.assertEqual(self.response.status_code, 429)
        keys = self.env["crm.feedback.intake.log"].search([]).mapped("key")
        self.assertNotIn("flood", "".join(keys))

    def test_files_are_few_small_and_harmless(self):
        def files(*contents):
            return [("files", (name, content)) for name, content in contents]

        case = self._send(files=files(("../../a/photo.exe", PNG)))
        attachment = case.message_ids.attachment_ids
        self.assertEqual(attachment.name, "photo.exe.png")
        self.assertEqual(attachment.mimetype, "image/png")
        for bad in (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
            b"<html><script>alert(1)</script></html>",
            b"PK\x03\x04" + b"\x00" * 100,
            b"MZ" + b"\x00" * 100,
            b"",
        ):
            with self.subTest(bad=bad[:10]):
                sent = files(("bill.png", bad))
                self.assertFalse(self._send(files=sent, email="x@else.example"))
                self.assertIn("pictures (PNG", self._text(self.response))
        many = files(*[("a.png", PNG)] * 6)
        self.assertFalse(self._send(files=many))
        self.assertIn("at most 5 files", self._text(self.response))
        self.env["ir.config_parameter"].set_param("crm_feedback.file_megabytes", 1)
        big = files(("a.png", PNG + b"\x00" * 1024 * 1024))
        self.assertFalse(self._send(files=big))
        self.assertIn("at most 1 MB", self._text(self.response))

    def test_an_order_is_found_for_its_customer_only(self):
        product = self.env["product.product"].create({"name": "Chair"})
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
        )
        self.assertFalse(self._send(order=order.name).order_id)
        self.assertFalse(self._send(order="%").order_id)
        case = self._send(order=order.name, email="carla@customer.example")
        self.assertEqual(case.order_id, order)
        self.assertEqual(order.with_user(self.agent).feedback_count, 1)

    def test_a_personal_link_writes_in_the_name_of_the_contact(self):
        path = self._path(self.contact._get_feedback_url())
        page = self.url_open(path)
        self.assertIn("Carla Contact", self._text(page))
        case = self._send(path, email="")
        self.assertEqual(case.partner_id, self.contact)
        self.assertFalse(case.is_unverified)
        self.contact.active = False
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_a_link_of_a_company_leads_to_it(self):
        other = self.env["res.company"].create({"name": "Other Inc"})
        case = self._send(self._path(other.feedback_url))
        self.assertEqual(case.company_id, other)
        token = other.feedback_url.rpartition("/")[2]
        for path in (f"/feedback/from/{token}", f"/feedback/to/{token[:-3]}"):
            self.assertEqual(self.url_open(path).status_code, 404)

    def test_the_log_forgets(self):
        log = self.env["crm.feedback.intake.log"]
        log.create({"key": "old", "date": "2020-01-01"})
        log._gc_old()
        self.assertFalse(log.search([("key", "=", "old")]))
