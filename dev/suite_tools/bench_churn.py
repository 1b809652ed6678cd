"""``dev/suite bench --part churn``: who leaves, and what judging everybody costs.

The ranking is measured on the CDNOW log: learned from 39 weeks, judged by the 39 weeks
after, beside the baselines that come for free. The cost is a ratio to one raw read pass
over the same data in the same run, the limit L.
"""

from . import bench, database, db
from .cdnow import cdnow_sample_path
from .console import run as run_command
from .console import step
from .odoo import Odoo
from .paths import DEV

LOG = "bench_cdnow"
ADDON = "crm_churn"
BASELINES = {
    "recency": "days since the last purchase",
    "rfm": "RFM fifths",
    "cadence": "days since / usual interval",
    "mbg": "MBG/NBD, no purchase in 39 weeks",
    "bg": "BG/NBD, not alive",
}


def _prepare(odoo, size, fresh):
    """The database with the purchase log, and the one with many customers."""
    many = f"bench_churn_{size}"
    if fresh:
        for name in (LOG, many):
            database.drop(name)
    if not database.exists(LOG):
        cdnow_sample_path()
        db.make(LOG, ADDON)
        run_command([str(DEV / "suite"), "load-cdnow", LOG])
    bench.fill(many, "generate.sql", size, ADDON)
    return many


def measure(size, fresh):
    """Return ``(ranking, cost)``."""
    odoo = Odoo()
    many = _prepare(odoo, size, fresh)
    ranking = bench.run_step(odoo, LOG, "cdnow", "measure_churn")
    return ranking, bench.run_step(odoo, many, "scale", "measure_churn")


def rank_rows(found):
    """What is printed of the ranking, as ``bench.rows``; goals are those measured for
    this kind of model elsewhere, see PERFORMANCE.md."""
    ours = found["scores"]["ours"]
    yield None, "customers", found["customers"], None, ""
    yield None, "of these left", found["base"], None, ""
    yield "M2", "AUC", ours["auc"], -0.783, ""
    yield "M2", "average precision", ours["ap"], -0.870, ""
    yield "M2", "lift of the first tenth", ours["lift"], -1.27, "×"
    level = found["scores"]["mbg"]["brier"]
    yield "M2", "Brier score, to that of MBG/NBD", ours["brier"] / level, 1, "×"
    yield None, "Brier score", ours["brier"], None, ""
    for name, title in BASELINES.items():
        score = found["scores"][name]
        yield None, f"AUC: {title}", score["auc"], None, ""
        yield None, "  average precision", score["ap"], None, ""
        yield None, "  lift", score["lift"], None, "×"
        if "brier" in score:
            yield None, "  Brier score", score["brier"], None, ""
    yield "M4", "learning and testing", found["seconds"], 10, "s"


def cost_rows(found):
    """What is printed of the cost."""
    least = found["limit"]
    yield None, "customers judged", found["customers"], None, ""
    yield None, "limit L: one raw read pass", least, None, "s"
    yield "P1", "everybody for the first time", found["first"] / least, 2.0, "L"
    yield "P2", "night without changes", found["quiet"] / least, 0.6, "L"
    yield "P3", "rows written when nothing changed", found["written"], 0, ""
    yield None, "the day after", found["night"] / least, None, "L"
    yield "P4", "per customer", found["first"] / found["customers"] * 1e6, 60, "µs"
    yield "M4", "learning and testing", found["learned"], 10, "s"


def run(options):
    """Measure; print every figure with its goal."""
    missed = 0
    for size in options.size.split(","):
        step(f"Churn, size {size} …")
        ranking, cost = measure(size, options.fresh)
        missed += bench.show(
            "CDNOW, 39 weeks to learn, 39 to judge", rank_rows(ranking)
        )
        missed += bench.show(f"Judging everybody, size {size}", cost_rows(cost))
    return 1 if missed and options.strict else 0
