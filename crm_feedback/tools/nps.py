"""What scores mean: scales, groups, and figures with how far they can be trusted.

Plain Python, no ORM. All intervals are two-sided and hold with 95 % confidence.
"""

from collections import namedtuple
from math import sqrt

from odoo.addons.crm_lifecycle.tools.share import Z, wilson

# kind: (lowest, highest, from here on satisfied, up to here unhappy)
SCALES = {
    "csat": (1, 5, 4, 2),
    "nps": (0, 10, 9, 6),
    "ces": (1, 7, 5, 3),
}
GROUPS = {
    "csat": ("unhappy", "neutral", "satisfied"),
    "nps": ("detractor", "passive", "promoter"),
    "ces": ("unhappy", "neutral", "satisfied"),
}

Figure = namedtuple("Figure", "value low high size")


def get_scores(kind):
    """The answers there are, from the worst to the best.

    >>> list(get_scores("csat"))
    [1, 2, 3, 4, 5]
    """
    low, high, _good, _bad = SCALES[kind]
    return range(low, high + 1)


def get_group(kind, score):
    """Where a score belongs.

    >>> get_group("nps", 0), get_group("nps", 8), get_group("csat", 4)
    ('detractor', 'passive', 'satisfied')
    """
    _low, _high, good, bad = SCALES[kind]
    return GROUPS[kind][(score > bad) + (score >= good)]


def get_points(kind, score):
    """+100, 0 or -100: the mean of these is promoters minus detractors.

    >>> get_points("nps", 0), get_points("nps", 7), get_points("nps", 10)
    (-100, 0, 100)
    """
    return (GROUPS[kind].index(get_group(kind, score)) - 1) * 100


def compute_nps(promoters, passives, detractors):
    """Net Promoter Score, in points from -100 to 100.

    The score is ``100 (p - d)``, with the shares ``p`` of promoters and ``d`` of
    detractors. The interval is the adjusted Wald interval: 3 answers are added, 3/4
    of them promoters and 3/4 detractors, and of the shares ``p'`` and ``d'`` then,
    ``(p' - d') ± z sqrt((p' + d' - (p' - d')²) / (n + 3))``. Source: B. Rocks,
    Interval Estimation for the "Net Promoter Score", The American Statistician 70(4),
    2016, 365-372; in these numbers J. Lewis and J. Sauro, measuringu.com, 2021.

    :return: :class:`Figure`, or ``None`` without answers

    >>> compute_nps(50, 30, 20)
    Figure(value=30.0, low=14.1, high=44.2, size=100)
    """
    size = promoters + passives + detractors
    if not size:
        return None
    total = size + 3
    good, bad = (promoters + 0.75) / total, (detractors + 0.75) / total
    margin = Z * sqrt((good + bad - (good - bad) ** 2) / total)
    value = 100 * (promoters - detractors) / size
    low, high = good - bad - margin, good - bad + margin
    return _figure(value, 100 * low, 100 * high, size, -100, 100)


def compute_share(hits, size):
    """A share in per cent, with Wilson's interval.

    :return: :class:`Figure`, or ``None`` without answers

    >>> compute_share(8, 10)
    Figure(value=80.0, low=49.0, high=94.3, size=10)
    """
    if not size:
        return None
    low, high = wilson(hits, size)
    return _figure(100 * hits / size, 100 * low, 100 * high, size, 0, 100)


def compute_mean(counts, lowest, highest):
    """The mean score, with the interval ``± z s / sqrt(n)``; none for one answer.

    :param dict counts: answers per score
    :return: :class:`Figure`, or ``None`` without answers

    >>> compute_mean({5: 2, 7: 2}, 1, 7)
    Figure(value=6.0, low=4.9, high=7, size=4)
    """
    size = sum(counts.values())
    if not size:
        return None
    mean = sum(score * count for score, count in counts.items()) / size
    if size == 1:
        return _figure(mean, lowest, highest, size, lowest, highest)
    squares = sum(count * (score - mean) ** 2 for score, count in counts.items())
    margin = Z * sqrt(squares / (size - 1) / size)
    return _figure(mean, mean - margin, mean + margin, size, lowest, highest)


def compute_figure(kind, counts):
    """The figure of a kind of survey: NPS in points, CSAT in per cent, CES as mean.

    :param dict counts: answers per score
    :return: :class:`Figure`, or ``None`` without answers

    >>> compute_figure("nps", {0: 1, 10: 1}).value
    0.0
    >>> compute_figure("csat", {})
    """
    if kind == "ces":
        lowest, highest, _good, _bad = SCALES[kind]
        return compute_mean(counts, lowest, highest)
    bad, neutral, good = (
        sum(count for score, count in counts.items() if get_group(kind, score) == group)
        for group in GROUPS[kind]
    )
    if kind == "nps":
        return compute_nps(good, neutral, bad)
    return compute_share(good, bad + neutral + good)


def _figure(value, low, high, size, lowest, highest):
    low, high = max(low, lowest), min(high, highest)
    return Figure(round(value, 1), round(low, 1), round(high, 1), size)
