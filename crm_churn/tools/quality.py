"""How good a prediction was: ranking, level, and baselines to beat. Plain Python.

``scores``: the higher, the more likely the outcome. ``outcomes``: 0 or 1.
"""

from bisect import bisect_left


def auc(scores, outcomes):
    """The share of pairs in the right order; 0.5 is chance. Ties count half.

    Source: Hanley and McNeil, Radiology 143 (1982).

    >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    order = sorted(range(len(scores)), key=scores.__getitem__)
    positives = sum(outcomes)
    negatives = len(outcomes) - positives
    if not positives or not negatives:
        return 0.5
    total, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        rank = (start + 1 + end) / 2
        total += rank * sum(outcomes[order[k]] for k in range(start, end))
        start = end
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def average_precision(scores, outcomes):
    """Precision averaged over the ranks of the outcomes, equal scores together.

    >>> round(average_precision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]), 4)
    0.8333
    """
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    positives = sum(outcomes)
    total = seen = hits = 0
    while seen < len(order):
        end, found = seen, 0
        while end < len(order) and scores[order[end]] == scores[order[seen]]:
            found += outcomes[order[end]]
            end += 1
        hits += found
        total += found * hits / end
        seen = end
    return total / positives if positives else 0.0


def lift(scores, outcomes, share=0.1):
    """How much more often it happens to the first tenth than to everybody.

    >>> lift([4, 3, 2, 1], [1, 0, 1, 0], 0.25)
    2.0
    """
    count = max(round(len(scores) * share), 1)
    order = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
    base = sum(outcomes) / len(outcomes)
    return sum(outcomes[k] for k in order[:count]) / count / base if base else 0.0


def brier(shares, outcomes):
    """The mean squared error of probabilities (Brier, 1950).

    >>> brier([1.0, 0.5], [1, 0])
    0.125
    """
    pairs = zip(shares, outcomes, strict=True)
    return sum((share - outcome) ** 2 for share, outcome in pairs) / len(shares)


def calibration(shares, outcomes, bins=10):
    """What was predicted and what happened, by tenths of the predictions.

    :return: list of ``(mean prediction, share that happened, number)``
    """
    pairs = sorted(zip(shares, outcomes, strict=True))
    table = []
    for place in range(bins):
        part = pairs[place * len(pairs) // bins : (place + 1) * len(pairs) // bins]
        if part:
            count = len(part)
            table.append(
                (
                    sum(p for p, _o in part) / count,
                    sum(o for _p, o in part) / count,
                    count,
                )
            )
    return table


def calibration_error(table):
    """The mean distance between predicted and happened."""
    total = sum(number for *_means, number in table)
    return sum(abs(said - was) * n for said, was, n in table) / total if total else 0.0


def fifths(values):
    """Which fifth each value is in, 1 to 5; equal values are in the same."""
    ordered = sorted(values)
    count = len(ordered)
    return [min(5 * bisect_left(ordered, value) // count, 4) + 1 for value in values]


def rfm(customers):
    """The classic baseline: the sum of the fifths, turned to “the higher the worse”.

    :param customers: of ``(recency, frequency, money)``
    """
    recency, frequency, money = zip(*customers, strict=True)
    return [
        r - f - m
        for r, f, m in zip(
            fifths(recency), fifths(frequency), fifths(money), strict=True
        )
    ]
