"""Differences of shares with their intervals, in plain Python.

Source: Newcombe, Interval estimation for the difference between independent
proportions, Statistics in Medicine 17 (1998), method 10.
"""

from math import sqrt

from odoo.addons.crm_lifecycle.tools.share import wilson


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
