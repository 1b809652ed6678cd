"""Measures the judgement of customers; runs inside Odoo, see bench_churn.py.

``cdnow``: how well the probability of leaving tells who leaves, on real purchases.
``scale``: how long judging everybody takes, as a ratio to one raw read pass.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent
CUT = datetime(1997, 9, 30, 23, 59, 59)  # 39 weeks to learn, 39 to judge
WEEKS = 39


def _learn(env):
    """Learn what could be known at the cut; return the model and the customers."""
    company = env.company
    company.churn_horizon_days = 7 * WEEKS
    started = time.perf_counter()
    model = env["crm.churn.model"]._learn(company, CUT)
    seconds = time.perf_counter() - started
    return model, env["crm.churn.model"]._fetch_past(company, CUT, 7 * WEEKS), seconds


def cdnow(env):
    """Rank the customers of the purchase log at the cut by what was known then."""
    from odoo.addons.crm_churn.tools import leaving, logistic, mbg, quality

    model, past, seconds = _learn(env)
    outcomes = [customer.left for customer in past]
    params = mbg.Params(*model.parameters)
    rows = [leaving.features(c, model.gap, params, WEEKS) for c in past]
    bg = mbg.fit((c[:3] for c in past), modified=False, prior=False)
    scores = {
        "ours": [logistic.predict(model.weights, row) for row in rows],
        "recency": [c.T - c.tx for c in past],
        "rfm": quality.rfm([(c.T - c.tx, c.x, c.revenue) for c in past]),
        "cadence": [(c.T - c.tx) / (c.tx / c.x) if c.x and c.tx else 1e9 for c in past],
        "mbg": [mbg.none_within(params, *c[:3], WEEKS) for c in past],
        "bg": [1 - mbg.alive(bg, *c[:3], modified=False) for c in past],
    }
    found = {}
    for name, values in scores.items():
        found[name] = {
            "auc": quality.auc(values, outcomes),
            "ap": quality.average_precision(values, outcomes),
            "lift": quality.lift(values, outcomes),
        }
        if name in ("ours", "mbg", "bg"):
            found[name]["brier"] = quality.brier(values, outcomes)
    base = sum(outcomes) / len(outcomes)
    return {
        "scores": found,
        "customers": len(past),
        "base": base,
        "seconds": seconds,
        "state": model.state,
    }


def scale(env):
    """Learn, judge everybody from nothing, then again with nothing changed."""
    company = env.company
    metrics, scores = env["crm.customer.metrics"], env["crm.churn.score"]
    statement = (FOLDER / "limit.sql").read_text()
    metrics._rebuild()
    env.cr.execute("ANALYZE crm_customer_metrics")
    started = time.perf_counter()
    model = env["crm.churn.model"]._learn(company)
    learned = time.perf_counter() - started
    limit = min(_time(lambda: _run_limit(env, statement)) for _turn in range(3))
    first = min(_time_first(env) for _turn in range(2))
    env.cr.execute("SELECT count(*), count(probability) FROM crm_churn_score")
    customers, known = env.cr.fetchone()
    before = _count(env)
    quiet = min(_time(lambda: scores._refresh_all(_commit(env))) for _turn in range(3))
    written = _count(env) - before
    tomorrow = datetime.now().date() + timedelta(days=1)
    night = _time(lambda: scores._refresh_all(_commit(env), tomorrow))
    env.cr.commit()
    return {
        "limit": limit,
        "first": first,
        "quiet": quiet,
        "night": night,
        "written": written,
        "customers": customers,
        "known": known,
        "learned": learned,
        "state": model.state,
    }


def _time_first(env):
    """Seconds of judging everybody when nobody has been judged yet."""
    env.cr.execute("TRUNCATE crm_churn_score, crm_churn_score_snapshot")
    env["ir.config_parameter"].set_param("crm_churn.snapshot_week", False)
    env.cr.commit()
    return _time(lambda: env["crm.churn.score"]._refresh_all(_commit(env)))


def _commit(env):
    """Like ``ir.cron._commit_progress``."""

    def commit(_done=0, remaining=0):
        env.cr.commit()
        return 1

    return commit


def _run_limit(env, statement):
    env["crm.customer.metrics"]._set_planner()
    env.cr.execute(statement)
    env.cr.fetchone()


def _count(env):
    """Rows of scores written so far."""
    env.cr.execute("SELECT pg_stat_force_next_flush()")
    env.cr.commit()
    env.cr.execute(
        "SELECT n_tup_upd + n_tup_ins + n_tup_del FROM pg_stat_user_tables"
        " WHERE relname = 'crm_churn_score'"
    )
    return env.cr.fetchone()[0]


def _time(call):
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main(env, step, path):
    """Run a step and write what it found to ``path``."""
    found = {"cdnow": cdnow, "scale": scale}[step](env)
    Path(path).write_text(json.dumps(found))
    env.cr.rollback()
    sys.stdout.flush()
