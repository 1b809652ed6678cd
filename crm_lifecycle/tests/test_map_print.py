from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@tagged("post_install", "-at_install")
class TestMapPrint(LifecycleCommon, HttpCase):
    """The page for paper."""

    def _open(self, user, svg=None, process=None):
        self.authenticate(user.login, user.login)
        url = f"/crm_lifecycle/process/{(process or self.process).id}/print"
        if svg is None:
            return self.url_open(url)
        token = Request.csrf_token(self)
        return self.url_open(url, {"svg": svg, "csrf_token": token, "days": "90"})

    def test_page_shows_the_drawing_as_a_picture_with_tables_and_a_code(self):
        self.new.sudo().video_url = "https://example.com/video"
        page = self._open(self.seller, SVG)
        self.assertEqual(page.status_code, 200)
        self.assertIn("data:image/svg+xml;base64,", page.text)
        self.assertNotIn("alert(1)", page.text)
        self.assertIn("New Customer", page.text)
        self.assertIn("RACI", page.text)
        self.assertEqual(page.text.count('alt="Code of the video or page"'), 1)

    def test_without_a_drawing_the_page_says_where_to_get_it(self):
        for svg in (None, "<b>no drawing</b>", "x" * 9_000_000):
            page = self._open(self.seller, svg)
            self.assertIn(f"/odoo/lifecycle-map/{self.process.id}", page.text)
            self.assertNotIn("no drawing", page.text)

    def test_others_processes_are_not_printed(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        process = self.process.copy({"name": "Of others", "company_id": other.id})
        self.assertEqual(self._open(self.seller, process=process).status_code, 404)
        outsider = self._new_user("outsider")
        self.assertEqual(self._open(outsider).status_code, 404)
