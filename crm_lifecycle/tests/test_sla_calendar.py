import random
from datetime import datetime, timedelta

import pytz

from odoo.tests import tagged
from odoo.tests.common import TransactionCase

WEEK = range(5)
SHIFTS = {
    "office": [(8, 12), (13, 17)],
    "long": [(0, 24)],
    "night": [(0, 3), (22, 24)],
    "odd": [(1.5, 3.25), (9.1, 9.9)],
}


@tagged("post_install", "-at_install")
class TestSlaCalendar(TransactionCase):
    """Our arithmetic gives what Odoo's ``plan_hours`` gives, much faster."""

    def _new_calendar(self, tz, shifts="office", weekdays=WEEK, **values):
        return self.env["resource.calendar"].create(
            {
                "name": f"{shifts} in {tz}",
                "tz": tz,
                "attendance_ids": [
                    (5, 0, 0),
                    *(
                        (
                            0,
                            0,
                            {
                                "name": "Work",
                                "dayofweek": str(day),
                                "hour_from": begin,
                                "hour_to": end,
                                "day_period": "morning",
                            },
                        )
                        for day in weekdays
                        for begin, end in SHIFTS[shifts]
                    ),
                ],
                **values,
            }
        )

    def _new_leave(self, calendar, first, last, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    def _get_clock(self, calendar):
        return calendar._lifecycle_get_working_time(self.env.company)

    def _assert_like_odoo(self, calendar, start, hours):
        expected = calendar.plan_hours(
            hours, pytz.utc.localize(start), compute_leaves=True
        )
        clock = self._get_clock(calendar)
        found = clock.add_hours(start, hours)
        with self.subTest(calendar=calendar.name, start=start, hours=hours):
            expected = expected.astimezone(pytz.utc).replace(tzinfo=None)
            # Odoo's rounding may take a millionth of a second into the next morning
            between = clock.hours_between(found, expected)
            between += clock.hours_between(expected, found)
            self.assertLess(between * 3600, 1)

    def test_random_limits_are_due_when_odoo_says(self):
        chance = random.Random(3)
        for tz in (
            "UTC",
            "Europe/Brussels",
            "America/New_York",
            "Pacific/Kiritimati",  # UTC+14
            "Pacific/Pago_Pago",  # UTC-11
            "Asia/Kathmandu",
            "Australia/Lord_Howe",  # half an hour of summer time
        ):
            for shifts in SHIFTS:
                calendar = self._new_calendar(tz, shifts)
                self._new_leave(calendar, "2026-05-01 06:00:00", "2026-05-01 10:30:00")
                self._new_leave(calendar, "2026-12-23 00:00:00", "2027-01-02 23:00:00")
                for _number in range(12):
                    start = datetime(2026, 1, 1) + timedelta(
                        minutes=chance.randrange(2 * 525600)
                    )
                    hours = chance.choice((0.25, 1, 7.75, 8, 24, 40, 333.3))
                    self._assert_like_odoo(calendar, start, hours)

    def test_summer_time_begins_and_ends(self):
        for shifts in SHIFTS:
            calendar = self._new_calendar("Europe/Brussels", shifts, range(7))
            for day in (datetime(2026, 3, 28, 20), datetime(2026, 10, 24, 20)):
                for step in range(14):
                    self._assert_like_odoo(calendar, day + timedelta(hours=step), 9)

    def test_leap_day_and_year_end(self):
        calendar = self._new_calendar("America/New_York", "office", range(7))
        for start in (datetime(2028, 2, 28, 20), datetime(2027, 12, 31, 23, 59)):
            for hours in (1, 8, 17):
                self._assert_like_odoo(calendar, start, hours)

    def test_calendars_of_two_weeks(self):
        calendar = self._new_calendar("Europe/Brussels")
        calendar.switch_calendar_type()
        calendar.attendance_ids.filtered(
            lambda a: a.week_type == "1" and a.dayofweek in "01"
        ).unlink()
        for days in range(0, 40, 3):
            start = datetime(2026, 6, 1, 9, 30) + timedelta(days=days)
            self._assert_like_odoo(calendar, start, 30)

    def test_flexible_calendars_count_their_hours_per_day(self):
        calendar = self._new_calendar(
            "Europe/Brussels",
            flexible_hours=True,
            full_time_required_hours=40,
            hours_per_day=8,
        )
        clock = self._get_clock(calendar)
        start = datetime(2026, 6, 1, 0)
        self.assertEqual(clock.hours_between(start, start + timedelta(days=28)), 160)
        self.assertTrue(clock.add_hours(start, 500))

    def test_leaves_of_one_person_or_another_company_do_not_count(self):
        company = self.env.company
        other = self.env["res.company"].create({"name": "Other"})
        calendar = self._new_calendar("UTC")
        resource = self.env["resource.resource"].create(
            {"name": "One of us", "calendar_id": calendar.id}
        )
        monday = datetime(2026, 6, 1)
        clock = self._get_clock(calendar)
        span = (monday, monday + timedelta(days=1))
        self.assertEqual(clock.hours_between(*span), 8)
        self._new_leave(calendar, *span, resource_id=resource.id)
        self.assertEqual(clock.hours_between(*span), 8)
        leaves = self.env["resource.calendar.leaves"]
        values = {"name": "x", "date_from": span[0], "date_to": span[1]}
        leave = leaves.with_company(other).create(values)
        leave.company_id = other
        self.assertEqual(clock.hours_between(*span), 8)
        leave.company_id = company
        self._new_leave(calendar, *span)
        self.assertEqual(clock.hours_between(*span), 0, "known at once")

    def test_calendars_without_hours_are_answered_at_once(self):
        calendar = self._new_calendar("UTC", weekdays=())
        self.assertIsNone(self._get_clock(calendar).add_hours(datetime(2026, 1, 1), 1))
        calendar = self._new_calendar("UTC", "long", range(7))
        self._new_leave(calendar, "2020-01-01 00:00:00", "2050-01-01 00:00:00")
        self.assertIsNone(self._get_clock(calendar).add_hours(datetime(2026, 1, 1), 1))

    def test_hours_are_read_once(self):
        clock = self._get_clock(self._new_calendar("Asia/Shanghai"))
        start = datetime(2026, 1, 5, 3)
        clock.add_hours(start, 800)
        with self.assertQueryCount(0):
            for days in range(150):
                clock.add_hours(start + timedelta(days=days), 8)
