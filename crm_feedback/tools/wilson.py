"""How sure a share is that was counted on a few."""

from math import sqrt

Z = 1.959964  # 95 %


def get_wilson(hits, total):
    """The 95 % interval of a share (E. B. Wilson, 1927).

    :param int hits: how many did
    :param int total: of how many, more than none
    :return: ``(low, high)``, shares from 0 to 1

    >>> [round(bound, 4) for bound in get_wilson(15, 50)]
    [0.191, 0.4375]
    >>> [round(bound, 4) for bound in get_wilson(0, 30)]
    [0.0, 0.1135]
    """
    share, square = hits / total, Z * Z
    middle = share + square / (2 * total)
    spread = Z * sqrt(share * (1 - share) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
