"""``dev/suite bench``: how near the customer facts come to what is possible.

Everything is printed as a ratio to a raw SQL read pass over the same data in the
same run, the limit L, with its goal. The data are the same each time. ``--part map``
measures the process map instead, see bench_map.py; ``--part churn`` who leaves, see
bench_churn.py.
"""

import json
import tempfile

from . import database, db, templates
from .console import step
from .odoo import Odoo
from .paths import DEV, log_dir

BENCH = DEV / "bench"
SCALES = {"tiny": 0.05, "small": 1, "big": 10}
ADDONS = "crm_lifecycle"
RUN = """
import sys
sys.path.insert(0, {folder!r})
import {module}
{module}.main(env, {step!r}, {path!r})
"""
STEPS = (
    "limit",
    "full",
    "unchanged",
    "nightly",
    "peer",
    "naive",
    "operations",
    "tiers",
)


def fill(name, script, size, addons=ADDONS):
    """Make a database with addons and the data of a script, unless there is one."""
    if database.exists(name):
        return
    db.make(name, addons)
    step(f"Filling {name} …")
    statements = (BENCH / script).read_text().replace("SCALE", str(SCALES[size]))
    with database.cursor(name) as cr:
        for statement in statements.split(";\n"):
            if statement.strip():
                cr.execute(statement)


def _prepare(odoo, size, fresh):
    """The database with data and addons, and one without addons."""
    names = f"bench_{size}", "bench_plain"
    if fresh:
        for name in names:
            database.drop(name)
    fill(names[0], "generate.sql", size)
    if not database.exists(names[1]):
        templates.clone(odoo, names[1])
    return names


def run_step(odoo, name, what, module="measure"):
    """Run one step inside Odoo; return what it found."""
    step(f"{name}: {what} …")
    with tempfile.NamedTemporaryFile("r", suffix=".json") as answer:
        script = RUN.format(
            folder=str(BENCH), step=what, path=answer.name, module=module
        )
        log = log_dir() / f"bench-{name}-{what}.log"
        odoo.must_run("shell", "-d", name, "--no-http", log=log, stdin=script)
        return json.load(answer)


def measure(size="small", fresh=False, steps=STEPS):
    """Return ``{step: numbers}`` of one size."""
    odoo = Odoo()
    name, plain = _prepare(odoo, size, fresh)
    found = {what: run_step(odoo, name, what) for what in steps}
    if "operations" in steps:
        found["plain"] = run_step(odoo, plain, "operations")
    return found


def rows(found):
    """What is printed: ``(goal, name, value, limit, unit)``; ``None`` has no goal."""
    least = found["limit"]["limit"]
    full, night, quiet = found["full"], found["nightly"], found["unchanged"]
    customers = found["limit"]["customers"]
    yield None, "limit L: one raw read pass", least, None, "s"
    yield None, "all facts, only read", found["limit"]["facts"] / least, None, "L"
    yield "P1", "full pass from nothing", full["ratio"], 2.0, "L"
    yield "P1", "longest write transaction", full["write"], 1.0, "s"
    yield "P2", "night with 2 % changed customers", night["ratio"], 0.6, "L"
    peer = night["seconds"] / found["peer"]["seconds"]
    yield "P2", "same, to Odoo's scoring of leads", peer, 0.2, "×"
    yield "P2", "night without changes", quiet["ratio"], 0.6, "L"
    written = night["written"] / max(night["changed"], 1)
    yield "P3", "rows written per row changed", written, 1.05, "×"
    yield "P3", "rows written elsewhere", night["elsewhere"], 0, ""
    yield "P3", "rows written when nothing changed", quiet["written"], 0, ""
    yield "P4", "full pass per customer", full["seconds"] / customers * 1e6, 60, "µs"
    naive = found["naive"]["each"] * customers
    yield "P4", "ORM one by one would take", naive / full["seconds"], -300, "×"
    yield from _rows_of_use(found)
    yield from _rows_of_tiers(found["tiers"])
    more = found["tiers"]["operations"]["order confirm"]
    more -= found["plain"]["order confirm"]
    yield "T5", "queries more with tiers: order confirm", more, 4, ""
    yield None, "rows the night has missed", night["missed"], 0, ""


def _rows_of_tiers(found):
    """The evaluation of tiers, which follows the facts each night."""
    first, quiet, night = found["first"], found["unchanged"], found["nightly"]
    yield None, "tiers of everybody for the first time", first["ratio"], None, "L"
    yield "T1", "tiers, night with 1 % changed customers", night["ratio"], 0.6, "L"
    yield "T1", "tiers, night without changes", quiet["ratio"], 0.6, "L"
    yield "T2", "rows written when no tier changed", quiet["written"], 0, ""
    passes = (first, quiet, night)
    longest = max(step["write"] for step in passes)
    yield "T3", "longest transaction of tiers", longest, 2.0, "s"
    memory = max(step["rss"] for step in passes)
    yield "T4", "memory of tiers", memory, 48, "MB"


def _rows_of_use(found):
    """Memory, and what users feel."""
    for name in ("full", "unchanged", "nightly"):
        yield "P6", f"memory of {name} pass", found[name]["rss"], 32, "MB"
    for name, allowed in (
        ("order confirm", 3),
        ("message_post", 0),
        ("partner write", 0),
    ):
        more = found["operations"][name] - found["plain"][name]
        yield "P9", f"queries more: {name}", more, allowed, ""


def growth(small, big):
    """How the passes grow with ten times the data, as :func:`rows`."""
    least = big["limit"]["limit"] / small["limit"]["limit"]
    full = big["full"]["ratio"] / small["full"]["ratio"]
    night = big["nightly"]["seconds"] / small["nightly"]["seconds"]
    yield None, "growth of L, 10 × the data", least, None, "×"
    yield "P5", "growth of the full pass to that of L", full, 1.15, "×"
    yield "P5", "growth of the night", night, 10.5, "×"
    memory = max(big[n]["rss"] - small[n]["rss"] for n in ("full", "nightly"))
    yield "P6", "memory more than with a tenth", memory, 8, "MB"


def show(title, lines):
    """Print a table; return how many goals are missed."""
    missed = 0
    print(f"\n{title}")
    for goal, name, value, allowed, unit in lines:
        if allowed is None:
            mark = ""
        elif allowed < 0:
            met = value >= -allowed
            mark = f"≥ {-allowed:g}  {'met' if met else 'MISSED'}"
            missed += not met
        else:
            met = value <= allowed
            mark = f"≤ {allowed:g}  {'met' if met else 'MISSED'}"
            missed += not met
        print(f"{goal or '':3} {name:42} {value:11.3f} {unit:3} {mark}", flush=True)
    return missed


def run(options):
    """Measure the sizes asked for; print every ratio with its goal."""
    if options.part == "map":
        from . import bench_map  # it uses this module

        return bench_map.run(options)
    if options.part == "churn":
        from . import bench_churn  # it uses this module

        return bench_churn.run(options)
    found, missed = {}, 0
    for size in options.size.split(","):
        found[size] = measure(size, options.fresh)
        missed += show(f"Size {size}", rows(found[size]))
    if {"small", "big"} <= found.keys():
        missed += show("Growth", growth(found["small"], found["big"]))
    return 1 if missed and options.strict else 0
