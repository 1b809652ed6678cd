"""What is measured, inside Odoo: ``STEP(env)`` returns a dict of numbers.

Each step runs in a process of its own, so that memory is its own as well.
"""

import itertools
import json
import resource
import statistics
import time
from pathlib import Path

HERE = Path(__file__).parent
FACTS = "crm_customer_metrics"
OTHERS = ("res_partner", "crm_lead", "sale_order")


def _rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _settle(env):
    """Let all that was written before be on the disk and in the statistics."""
    env.cr.commit()
    env.cr.execute("SELECT pg_stat_force_next_flush()")
    env.cr.commit()
    time.sleep(1)


def _count_writes(env):
    _settle(env)
    env.cr.execute(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
        " WHERE relname = ANY(%s)",
        [[FACTS, *OTHERS]],
    )
    return dict(env.cr.fetchall())


def _read_pass(env):
    """Seconds of one raw read pass at this moment, when others may be at work."""
    env.cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
    start = time.monotonic()
    env.cr.execute((HERE / "limit.sql").read_text())
    env.cr.fetchall()
    seconds = time.monotonic() - start
    env.cr.commit()
    return seconds


def limit(env):
    """Seconds of one raw read pass, of the facts' own query, and how many rows."""
    query = (HERE / "limit.sql").read_text()
    env.cr.execute("SET work_mem = '64MB'; SET jit = off")
    result = {}
    facts = env[FACTS.replace("_", ".")]._get_facts_query()
    for name, statement in (
        ("limit", query),
        ("facts", f"SELECT count(*) FROM ({facts.code}) AS f"),
    ):
        params = facts.params if name == "facts" else None
        times = []
        for _number in range(3):
            start = time.monotonic()
            env.cr.execute(statement, params)
            env.cr.fetchall()
            times.append(time.monotonic() - start)
        result[name] = statistics.median(times)
    env.cr.execute("SELECT count(*) FROM res_partner WHERE id = commercial_partner_id")
    result["customers"] = env.cr.fetchone()[0]
    return result


def _time(env, run):
    """Run a part of the nightly run, which commits by the function it is given.

    :return: dict of time, its ratio to a raw read pass and memory; and the seconds of
        each transaction
    """
    ends = []

    def commit(processed=0, remaining=None):
        env.cr.commit()
        ends.append(time.monotonic())
        return 1

    least, before, start = _read_pass(env), _rss(), time.monotonic()
    run(commit)
    env.cr.commit()
    ends.append(time.monotonic())
    least = (least + _read_pass(env)) / 2
    seconds = ends[-1] - start
    result = {"seconds": seconds, "ratio": seconds / least, "rss": _rss() - before}
    return result, [b - a for a, b in itertools.pairwise(ends)]


def _nightly(env):
    """The facts part of the nightly run; see :func:`_time`, and the longest write."""
    result, steps = _time(env, env["crm.customer.metrics"]._refresh_changed)
    # the first one only reads: it aggregates
    return {**result, "write": max(steps[1:], default=0)}


def full(env):
    """Everything from nothing."""
    env.cr.execute(f"TRUNCATE {FACTS} CASCADE")
    env.cr.execute("TRUNCATE crm_customer_metrics_mark, crm_customer_metrics_dirty")
    env.cr.commit()
    result = _nightly(env)
    env.cr.execute(f"ANALYZE {FACTS}")
    env.cr.execute(f"SELECT count(*) FROM {FACTS}")
    return {**result, "rows": env.cr.fetchone()[0]}


def unchanged(env):
    """A night after a day on which nothing happened."""
    before = _count_writes(env)
    result = _nightly(env)
    after = _count_writes(env)
    return {**result, "written": sum(after.values()) - sum(before.values())}


def nightly(env):
    """A day of work, then the night; then whether a full pass finds more."""
    env.cr.execute((HERE / "day.sql").read_text())
    env.cr.execute(f"CREATE TABLE bench_before AS TABLE {FACTS}")
    before = _count_writes(env)
    result = _nightly(env)
    after = _count_writes(env)
    env.cr.execute(
        f"SELECT count(*) FROM (TABLE {FACTS} EXCEPT TABLE bench_before) AS changed"
    )
    result["changed"] = env.cr.fetchone()[0]
    env.cr.execute("DROP TABLE bench_before")
    result["written"] = after[FACTS] - before[FACTS]
    result["elsewhere"] = sum(after[name] - before[name] for name in OTHERS)
    result["missed"] = env["crm.customer.metrics"]._collect_changes(None, None)
    env.cr.commit()
    return result


TIERS = (
    ("VIP", [("revenue_12m", "percent", 10, 15)]),
    ("Risk", [("silence_ratio", "value", 2, 1.5), ("purchase_count", "value", 3, 3)]),
    ("Potential", [("revenue_change", "value", 20, 10)]),
    ("Low Activity", [("silence_days", "value", 180, 150)]),
    ("Standard", []),
)
TIER_TABLES = ("res_partner", "crm_customer_tier_change", "crm_customer_tier_watch")


