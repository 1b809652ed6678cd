from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .backtest_common import CUT, BacktestFallen
from .purchase_common import END


@tagged("post_install", "-at_install")
class TestBacktestAccess(BacktestFallen):
    def test_who_may_do_what(self):
        test = self._new_test()
        other = self._new_test(company_id=self.other_company.id)
        employee = self._new_user("employee")
        expected = {
            employee: (False, False, False, False),
            self.seller: (True, False, False, False),
            self.leader: (True, True, True, False),
            self.manager: (True, True, True, True),
        }
        for user, rights in expected.items():
            model = self.Test.with_user(user)
            found = tuple(
                model.has_access(operation)
                for operation in ("read", "write", "create", "unlink")
            )
            self.assertEqual(found, rights, user.login)
        self.assertNotIn(other, self.Test.with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            test.with_user(self.seller).action_run()
        test.with_user(self.leader).action_run()
        self.assertEqual(test.with_user(self.seller).customers, 100)
        with self.assertRaises(AccessError):
            test.signal_ids.with_user(self.leader).action_apply()

    def test_what_has_run_stays_as_it_was(self):
        test = self._new_test().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "of the run alone"):
            test.precision = 1
        with self.assertRaisesRegex(UserError, "of the run alone"):
            test.signal_ids.flagged = 3
        test.action_run()
        for change in ({"date": END.date()}, {"signal_ids": [(5, 0, 0)]}):
            with self.assertRaisesRegex(UserError, "Try Other Limits"):
                test.write(change)
        with self.assertRaisesRegex(UserError, "Try Other Limits"):
            test.signal_ids.limit_from = 9
        with self.assertRaisesRegex(UserError, "Try Other Limits"):
            test.signal_ids.unlink()
        test.name = "Another name"
        test.unlink()

    def test_from_a_signal_that_is_switched_off(self):
        self.rhythm.active = False
        action = self.rhythm.with_user(self.manager).action_backtest()
        form = Form(self.Test.with_user(self.manager).with_context(**action["context"]))
        form.date = CUT
        form.horizon_days = 90
        test = form.save()
        self.assertEqual(test.signal_ids.signal_id, self.rhythm)
        test.action_run()
        self.assertEqual(test.flagged, 40)
        self.assertFalse(self.rhythm.active)

    def test_the_context_of_a_client_changes_no_facts(self):
        metrics = self.env["crm.customer.metrics"]
        cut = str(self._day(-300))
        forged = metrics.with_context(churn_known=[cut, True])
        sources = metrics._get_purchase_sources()
        self.assertEqual(forged._union(sources), metrics._union(sources))
