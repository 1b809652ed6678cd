"""Differences of shares with their intervals, in plain Python.

Source: Newcombe, Interval estimation for the difference between independent
proportions, Statistics in Medicine 17 (1998), method 10; Wilson, JASA 22 (1927).
"""

from math import sqrt

Z = 1.959964  # 95 percent


def wilson(hits, total, z=Z):
    """The interval of a share.

    >>> [round(v, 3) for v in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not total:
        return 0.0, 1.0
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (centre - spread) / scale, (centre + spread) / scale


def difference(hits, total, other_hits, other_total):
    """The difference of two shares and its interval: ``(value, low, high)``.

    >>> [round(v, 4) for v in difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    one, other = hits / total, other_hits / other_total
    low, high = wilson(hits, total)
    other_low, other_high = wilson(other_hits, other_total)
    value = one - other
    return (
        value,
        value - sqrt((one - low) ** 2 + (other_high - other) ** 2),
        value + sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )
