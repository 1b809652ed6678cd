"""A forecast by plain arithmetic, with its own past error. No look-ahead.

``values``: one number per month, the oldest first.
"""

from statistics import mean

LEAST = 12  # months that must be known
WINDOW = 6  # months the forecast looks at
TRIALS = 12  # past forecasts the error is measured on
SHARE = 0.8  # of the past errors that the interval covers


def trend(values, ahead):
    """The last value, and the mean change of the last months for each month ahead.

    >>> trend([1, 2, 3, 4, 5, 6, 7, 8], 2)
    10.0
    """
    known = values[-WINDOW - 1 :]
    return values[-1] + ahead * (known[-1] - known[0]) / (len(known) - 1)


def level(values, ahead):
    """The mean of the last months, however far ahead.

    >>> level([9, 1, 2, 3, 4, 5, 6], 3)
    3.5
    """
    return mean(values[-WINDOW:])


def errors(values, method, ahead):
    """How far past forecasts were off, each made from what was known then.

    >>> errors([1.0] * 8 + [3.0], level, 1)
    [0.0, 2.0]
    """
    first = max(WINDOW + 1, len(values) - ahead - TRIALS + 1)
    return [
        abs(values[end + ahead - 1] - method(values[:end], ahead))
        for end in range(first, len(values) - ahead + 1)
    ]


def forecast(values, method, months=3):
    """The months ahead.

    :return: list of ``(value, low, high, mean past error, number of past forecasts)``;
        empty below ``LEAST`` months

    >>> forecast([5.0] * 12, level, 1)
    [(5.0, 5.0, 5.0, 0.0, 5)]
    >>> forecast([5.0] * 11, level)
    []
    """
    if len(values) < LEAST:
        return []
    found = []
    for ahead in range(1, months + 1):
        value = max(method(values, ahead), 0)
        past = sorted(errors(values, method, ahead))
        margin = past[min(int(SHARE * len(past)), len(past) - 1)]
        low = max(value - margin, 0)
        found.append((value, low, value + margin, mean(past), len(past)))
    return found
