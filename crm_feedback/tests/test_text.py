import doctest

from odoo.tests import BaseCase, tagged

from ..tools import text


@tagged("post_install", "-at_install")
class TestText(BaseCase):
    def test_examples_hold(self):
        result = doctest.testmod(text)
        self.assertGreater(result.attempted, 2)
        self.assertEqual(result.failed, 0)
