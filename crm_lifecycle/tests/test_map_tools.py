import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.crm_lifecycle.tools import bottleneck, graph, share

JAM = {"key": "a", "count": 9, "arrived": 9, "left": 3, "people": 3, "late": 9}


@tagged("post_install", "-at_install")
class TestMapTools(BaseCase):
    def test_examples_in_the_documentation_hold(self):
        for module in (bottleneck, graph, share):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)

    def test_slow_stage_with_few_records_is_no_bottleneck(self):
        stage = {**JAM, "count": 2, "left": 0, "late": 2}
        self.assertIsNone(bottleneck.find_bottleneck([stage], 30))

    def test_longest_wait_decides_among_several(self):
        slow = {**JAM, "key": "slow", "left": 1}
        found = bottleneck.find_bottleneck([JAM, slow], 30)
        self.assertEqual(found["key"], "slow")
