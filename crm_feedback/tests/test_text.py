import doctest

from odoo.tests import BaseCase, tagged

from ..tools import text, upload


@tagged("post_install", "-at_install")
class TestText(BaseCase):
    def test_examples_hold(self):
        for module in (text, upload):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 1)
            self.assertEqual(result.failed, 0)
