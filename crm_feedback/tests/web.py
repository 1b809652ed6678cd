import base64

from lxml import html

from odoo import http
from odoo.tests import HttpCase

from .common import FeedbackCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class FeedbackWeb(FeedbackCommon, HttpCase):
    """Public pages, as visitors use them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact.email = "carla@customer.example"

    def _path(self, url):
        return url[url.index("/feedback") :]

    def _post(self, path, token=True, files=None, user=None, **values):
        """Send a form; as a stranger, or as a user who is logged in."""
        self.authenticate(user and user.login, user and user.login)
        if token:
            values["csrf_token"] = http.Request.csrf_token(self)
        return self.url_open(path, data=values, files=files)

    def _text(self, response):
        page = html.fromstring(response.content)
        for script in page.xpath("//script"):
            script.drop_tree()
        return " ".join(page.text_content().split())

    def _mails(self, feedback):
        return self.env["mail.mail"].search(
            [("model", "=", "crm.feedback"), ("res_id", "=", feedback.id)]
        )
