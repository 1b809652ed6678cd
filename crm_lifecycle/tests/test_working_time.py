from datetime import date, datetime, timedelta, timezone

from odoo.tests import BaseCase

from ..tools.working_time import (
    ORIGIN,
    PERIOD_DAYS,
    AroundTheClock,
    Period,
    WorkingTime,
    get_consumed_hours,
    get_moment,
    get_period_dates,
)

MONDAY = datetime(2026, 4, 27)
HOUR = timedelta(hours=1)
WEEK = range(5)


def make(hours=((8, 12), (13, 17)), weekdays=WEEK, leaves=(), offset=0):
    """A calendar of a zone ``offset`` hours east, free on ``leaves``."""
    zone = timezone(timedelta(hours=offset))
    periods = {}

    def load(index):
        if index not in periods:
            first, last = get_period_dates(index)
            days = [first + timedelta(days=n) for n in range(PERIOD_DAYS)]
            days = [d for d in days if d.weekday() in weekdays and d not in leaves]
            midnight = timedelta(hours=-offset)
            intervals = [
                tuple(
                    datetime(day.year, day.month, day.day) + midnight + hour * HOUR
                    for hour in pair
                )
                for day in days
                for pair in hours
            ]
            periods[index] = Period(
                datetime(first.year, first.month, first.day) + midnight,
                datetime(last.year, last.month, last.day) + midnight,
                intervals,
                days,
                [(day, day, "Holiday") for day in leaves if first <= day < last],
            )
        return periods[index]

    return WorkingTime(load, zone)


class TestWorkingTime(BaseCase):
    def test_hours_are_added_over_breaks_nights_and_weekends(self):
        clock = make()
        for start, hours, end in (
            (MONDAY + 8 * HOUR, 1, MONDAY + 9 * HOUR),
            (MONDAY + 11 * HOUR, 2, MONDAY + 14 * HOUR),
            (MONDAY + 8 * HOUR, 4, MONDAY + 12 * HOUR),
            (MONDAY + 8 * HOUR, 8, MONDAY + 17 * HOUR),
            (MONDAY + 8 * HOUR, 8.5, MONDAY + 32.5 * HOUR),
            (MONDAY + 5 * 24 * HOUR, 1, MONDAY + (7 * 24 + 9) * HOUR),
            (MONDAY + (4 * 24 + 16) * HOUR, 24, MONDAY + (9 * 24 + 16) * HOUR),
            (MONDAY, 0, MONDAY),
            (MONDAY, -3, MONDAY),
        ):
            with self.subTest(start=start, hours=hours):
                self.assertEqual(clock.add_hours(start, hours), end)

    def test_adding_and_counting_are_inverse(self):
        clock = make(leaves=[date(2026, 5, 1), date(2026, 12, 25)])
        start = MONDAY + 9.25 * HOUR
        for step in range(1, 2500, 7):
            end = clock.add_hours(start, step / 3)
            self.assertAlmostEqual(clock.hours_between(start, end), step / 3, 3)

    def test_counting_backwards_is_nothing(self):
        self.assertEqual(make().hours_between(MONDAY + HOUR, MONDAY), 0)
        self.assertEqual(AroundTheClock().hours_between(MONDAY + HOUR, MONDAY), 0)

    def test_limits_longer_than_a_period_go_on(self):
        clock = make()
        end = clock.add_hours(MONDAY, 8 * 5 * 60)  # sixty weeks
        self.assertEqual(end, MONDAY + timedelta(weeks=59, days=4, hours=17))
        self.assertEqual(clock.hours_between(MONDAY, end), 2400)

    def test_moments_at_the_border_of_a_period_count_once(self):
        for offset in (14, 0, -11):
            clock = make(hours=((0, 24),), weekdays=range(7), offset=offset)
            border = datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day)
            border += timedelta(days=PERIOD_DAYS * 113)
            for step in range(-30, 31):
                start = border + step * HOUR
                with self.subTest(offset=offset, start=start):
                    self.assertEqual(clock.add_hours(start, 50), start + 50 * HOUR)
                    self.assertEqual(clock.hours_between(start, start + 50 * HOUR), 50)

    def test_no_working_time_is_said(self):
        for clock in (make(hours=()), make(weekdays=())):
            self.assertIsNone(clock.add_hours(MONDAY, 1))
            self.assertEqual(clock.hours_between(MONDAY, MONDAY + 99 * HOUR), 0)

    def test_a_limit_of_a_lifetime_ends(self):
        clock = make(hours=((9, 10),), weekdays=[0])
        self.assertIsNone(clock.add_hours(MONDAY, 5000))

    def test_leap_day_and_year_end(self):
        clock = make(hours=((0, 24),), weekdays=range(7))
        start = datetime(2028, 2, 28, 12)
        self.assertEqual(clock.add_hours(start, 24), datetime(2028, 2, 29, 12))
        start = datetime(2027, 12, 31, 23)
        self.assertEqual(clock.add_hours(start, 2), datetime(2028, 1, 1, 1))
        self.assertEqual(make().add_hours(start, 2), datetime(2028, 1, 3, 10))

    def test_around_the_clock(self):
        clock = AroundTheClock()
        self.assertEqual(clock.add_hours(MONDAY, 30), MONDAY + 30 * HOUR)
        self.assertEqual(clock.hours_between(MONDAY, MONDAY + 30 * HOUR), 30)

    def test_what_was_skipped_is_told(self):
        clock = make(leaves=[date(2026, 5, 1)], weekdays=(0, 1, 3, 4))
        skipped = clock.get_skipped(MONDAY, MONDAY + timedelta(days=7))
        self.assertEqual(skipped["weekend"], 2)
        self.assertEqual(skipped["days"], ["2026-04-29"])
        self.assertEqual(skipped["leaves"], [["2026-05-01", "2026-05-01", "Holiday"]])

    def test_the_day_is_that_of_the_calendar(self):
        clock = make(offset=10)
        sunday_evening = MONDAY - 4 * HOUR  # Monday, six o'clock there
        skipped = clock.get_skipped(sunday_evening, MONDAY + 2 * HOUR)
        self.assertEqual(skipped["weekend"], 0)


