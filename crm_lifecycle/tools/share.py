"""Shares of a sample, and how far they can be trusted; plain Python.

Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical
Inference, JASA 22, 1927, 209-212.
"""

from math import sqrt

Z = 1.959964  # 97.5 % quantile of the normal distribution: 95 % confidence, two-sided


def wilson(hits, total, z=Z):
    """The interval in which a share lies.

    :return: ``(low, high)``, from 0 to 1; everything without a sample

    >>> [round(v, 3) for v in wilson(8, 10)]
    [0.49, 0.943]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if not total:
        return 0.0, 1.0
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (centre - spread) / scale, (centre + spread) / scale
