"""The colour of a clock: one rule for Python, searches and SQL.

A rule is a list of states, each with its conditions; the first state whose
conditions all hold is the one. A condition compares two columns of the clock, or one
with the present moment. The two functions below are its only readers.
"""

from operator import le, lt

from odoo.tools import SQL

NOW = object()
STATES = (
    ("cancelled", [("cancelled", "set", None)]),
    ("missed", [("done_date", "set", None), ("deadline", "<", "done_date")]),
    ("met", [("done_date", "set", None)]),
    ("late", [("deadline", "<", NOW)]),
    ("paused", [("paused_date", "set", None)]),
    ("idle", [("deadline", "unset", None)]),
    ("soon", [("warning_date", "<=", NOW)]),
    ("running", []),
)
STATE_FIELDS = ("cancelled", "deadline", "done_date", "paused_date", "warning_date")
RUNNING = ("late", "soon", "running", "paused", "idle")  # the most urgent first
ENDED = ("missed", "met", "cancelled")
LOOKS = {  # icon and colour; the web client has the same in lifecycle_timer_state.js
    "late": ("fa-exclamation-circle", "danger"),
    "soon": ("fa-hourglass-half", "warning"),
    "running": ("fa-clock-o", "success"),
    "paused": ("fa-pause-circle", "info"),
    "idle": ("fa-ban", "secondary"),
}
OPERATORS = {"<": lt, "<=": le}


def get_state(values, now):
    """The state of one clock.

    :param values: record or dict of the columns the rule names
    :param datetime now: UTC
    """
    return next(
        state
        for state, conditions in STATES
        if all(_holds(values, condition, now) for condition in conditions)
    )


def get_state_sql(alias, now):
    """The same rule as an SQL expression.

    :param str alias: of the clocks' table
    :param datetime now: UTC
    """
    cases = [
        SQL(
            "WHEN %s THEN %s",
            SQL(" AND ").join(_get_sql(alias, c, now) for c in conditions)
            or SQL("TRUE"),
            state,
        )
        for state, conditions in STATES
    ]
    return SQL("CASE %s END", SQL(" ").join(cases))


def _holds(values, condition, now):
    name, operator, other = condition
    left = values[name]
    if operator in ("set", "unset"):
        return bool(left) == (operator == "set")
    right = now if other is NOW else values[other]
    return bool(left and right) and OPERATORS[operator](left, right)


def _get_sql(alias, condition, now):
    name, operator, other = condition
    left = SQL.identifier(alias, name)
    if name == "cancelled":
        return SQL("%s IS TRUE", left)
    if operator in ("set", "unset"):
        return SQL("%s IS NOT NULL" if operator == "set" else "%s IS NULL", left)
    right = SQL("%s", now) if other is NOW else SQL.identifier(alias, other)
    return SQL(f"%s {operator} %s", left, right)
