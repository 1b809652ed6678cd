from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW
from .draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestReview(DraftCommon):
    """A process is looked at again: planned, reminded of, held, decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft.team_ids = cls.team
        with freeze_time(NOW):
            cls.draft.action_publish()
        cls.review = cls.draft.review_ids

    def _activity(self, review):
        kind = self.env.ref("crm_lifecycle.mail_activity_type_review")
        return review.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_publishing_plans_the_full_review_in_half_a_year(self):
        self.assertEqual(self.review.kind, "full")
        self.assertEqual(self.review.date, date(2026, 9, 2))
        self.assertEqual(self.review.user_id, self.manager)
        activity = self._activity(self.review)
        self.assertEqual(activity.date_deadline, date(2026, 9, 2))
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(self.draft.next_review_date, date(2026, 9, 2))

    def test_another_date_or_person_moves_the_reminder(self):
        self.review.write({"date": "2026-05-04", "user_id": self.leader.id})
        activity = self._activity(self.review)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.date_deadline, date(2026, 5, 4))
        self.assertEqual(activity.user_id, self.leader)

    def test_new_owner_of_the_process_holds_what_is_still_to_come(self):
        with freeze_time(NOW):
            self.review.action_hold()
        ahead = self.draft.review_ids.filtered(lambda r: r.state == "planned")
        self.draft.user_id = self.leader
        self.assertEqual(ahead.user_id, self.leader)
        self.assertEqual(self._activity(ahead).user_id, self.leader)
        self.assertEqual(self.review.user_id, self.manager, "who held it")
        self.draft.user_id = False
        self.assertFalse(ahead.user_id, "nobody is asked who does not own it")
        self.assertFalse(self._activity(ahead))

    def test_review_is_overdue_the_day_after(self):
        for day, overdue in (("2026-09-02", False), ("2026-09-03", True)):
            with self.subTest(day=day), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(self.review.is_overdue, overdue)
                self.assertEqual(self.draft.is_review_overdue, overdue)
                found = self.env["crm.lifecycle.review"].search(
                    [("is_overdue", "=", True), ("process_id", "=", self.draft.id)]
                )
                self.assertEqual(bool(found), overdue)

    def test_held_review_keeps_its_decisions_and_plans_the_next(self):
        review = self.review.with_user(self.manager)
        review.decisions = "<p>Drop the third stage.</p>"
        with freeze_time("2026-08-20 09:00:00"):
            review.action_hold()
        self.assertEqual(self.review.state, "held")
        self.assertFalse(self._activity(self.review))
        following = self.draft.review_ids.filtered(lambda r: r.state == "planned")
        self.assertEqual(following.date, date(2027, 2, 20))
        with self.assertRaises(UserError):
            review.action_hold()

    def test_whole_rhythm_is_planned_by_one_button_and_only_once(self):
        with freeze_time(NOW):
            self.draft.with_user(self.manager).action_plan_reviews()
            self.draft.with_user(self.manager).action_plan_reviews()
        planned = {review.kind: review.date for review in self.draft.review_ids}
        self.assertEqual(len(self.draft.review_ids), 4)
        self.assertEqual(planned["monthly"], date(2026, 4, 2))
        self.assertEqual(planned["quarterly"], date(2026, 6, 2))
        self.assertEqual(planned["yearly"], date(2027, 3, 2))

    def test_cancelled_review_reminds_nobody(self):
        self.review.action_cancel()
        self.assertFalse(self._activity(self.review))
        self.assertFalse(self.draft.next_review_date)
