"""Whether conditions can hold at all: bounds and values of the same field together.

Only conditions that all have to hold are looked at; what is not understood
contradicts nothing.
"""

import re
from datetime import date, datetime

RELATIVE = re.compile(r"^(today|now)((?:\s*[+-]\s*\d+\s*[dwmyH])*)$")
STEP = re.compile(r"([+-])\s*(\d+)\s*([dwmyH])")
DAYS = {"d": 1, "w": 7, "m": 30.4, "y": 365.25, "H": 1 / 24}
BELOW, ABOVE = ("<", "<="), (">", ">=")


def find_contradiction(conditions):
    """A field of which the conditions ask what cannot be.

    :param conditions: iterable of ``(field, operator, value)``, all of which must hold
    :return: name of the field; ``None`` without a contradiction

    >>> find_contradiction([("a", ">", 5), ("a", "<", 3)])
    'a'
    >>> find_contradiction([("a", ">=", 3), ("a", "<=", 3)])
    >>> find_contradiction([("d", "<", "today -90d"), ("d", ">=", "today -30d")])
    'd'
    >>> find_contradiction([("s", "in", ["x"]), ("s", "=", "y")])
    's'
    >>> find_contradiction([("n", "=", 2), ("n", ">", 4)])
    'n'
    >>> find_contradiction([("b", "=", True), ("b", "!=", True)])
    'b'
    """
    by_field = {}
    for field, operator, value in conditions:
        by_field.setdefault(field, []).append((operator, value))
    return next(
        (field for field, asked in by_field.items() if _is_impossible(asked)), None
    )


def excludes(first, second):
    """Whether two lists of conditions can never hold for the same record.

    >>> excludes([("a", "<", 3)], [("a", ">=", 3)])
    True
    >>> excludes([("a", "<", 3)], [("b", ">=", 3)])
    False
    """
    return bool(find_contradiction([*first, *second]))


def _is_impossible(asked):
    allowed = _get_allowed(asked)
    if allowed is not None and not allowed:
        return True
    low, low_open, high, high_open = _get_bounds(asked)
    if low is not None and high is not None:
        if low > high or (low == high and (low_open or high_open)):
            return True
    values = [_measure(value) for value in allowed or ()]
    return bool(values) and all(
        value is not None
        and (
            (low is not None and (value < low or (value == low and low_open)))
            or (high is not None and (value > high or (value == high and high_open)))
        )
        for value in values
    )


def _get_allowed(asked):
    """The values that equality leaves; ``None`` when it is not asked for."""
    allowed = None
    for operator, value in asked:
        if operator in ("=", "in"):
            values = _as_set(value)
            allowed = values if allowed is None else allowed & values
    for operator, value in asked:
        if allowed is not None and operator in ("!=", "not in"):
            allowed -= _as_set(value)
    return allowed


def _as_set(value):
    values = value if isinstance(value, list | tuple | set) else [value]
    return {item for item in values if isinstance(item, str | int | float | bool)}


def _get_bounds(asked):
    low = high = None
    low_open = high_open = False
    for operator, value in asked:
        bound = _measure(value)
        if bound is None:
            continue
        if operator in ABOVE and (low is None or bound >= low):
            low_open = operator == ">" or (low_open and bound == low)
            low = bound
        if operator in BELOW and (high is None or bound <= high):
            high_open = operator == "<" or (high_open and bound == high)
            high = bound
    return low, low_open, high, high_open


def _measure(value):
    """A value as a number that can be compared; dates as days from today."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day) - datetime.now()).days
    if isinstance(value, str) and (match := RELATIVE.match(value.strip())):
        return sum(
            float(f"{sign}{number}") * DAYS[unit]
            for sign, number, unit in STEP.findall(match[2])
        )
    return None
