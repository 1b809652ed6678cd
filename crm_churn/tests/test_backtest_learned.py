from odoo.tests import tagged
from odoo.tools import SQL

from .backtest_common import BacktestCommon


@tagged("post_install", "-at_install")
class TestBacktestLearned(BacktestCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers, cls.rows = cls._live(300)
        cls._buy_many(cls.rows)
        cls._new_signal("leaving", weight=80, limit_from=50, limit_full=100)

    def test_the_probability_is_learned_from_what_was_known(self):
        test = self._new_test(flag_level="watch")
        test.action_run()
        self.assertEqual(test.state, "done", test.message)
        self.assertGreater(test.leaving_auc, 0.7)
        self.assertGreater(test.leaving_lift, 1)
        tenths = test.line_ids.filtered(lambda line: line.kind == "leaving")
        self.assertEqual(len(tenths), 10)
        self.assertGreater(tenths[0].left_share, tenths[-1].left_share)
        self.assertFalse(self.env["crm.churn.model"].search([]), "nothing is kept")
        active, _words = test._learn_then()
        self.env.cr.execute(
            "DELETE FROM sale_order WHERE date_order > %s", [test._get_cut()]
        )
        self.assertEqual(test._learn_then()[0], active)

    def test_queries_do_not_grow_with_customers(self):
        self._new_signal("rhythm")
        self._new_signal("revenue")
        test = self._new_test()
        self.env.flush_all()
        with self.assertQueryCount(60):
            test.action_run()
        table = SQL("SELECT count(*) FROM crm_churn_backtest_row")
        self.assertEqual(self.env.execute_query(table)[0][0], test.customers)
