"""How near the process map comes to what is possible; run inside Odoo as measure.py.

The limit is one raw ``GROUP BY`` over the same stays in the same run.
"""

import json
import statistics
import time
from pathlib import Path

RUNS = 5
RAW = """
    SELECT stage_id, count(*), avg(hours){p90} FROM crm_lifecycle_visit
     WHERE process_id = %s GROUP BY stage_id
"""
P90 = ", percentile_cont(0.9) WITHIN GROUP (ORDER BY hours)"


def _time(call):
    """Median of the seconds a call takes."""
    call()
    times = []
    for _number in range(RUNS):
        start = time.monotonic()
        call()
        times.append(time.monotonic() - start)
    return statistics.median(times)


def _count_queries(env, call):
    call()
    env.flush_all()
    env.invalidate_all()
    before = env.cr.sql_log_count
    call()
    return env.cr.sql_log_count - before


def _seller(env):
    """A salesperson who sees own leads only."""
    values = {
        "name": "Bench Seller",
        "login": "bench_seller",
        "group_ids": [(6, 0, env.ref("sales_team.group_sale_salesman").ids)],
    }
    users = env["res.users"].with_context(no_reset_password=True)
    return users.search([("login", "=", "bench_seller")]) or users.create(values)


def map_numbers(env):
    """Seconds of the map in its uses, and of the raw queries."""
    process = env.ref("crm_lifecycle.process_default")
    env.cr.execute("SET jit = off")

    def raw(p90):
        env.cr.execute(RAW.format(p90=p90), [process.id])
        env.cr.fetchall()

    def as_user(user):
        company = {"allowed_company_ids": user.company_ids.ids}
        return process.with_user(user).with_context(**company)

    admin = as_user(env.ref("base.user_admin"))
    seller = as_user(_seller(env))
    past = "2000-01-01 00:00:00"
    env.cr.execute("SELECT (now() AT TIME ZONE 'UTC' - interval '1 year')::text")
    past = env.cr.fetchone()[0][:19]
    calls = {
        "quarter": lambda: admin.get_lifecycle_map({"days": 90}),
        "years": lambda: admin.get_lifecycle_map({"days": 1095}),
        "past": lambda: admin.get_lifecycle_map({"as_of": past, "days": 90}),
        "seller": lambda: seller.get_lifecycle_map({"days": 90}),
        "filtered": lambda: admin.get_lifecycle_map({"filters": {"team": [1]}}),
        "replay": lambda: admin.get_lifecycle_replay({"days": 365}),
        "conformance": lambda: admin.get_lifecycle_conformance({"days": 365}),
    }
    found = {name: _time(call) for name, call in calls.items()}
    found["raw"] = _time(lambda: raw(""))
    found["raw_p90"] = _time(lambda: raw(P90))
    found["queries"] = _count_queries(env, calls["quarter"])
    env.cr.execute("SELECT count(*) FROM crm_lifecycle_visit")
    found["visits"] = env.cr.fetchone()[0]
    env.cr.rollback()
    return found


def main(env, step, path):
    """Run one step and leave what it found in a file."""
    Path(path).write_text(json.dumps(globals()[step](env)))
