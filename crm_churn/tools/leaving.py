"""What the probability of leaving is learned from: one customer in six numbers.

Times are in weeks: ``x`` repeat purchases, the last at ``tx``, observed for ``T``.
The same formulas are in SQL in ``crm_churn_model_apply.py``; a test compares them.
"""

from math import log, log1p
from statistics import median
from typing import NamedTuple

from . import mbg
from .logistic import logit

NAMES = ("recency", "frequency", "tenure", "rhythm", "revenue", "alive")


class Past(NamedTuple):
    """One customer as it was known at a moment, and what came of it."""

    x: int
    tx: float
    T: float
    revenue: float
    left: int = 0


def typical_gap(customers):
    """The median of the usual intervals, for those who bought once.

    >>> typical_gap([Past(2, 8.0, 10.0, 5.0), Past(0, 0.0, 3.0, 5.0)])
    4.0
    """
    gaps = [c.tx / c.x for c in customers if c.x and c.tx > 0]
    return median(gaps) if gaps else 4.0


def features(customer, gap, params, weeks):
    """The six numbers of one customer, see ``NAMES``.

    :param float gap: :func:`typical_gap`
    :param params: of :mod:`mbg`
    :param float weeks: the horizon
    """
    x, tx, T, revenue = customer[:4]
    recency = max(T - tx, 0.0)
    rhythm = (tx + 2 * gap) / (x + 2)
    return [
        log1p(recency),
        log1p(x),
        log1p(max(T, 0.0)),
        log1p(recency / rhythm),
        log(max(revenue, 0.0) + 1),
        logit(mbg.none_within(params, x, tx, max(T, tx), weeks)),
    ]
