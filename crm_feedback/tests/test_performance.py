from odoo.tests import tagged

from .common import FeedbackCommon


@tagged("post_install", "-at_install")
class TestPerformance(FeedbackCommon):
    def _count(self, call):
        """How many queries ``call`` takes, the caches being warm."""
        self.env.flush_all()
        start = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def _create(self, count):
        model = self.env["crm.feedback"].with_user(self.agent)
        return model.create(
            [
                {"name": f"Chair {number}", "partner_id": self.contact.id}
                for number in range(count)
            ]
        )

    def test_recording_many_costs_little_more_than_their_numbers(self):
        self._create(2)  # warm
        few = self._count(lambda: self._create(10))
        many = self._count(lambda: self._create(100))
        self.assertLessEqual(
            (many - few) / 90, 5, f"{few} queries for 10, {many} for 100"
        )

    def test_recording_many_for_a_colleague_adds_a_notification_each(self):
        self.customer.user_id = self.contact.user_id = self.colleague
        self._create(2)  # warm
        few = self._count(lambda: self._create(10))
        many = self._count(lambda: self._create(100))
        self.assertLessEqual((many - few) / 90, 20, f"{few} for 10, {many} for 100")

    def test_handing_over_costs_a_message_and_a_tracking_each(self):
        few, many = self._create(10), self._create(100)
        (few[:1]).write({"user_id": self.leader.id})  # warm
        user = {"user_id": self.colleague.id}
        small = self._count(lambda: few.with_user(self.leader).write(user))
        large = self._count(lambda: many.with_user(self.leader).write(user))
        self.assertLessEqual(
            (large - small) / 90, 14, f"{small} for 10, {large} for 100"
        )

    def test_closing_many_does_not_grow(self):
        few, many = self._create(10), self._create(100)
        for records in (few, many):
            records.write({"solution": "Done.", **self._end({})})
            records.action_solve()
        few[0].action_close()  # warm
        small = self._count(few[1:].action_close)
        large = self._count(many.action_close)
        self.assertLessEqual(large, small + 5)
