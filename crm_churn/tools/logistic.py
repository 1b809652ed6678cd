"""Logistic regression by iteratively reweighted least squares, in plain Python.

Odoo hosts have no numpy. Source: McCullagh and Nelder, Generalized Linear Models
(1989), ch. 4; the ridge on standardised features is that of le Cessie and van
Houwelingen, Ridge Estimators in Logistic Regression (1992).
"""

from math import exp, log, sqrt

LIMIT = 700.0  # beyond, exp() overflows
STEPS = 25
TOLERANCE = 1e-8


def sigmoid(value):
    """The probability of a log-odds; safe for any number.

    >>> sigmoid(0), sigmoid(-10000), sigmoid(10000)
    (0.5, 0.0, 1.0)
    """
    if value >= 0:
        return 1.0 / (1.0 + exp(-min(value, LIMIT)))
    return exp(max(value, -LIMIT)) / (1.0 + exp(max(value, -LIMIT))) * (value > -LIMIT)


def logit(share):
    """The log-odds of a probability, kept away from 0 and 1.

    >>> round(logit(0.5), 6), round(logit(0), 1)
    (0.0, -13.8)
    """
    share = min(max(share, 1e-6), 1 - 1e-6)
    return log(share / (1 - share))


def solve(matrix, vector):
    """Solve linear equations by Gaussian elimination with pivots.

    >>> solve([[2.0, 0.0], [1.0, 1.0]], [4.0, 5.0])
    [2.0, 3.0]
    """
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        divisor = rows[column][column] or 1e-12
        for other in range(column + 1, size):
            factor = rows[other][column] / divisor
            if factor:
                for k in range(column, size + 1):
                    rows[other][k] -= factor * rows[column][k]
    result = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][k] * result[k] for k in range(row + 1, size))
        result[row] = (rows[row][size] - known) / (rows[row][row] or 1e-12)
    return result


def standardise(features):
    """Mean and spread of each feature; a constant one has the spread 1.

    :param features: list of equally long lists
    """
    count = len(features)
    means = [sum(column) / count for column in zip(*features, strict=True)]
    spreads = []
    for column, mean in zip(zip(*features, strict=True), means, strict=True):
        variance = sum((value - mean) ** 2 for value in column) / count
        spreads.append(sqrt(variance) or 1.0)
    return means, spreads


def fit(features, outcomes, ridge=1.0):
    """Learn how likely an outcome is.

    :param features: list of equally long lists of numbers
    :param outcomes: 0 or 1 for each of them
    :param float ridge: how much large weights of standardised features cost
    :return: ``[constant, weight of each feature]``, for features as they are given
    """
    means, spreads = standardise(features)
    rows = [
        [1.0, *((v - m) / s for v, m, s in zip(row, means, spreads, strict=True))]
        for row in features
    ]
    size = len(means) + 1
    weights = [0.0] * size
    for _step in range(STEPS):
        change = solve(*_get_equations(rows, outcomes, weights, ridge))
        weights = [w + c for w, c in zip(weights, change, strict=True)]
        if max(map(abs, change)) < TOLERANCE:
            break
    scaled = [w / s for w, s in zip(weights[1:], spreads, strict=True)]
    constant = weights[0] - sum(w * m for w, m in zip(scaled, means, strict=True))
    return [constant, *scaled]


def _get_equations(rows, outcomes, weights, ridge):
    """One step of Newton's method: the matrix and the vector to solve."""
    size = len(weights)
    gradient = [0.0] + [-ridge * weight for weight in weights[1:]]
    hessian = [[0.0] * size for _row in range(size)]
    for row, outcome in zip(rows, outcomes, strict=True):
        share = sigmoid(sum(w * v for w, v in zip(weights, row, strict=True)))
        error, curve = outcome - share, max(share * (1 - share), 1e-9)
        for i in range(size):
            value = row[i]
            gradient[i] += value * error
            weighted, line = value * curve, hessian[i]
            for j in range(i + 1):
                line[j] += weighted * row[j]
    for i in range(size):
        for j in range(i):
            hessian[j][i] = hessian[i][j]
        hessian[i][i] += ridge if i else 0.0
    return hessian, gradient


def predict(weights, row):
    """The probability for one list of features."""
    return sigmoid(
        weights[0] + sum(w * v for w, v in zip(weights[1:], row, strict=True))
    )


def shift_to(weights, features, share):
    """The weights with another constant, so that the mean probability is ``share``.

    By bisection; the order of the probabilities stays.
    """
    base = [predict_odds(weights, row) for row in features]
    low, high = -30.0, 30.0
    for _step in range(60):
        middle = (low + high) / 2
        mean = sum(sigmoid(odds + middle) for odds in base) / len(base)
        low, high = (middle, high) if mean < share else (low, middle)
    return [weights[0] + (low + high) / 2, *weights[1:]]


def predict_odds(weights, row):
    """The log-odds for one list of features."""
    return weights[0] + sum(w * v for w, v in zip(weights[1:], row, strict=True))
