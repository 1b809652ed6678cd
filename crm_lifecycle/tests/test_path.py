from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestPath(LifecycleCommon):
    """Green, yellow or red: how the path shows the time a stay took."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        limit = cls.env["crm.sla.policy"].create(
            {"name": "Limit", "hours": 8, "counting": "always"}
        )
        cls.new.sudo().sla_policy_id = limit
        with freeze_time(NOW):
            cls.customer._lifecycle_move(cls.new)

    def _last_step(self, hours):
        with freeze_time(NOW + timedelta(hours=hours)):
            self.env.invalidate_all()
            return self.customer.with_user(self.seller).get_lifecycle_path()[-1]

    def test_stay_is_late_when_its_limit_has_passed(self):
        self.assertEqual(self._last_step(7)["status"], "now")
        self.assertEqual(self._last_step(9)["status"], "late")

    def test_stay_that_took_too_long_stays_marked(self):
        with freeze_time(NOW + timedelta(hours=9)):
            self.customer._lifecycle_move(self.active)
            self.customer._lifecycle_move(self.new)
        with freeze_time(NOW + timedelta(hours=10)):
            self.customer._lifecycle_move(self.active)
        path = self.customer.get_lifecycle_path()
        self.assertEqual({step["status"] for step in path[:-1]}, {"done"})
        labels = [[mark["label"] for mark in step["marks"]] for step in path]
        self.assertIn("Took too long", labels[0])
        self.assertNotIn("Took too long", labels[2])

    def test_long_path_costs_a_constant_number_of_queries(self):
        def count(moves):
            for number in range(moves):
                self.customer._lifecycle_move((self.active, self.new)[number % 2])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.customer.with_user(self.seller).get_lifecycle_path()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(2), count(20)
        self.assertLessEqual(many - few, 2, f"{few} {many}")