def _make_tiers(env):
    """Tiers like those of the suite, and nobody in them yet."""
    env["crm.customer.tier"].search([]).active = False
    env.cr.execute("TRUNCATE crm_customer_tier_change, crm_customer_tier_watch")
    env.cr.execute(
        "UPDATE res_partner SET customer_tier_id = NULL"
        " WHERE customer_tier_id IS NOT NULL"
    )
    env["crm.customer.tier"].create(
        [
            {
                "name": f"Bench {name} {time.time()}",
                "sequence": place,
                "grace_days": 30,
                "criterion_ids": [
                    (
                        0,
                        0,
                        {"fact": f, "measure": m, "value": value, "keep_value": keep},
                    )
                    for f, m, value, keep in criteria
                ],
            }
            for place, (name, criteria) in enumerate(TIERS)
        ]
    )
    _settle(env)


def _count_tier_rows(env):
    _settle(env)
    env.cr.execute(
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
        " WHERE relname = ANY(%s)",
        [list(TIER_TABLES)],
    )
    return int(env.cr.fetchone()[0])


def _evaluate(env):
    """One evaluation of everybody; see :func:`_time`, longest write, rows written."""
    written = _count_tier_rows(env)
    result, steps = _time(env, env["crm.customer.tier"]._evaluate_all)
    return {
        **result,
        "write": max(steps, default=0),
        "written": _count_tier_rows(env) - written,
    }


def tiers(env):
    """The tiers of everybody: the first time, a night without changes, one with."""
    _make_tiers(env)
    result = {"first": _evaluate(env)}
    env.cr.execute("ANALYZE res_partner")
    env.cr.commit()
    result["unchanged"] = _evaluate(env)
    # what a day of work does to one customer in a hundred
    env.cr.execute(
        "UPDATE crm_customer_metrics SET purchase_count = purchase_count + 3,"
        " revenue_12m = revenue_12m + 5000, last_purchase_date = now()"
        " WHERE partner_id % 100 = 11"
    )
    env.cr.commit()
    result["nightly"] = _evaluate(env)
    result["operations"] = operations(env)
    env["crm.customer.tier"].search([]).active = False
    env.cr.commit()
    return result


def peer(env):
    """Odoo's own nightly scoring of leads."""
    start, before = time.monotonic(), _rss()
    env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
    env["crm.lead"]._cron_update_automated_probabilities()
    env.cr.commit()
    return {"seconds": time.monotonic() - start, "rss": _rss() - before}


def naive(env):
    """Facts of 200 customers by the ORM, one by one, written on the customer."""
    customers = env["res.partner"].search(
        [("is_company", "=", True), ("name", "like", "Customer %")], limit=200
    )
    orders, messages = env["sale.order"], env["mail.message"]
    start = time.monotonic()
    for customer in customers:
        env.invalidate_all()
        sold = orders.search(
            [("partner_id", "child_of", customer.id), ("state", "=", "sale")],
            order="date_order",
        )
        sum(sold.mapped("amount_untaxed"))
        sold[:1].date_order, sold[-1:].date_order
        messages.search(
            [("model", "=", "sale.order"), ("res_id", "in", sold.ids)],
            order="date desc",
            limit=1,
        )
        messages.search(
            [("model", "=", "res.partner"), ("res_id", "=", customer.id)],
            order="date desc",
            limit=1,
        )
        customer.comment = f"{len(sold)}"
        env.flush_all()
    env.cr.rollback()
    return {"each": (time.monotonic() - start) / len(customers)}


def operations(env):
    """Queries of what users do, warm; run with and without the addons."""
    partner = env["res.partner"].create({"name": "Bench", "is_company": True})
    product = env["product.product"].create({"name": "Bench", "type": "consu"})
    orders = env["sale.order"].create(
        [
            {
                "partner_id": partner.id,
                "order_line": [(0, 0, {"product_id": product.id})],
            }
            for _number in range(4)
        ]
    )
    result = {}
    for name, calls in {
        "order confirm": [order.action_confirm for order in orders],
        "message_post": [lambda: partner.message_post(body="x")] * 4,
        "partner write": [
            lambda n=n: partner.write({"phone": str(n)}) for n in range(4)
        ],
    }.items():
        for call in calls:
            env.flush_all()
            env.invalidate_all()
            count, start = env.cr.sql_log_count, time.monotonic()
            call()
            env.flush_all()
            result[name] = env.cr.sql_log_count - count
            result[f"{name} ms"] = (time.monotonic() - start) * 1000
    env.cr.rollback()
    return result


def main(env, step, path):
    """Run one step and leave what it found in a file."""
    Path(path).write_text(json.dumps(globals()[step](env)))
