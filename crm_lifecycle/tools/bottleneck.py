"""Where a process jams, and why: plain arithmetic on the numbers of its stages.

A stage that records are to pass through jams when those who stand there would take
long to work off at today's pace, and there is a cause for it to stay so.
"""

FEW = 3  # fewer records than that are no jam
GROWING = 1.1  # how many come for each one that leaves
OVERLOADED = 1.5  # times the load of the others
LATE = 1 / 3  # of those who stand there
LONGEST = 10  # periods; where nobody leaves, the wait has no end


def find_bottleneck(stages, days):
    """The stage that jams, with its causes.

    :param list stages: dicts with ``key``, ``count`` (standing), ``arrived`` and
        ``left`` in the period, ``people`` (who have records there), ``late``
    :param int days: length of the period
    :return: dict with ``key``, ``wait_days`` (to work off what stands there),
        ``load``, ``others_load`` and ``causes``: inflow, load, late; ``None`` without

    >>> offer = {"key": "offer", "count": 20, "arrived": 25, "left": 10, "people": 2,
    ...          "late": 12}
    >>> talk = {"key": "talk", "count": 6, "arrived": 24, "left": 25, "people": 3,
    ...         "late": 0}
    >>> found = find_bottleneck([talk, offer], 30)
    >>> found["key"], found["causes"], found["wait_days"]
    ('offer', ['inflow', 'load', 'late'], 60.0)
    >>> find_bottleneck([talk], 30)
    """
    worst = None
    for stage in stages:
        causes = _get_causes(stage, stages)
        if stage["count"] < FEW or not causes:
            continue
        wait = get_wait_days(stage["count"], stage["left"], days)
        found = {
            "key": stage["key"],
            "wait_days": wait,
            "load": get_load(stage),
            "others_load": _get_others_load(stage, stages),
            "causes": causes,
        }
        if not worst or (wait, len(causes)) > (worst["wait_days"], worst["weight"]):
            worst = {**found, "weight": len(causes)}
    if worst:
        del worst["weight"]
    return worst


def get_wait_days(count, left, days):
    """How long it takes until ``count`` have left at the pace of the period.

    >>> get_wait_days(10, 5, 30), get_wait_days(0, 0, 30), get_wait_days(1, 0, 30)
    (60.0, 0.0, 300.0)
    """
    longest = float(days * LONGEST if count else 0)
    return round(min(count * days / left, longest), 1) if left else longest


def get_load(stage):
    """Records for each person who has some.

    >>> get_load({"count": 9, "people": 2}), get_load({"count": 9, "people": 0})
    (4.5, 9.0)
    """
    return stage["count"] / (stage["people"] or 1)


def _get_others_load(stage, stages):
    others = [get_load(other) for other in stages if other is not stage]
    return round(sum(others) / len(others), 1) if others else 0.0


def _get_causes(stage, stages):
    causes = []
    more = stage["arrived"] - stage["left"]
    if more > 1 and stage["arrived"] >= stage["left"] * GROWING:
        causes.append("inflow")
    others = _get_others_load(stage, stages)
    if others and get_load(stage) >= max(others * OVERLOADED, FEW):
        causes.append("load")
    if stage["late"] > 1 and stage["late"] >= stage["count"] * LATE:
        causes.append("late")
    return causes
