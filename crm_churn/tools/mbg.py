"""The MBG/NBD model: how often customers buy until they leave, in plain Python.

A customer buys at random at a rate of its own (gamma distributed: ``r``, ``alpha``),
and leaves after a purchase, the first included, with a probability of its own (beta
distributed: ``a``, ``b``). Source: Batislam, Denizel and Filiztekin, Empirical
validation and comparison of models for customer base analysis, International Journal
of Research in Marketing 24 (2007); the variant without leaving after the first
purchase is BG/NBD: Fader, Hardie and Lee, Marketing Science 24 (2005). Times are in
weeks: ``x`` repeat purchases, the last at ``tx``, observed for ``T``.

Known limit: as the estimate may degenerate where nobody leaves, the logarithms of the
parameters are held near 0 by a normal distribution of variance 1.5² (MAP).
"""

from collections import Counter
from math import exp, lgamma, log, log1p
from typing import NamedTuple

LIMIT = 700.0
VARIANCE = 1.5**2
SAMPLE = 1500  # customers, or groups of alike ones, that are looked at
EVALUATIONS = 600


class Params(NamedTuple):
    """What the model has learned."""

    r: float
    alpha: float
    a: float
    b: float


def group(customers, digits=2):
    """Customers who are alike, with their number.

    :param customers: of ``(x, tx, T)``
    """
    return Counter((x, round(tx, digits), round(T, digits)) for x, tx, T in customers)


def log_likelihood(params, groups, modified=True):
    """How well parameters explain what customers did.

    :param groups: ``{(x, tx, T): number}``
    :param bool modified: MBG/NBD; else BG/NBD
    """
    r, alpha, a, b = params
    shift = 1 if modified else 0
    common = r * log(alpha) - lgamma(r) + lgamma(a + b) - lgamma(b)
    total = 0.0
    for (x, tx, T), number in groups.items():
        value = (
            common
            + lgamma(r + x)
            + lgamma(b + x + shift)
            - lgamma(a + b + x + shift)
            - (r + x) * log(alpha + T)
        )
        total += number * (value + _log_left(params, x, tx, T, modified))
    return total


def _log_left(params, x, tx, T, modified):
    """The logarithm of 1 + the odds that the customer has left."""
    odds = log_odds_left(params, x, tx, T, modified)
    if odds is None:
        return 0.0
    return odds + log1p(exp(-odds)) if odds > 0 else log1p(exp(max(odds, -LIMIT)))


def log_odds_left(params, x, tx, T, modified=True):
    """The log-odds that a customer has left; ``None`` where it cannot have.

    Without logarithms a customer with many purchases would overflow.
    """
    r, alpha, a, b = params
    if not modified and x == 0:
        return None
    staying = b + x if modified else b + x - 1
    return log(a / staying) + (r + x) * (log(alpha + T) - log(alpha + tx))


def alive(params, x, tx, T, modified=True):
    """The probability that a customer has not left."""
    odds = log_odds_left(params, x, tx, T, modified)
    return 1.0 if odds is None else 1.0 / (1.0 + exp(min(odds, LIMIT)))


def none_within(params, x, tx, T, weeks, modified=True):
    """The probability of no purchase in the next weeks."""
    r, alpha, _a, _b = params
    quiet = (r + x) * (log(alpha + T) - log(alpha + T + weeks))
    return 1.0 - alive(params, x, tx, T, modified) * (1.0 - exp(max(quiet, -LIMIT)))


def expected(params, x, tx, T, weeks):
    """The expected number of purchases in the next weeks (MBG/NBD)."""
    r, alpha, a, b = params
    if abs(a - 1) < 1e-6:
        a += 1e-5  # the formula has a gap there that is not in what it describes
    z = weeks / (alpha + T + weeks)
    quiet = exp(max((r + x) * (log(alpha + T) - log(alpha + T + weeks)), -LIMIT))
    series = _hypergeometric(r + x, b + x + 1, a + b + x, z)
    full = (a + b + x) / (a - 1) * (1 - quiet * series)
    return max(full * alive(params, x, tx, T), 0.0)


def _hypergeometric(a, b, c, z):
    """Gauss's series 2F1(a, b; c; z) for 0 ≤ z < 1."""
    term = total = 1.0
    for n in range(20000):
        term *= (a + n) * (b + n) / (c + n) / (n + 1) * z
        total += term
        if term < total * 1e-12 or total > 1e280:
            break
    return total


def fit(customers, modified=True, prior=True):
    """Learn the parameters by Nelder and Mead's simplex (1965).

    :param customers: of ``(x, tx, T)`` in weeks
    :param bool prior: see the module; without it, maximum likelihood
    :return: :class:`Params`
    """
    customers = list(customers)
    groups = group(customers[:: max(len(customers) // SAMPLE, 1)])

    def cost(logs):
        if max(map(abs, logs)) > 25:
            return float("inf")
        loss = -log_likelihood(Params(*map(exp, logs)), groups, modified)
        return loss + (sum(v * v for v in logs) / 2 / VARIANCE if prior else 0)

    return Params(*map(exp, minimise(cost, [0.0, 1.0, 0.0, 0.5])))


def minimise(cost, start, step=0.5, tolerance=1e-5):
    """The lowest point of a function, by a simplex that walks downhill.

    >>> [round(v, 3) for v in minimise(lambda p: (p[0] - 2) ** 2 + p[1] ** 2, [0, 1])]
    [2.0, 0.0]
    """
    points = [list(start)]
    for place in range(len(start)):
        points.append([v + step * (k == place) for k, v in enumerate(start)])
    simplex = sorted((cost(point), point) for point in points)
    for _step in range(EVALUATIONS // 2):
        if simplex[-1][0] - simplex[0][0] < tolerance:
            break
        found = _walk(cost, simplex)
        if found[0] < simplex[-1][0]:
            simplex[-1] = found
        else:
            best = simplex[0][1]
            simplex[1:] = [_shrink(cost, best, point) for _cost, point in simplex[1:]]
        simplex.sort()
    return simplex[0][1]


def _walk(cost, simplex):
    """A better place for the worst corner: mirrored, further, or nearer."""
    worst = simplex[-1][1]
    others = [point for _cost, point in simplex[:-1]]
    centre = [sum(column) / len(others) for column in zip(*others, strict=True)]

    def move(factor):
        point = [c + factor * (w - c) for c, w in zip(centre, worst, strict=True)]
        return cost(point), point

    found = move(-1.0)
    if found[0] < simplex[0][0]:
        return min(found, move(-2.0))
    if found[0] >= simplex[-2][0]:
        return min(move(-0.5), move(0.5))
    return found


def _shrink(cost, best, point):
    point = [(b + p) / 2 for b, p in zip(best, point, strict=True)]
    return cost(point), point
