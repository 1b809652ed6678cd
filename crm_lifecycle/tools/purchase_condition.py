"""Conditions on purchases, read so that they can be replayed over the past.

An automatic move whose condition only asks how many purchases there are and how
long ago they were can be evaluated for any past day. This module recognises such
conditions; everything else is left to the nightly run, which knows the present only.
"""

import re
from typing import NamedTuple

RELATIVE_DAY = re.compile(r"^today(?: -(\d+)d)?$")
MAX_COUNT = 2147483647


class PurchaseCondition(NamedTuple):
    """When a condition holds; days are whole days before today, ``None`` is any."""

    count_min: int = 0
    count_max: int = MAX_COUNT
    silent_days: int | None = None  # last purchase more than n days ago
    recent_days: int | None = None  # last purchase at most n days ago
    known_days: int | None = None  # first purchase more than n days ago
    new_days: int | None = None  # first purchase at most n days ago


def parse_purchase_condition(domain):
    """Read a domain that is a conjunction of conditions on purchases.

    :param list domain: leaves in prefix notation, as ``list(Domain(…))`` gives them
    :return: :class:`PurchaseCondition`, ``None`` when the domain asks anything else

    >>> parse_purchase_condition([("lifecycle_purchase_count", ">=", 2)]).count_min
    2
    >>> last = "lifecycle_last_purchase_date"
    >>> parse_purchase_condition([(last, "<", "today -90d")]).silent_days
    90
    >>> parse_purchase_condition([(last, ">=", "today -90d")]).recent_days
    90
    >>> parse_purchase_condition([("name", "=", "x")]) is None
    True
    """
    condition = PurchaseCondition()
    for leaf in domain:
        if leaf == "&":
            continue
        values = _parse_leaf(leaf) if isinstance(leaf, (tuple, list)) else None
        if values is None:
            return None
        condition = _narrow(condition, values)
    return condition


def _parse_leaf(leaf):
    field, operator, value = leaf
    if field == "lifecycle_purchase_count":
        return _parse_count(operator, value)
    days = RELATIVE_DAY.match(value) if isinstance(value, str) else None
    if not days:
        return None
    number = int(days[1] or 0)
    names = {
        ("lifecycle_last_purchase_date", "<"): "silent_days",
        ("lifecycle_last_purchase_date", ">="): "recent_days",
        ("lifecycle_first_purchase_date", "<"): "known_days",
        ("lifecycle_first_purchase_date", ">="): "new_days",
    }
    name = names.get((field, operator))
    return name and {name: number}


def _parse_count(operator, value):
    if not isinstance(value, int):
        return None
    return {
        ">=": {"count_min": value},
        ">": {"count_min": value + 1},
        "<=": {"count_max": value},
        "<": {"count_max": value - 1},
        "=": {"count_min": value, "count_max": value},
    }.get(operator)


def _narrow(condition, values):
    """Both conditions at once."""
    merged = condition._asdict()
    for name, value in values.items():
        known = merged[name]
        pick = max if name in ("count_min", "silent_days", "known_days") else min
        merged[name] = value if known is None else pick(known, value)
    return PurchaseCondition(**merged)
