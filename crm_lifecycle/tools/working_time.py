"""Working hours as arithmetic: adding them to a moment, counting them between two.

Knows nothing of Odoo. All moments are naive UTC. A calendar is cut into periods of
equal length, numbered from an origin; a loader returns each with its working
intervals, and may keep them, so that no length of a limit is asked for twice.
"""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, timedelta, timezone
from itertools import accumulate

ORIGIN = date(1970, 1, 5)  # a Monday
PERIOD_DAYS = 182  # whole weeks, an even number of them
MAX_PERIODS = 20  # ten years: who has no time by then has none
TOLERANCE = 1e-3  # seconds
WEEKEND = 5  # Saturday, as date.weekday() counts


def get_period_dates(index):
    """First day of a period and of the next one, in the calendar's time zone."""
    first = ORIGIN + timedelta(days=index * PERIOD_DAYS)
    return first, first + timedelta(days=PERIOD_DAYS)


class Period:
    """The working intervals of one stretch of time.

    :param datetime start: where the stretch begins
    :param datetime end: where the next one begins
    :param intervals: sorted pairs of moments
    :param workdays: local dates on which there is work
    :param leaves: tuples of first and last local date and name
    """

    __slots__ = ("end", "ends", "leaves", "start", "starts", "totals", "workdays")

    def __init__(self, start, end, intervals, workdays=(), leaves=()):
        self.start, self.end = start, end
        self.starts = [begin for begin, _end in intervals]
        self.ends = [finish for _begin, finish in intervals]
        lengths = ((stop - begin).total_seconds() for begin, stop in intervals)
        self.totals = list(accumulate(lengths))
        self.workdays = frozenset(workdays)
        self.leaves = tuple(leaves)

    @property
    def total(self):
        """Seconds of work in the whole period."""
        return self.totals[-1] if self.totals else 0

    def seconds_until(self, moment):
        """Seconds of work from the beginning of the period until ``moment``."""
        position = bisect_right(self.starts, moment) - 1
        if position < 0:
            return 0
        end = self.ends[position]
        return self.totals[position] - (end - min(moment, end)).total_seconds()

    def moment_at(self, seconds):
        """When so many seconds of work are done; at most :attr:`total`."""
        position = bisect_left(self.totals, seconds - TOLERANCE)
        return self.ends[position] - timedelta(seconds=self.totals[position] - seconds)


class AroundTheClock:
    """Every hour is a working hour."""

    def add_hours(self, start, hours):
        """See :meth:`WorkingTime.add_hours`."""
        return start + timedelta(hours=max(hours, 0))

    def hours_between(self, start, end):
        """See :meth:`WorkingTime.hours_between`."""
        return max((end - start).total_seconds(), 0) / 3600

    def get_skipped(self, start, end):
        """See :meth:`WorkingTime.get_skipped`."""
        return {"weekend": 0, "days": [], "leaves": []}


class WorkingTime:
    """The working hours of a calendar.

    :param load: function of a period's number that returns a :class:`Period`
    :param tzinfo zone: time zone of the calendar, says which day a moment belongs to
    """

    def __init__(self, load, zone=timezone.utc):
        self._load = load
        self._zone = zone

    def _find(self, moment):
        """Number of the period a moment lies in."""
        index = (moment.date() - ORIGIN).days // PERIOD_DAYS
        # where a period begins depends on the time zone
        while moment < self._load(index).start:
            index -= 1
        while moment >= self._load(index).end:
            index += 1
        return index

    def add_hours(self, start, hours):
        """The moment at which ``hours`` of work are done.

        :param datetime start: naive UTC; also the answer when nothing is to be done
        :param float hours: working hours
        :return: naive UTC, whole seconds; ``None`` when there is not so much work
            within ten years
        """
        if hours <= 0:
            return start
        first = self._find(start)
        needed = hours * 3600 + self._load(first).seconds_until(start)
        for index in range(first, first + MAX_PERIODS):
            period = self._load(index)
            if period.totals and needed <= period.total + TOLERANCE:
                return _round(period.moment_at(min(needed, period.total)))
            needed -= period.total
        return None

    def hours_between(self, start, end):
        """Working hours from ``start`` to ``end``, zero when that is earlier."""
        if end <= start:
            return 0
        first, last = self._find(start), self._find(end)
        seconds = self._load(last).seconds_until(end)
        seconds -= self._load(first).seconds_until(start)
        seconds += sum(self._load(index).total for index in range(first, last))
        return seconds / 3600

    def get_skipped(self, start, end):
        """What lies between two moments and is not worked on, to be told to people.

        :return: dict of ``weekend`` (number of free days at weekends), ``days``
            (other dates without work, ISO) and ``leaves`` (lists of first date, last
            date and name)
        """
        first, last = self._get_day(start), self._get_day(end)
        periods = [self._load(i) for i in range(self._find(start), self._find(end) + 1)]
        leaves = sorted(
            {
                leave
                for period in periods
                for leave in period.leaves
                if leave[0] <= last and leave[1] >= first
            }
        )
        worked = frozenset().union(*(period.workdays for period in periods))
        idle = [
            day
            for day in _get_days(first, last)
            if day not in worked and not any(a <= day <= b for a, b, _name in leaves)
        ]
        return {
            "weekend": sum(day.weekday() >= WEEKEND for day in idle),
            "days": [day.isoformat() for day in idle if day.weekday() < WEEKEND],
            "leaves": [[a.isoformat(), b.isoformat(), name] for a, b, name in leaves],
        }

    def _get_day(self, moment):
        return moment.replace(tzinfo=timezone.utc).astimezone(self._zone).date()


def get_consumed_hours(clock, start, pauses, now):
    """Hours that counted from ``start`` until ``now``.

    :param clock: :class:`WorkingTime` or :class:`AroundTheClock`
    :param pauses: sorted pairs of moments; the last may end with ``None``
    """
    hours, cursor = 0, start
    for begin, end in pauses:
        hours += clock.hours_between(cursor, min(begin, now))
        cursor = end
        if end is None or end >= now:
            return hours
    return hours + clock.hours_between(cursor, now)


def get_moment(clock, start, pauses, hours):
    """When ``hours`` have been counted, a pure function of what happened.

    :param clock: :class:`WorkingTime` or :class:`AroundTheClock`
    :param pauses: as in :func:`get_consumed_hours`
    :return: naive UTC; ``None`` while a pause lasts, and when there is no such time
    """
    cursor = start
    for begin, end in pauses:
        counted = clock.hours_between(cursor, begin)
        if counted * 3600 >= hours * 3600 - TOLERANCE:
            return clock.add_hours(cursor, hours)
        if end is None:
            return None
        hours, cursor = hours - counted, end
    return clock.add_hours(cursor, hours)


def _get_days(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _round(moment: datetime):
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