class TestPauses(BaseCase):
    def test_consumed_time_is_kept(self):
        clock = make()
        start = MONDAY + 8 * HOUR
        pauses = [[MONDAY + 10 * HOUR, MONDAY + 40 * HOUR]]  # until Tuesday 16:00
        self.assertEqual(get_moment(clock, start, pauses, 2.5), MONDAY + 40.5 * HOUR)
        self.assertEqual(get_moment(clock, start, pauses, 4), MONDAY + 57 * HOUR)
        self.assertEqual(
            get_consumed_hours(clock, start, pauses, MONDAY + 41 * HOUR), 3
        )
        self.assertEqual(
            get_consumed_hours(clock, start, pauses, MONDAY + 30 * HOUR), 2
        )

    def test_nothing_is_due_while_a_pause_lasts(self):
        clock = make()
        start = MONDAY + 8 * HOUR
        pauses = [[MONDAY + 10 * HOUR, None]]
        self.assertIsNone(get_moment(clock, start, pauses, 3))
        self.assertEqual(get_moment(clock, start, pauses, 1), MONDAY + 9 * HOUR)
        later = MONDAY + timedelta(days=90)
        self.assertEqual(get_consumed_hours(clock, start, pauses, later), 2)

    def test_any_pauses_add_up(self):
        clock = AroundTheClock()
        pauses = [
            [MONDAY + n * HOUR, MONDAY + (n + 0.5) * HOUR] for n in range(1, 2000)
        ]
        self.assertEqual(get_moment(clock, MONDAY, pauses, 1000), MONDAY + 1999 * HOUR)
        self.assertEqual(
            get_consumed_hours(clock, MONDAY, pauses, MONDAY + 1999 * HOUR), 1000
        )
