"""``dev/suite bench --part map``: the process map over many stays.

Size small has 100,000 stays of 20,000 leads, big ten times as many. Everything is told
as a ratio to one raw ``GROUP BY`` over the same stays in the same run.
"""

from . import bench, database
from .odoo import Odoo


def measure(size, fresh):
    """Return the numbers of one size."""
    odoo = Odoo()
    name = f"bench_map_{size}"
    if fresh:
        database.drop(name)
    bench.fill(name, "visits.sql", size)
    return bench.run_step(odoo, name, "map_numbers", "measure_map")


def rows(found):
    """What is printed, as ``bench.rows``."""
    raw = found["raw_p90"]
    yield None, "stays", found["visits"], None, ""
    yield None, "raw GROUP BY, count and average", found["raw"], None, "s"
    yield None, "raw GROUP BY with P90: the limit", raw, None, "s"
    yield "P11", "map, 90 days, to the limit", found["quarter"] / raw, 2.0, "×"
    yield "P11", "map, 3 years, to the limit", found["years"] / raw, 2.0, "×"
    yield "P11", "map of a past moment, to the limit", found["past"] / raw, 2.0, "×"
    yield "P11", "map of one team, to the limit", found["filtered"] / raw, 2.0, "×"
    yield "P11", "map of a salesperson, to the limit", found["seller"] / raw, 2.0, "×"
    yield "P11", "film of a year, to the limit", found["replay"] / raw, 2.0, "×"
    yield (
        "P11",
        "conformance of a year, to the limit",
        found["conformance"] / raw,
        2.0,
        "×",
    )
    yield "P11", "queries of the map", found["queries"], 3, ""


def run(options):
    """Measure the sizes asked for; print every ratio with its goal."""
    missed = 0
    for size in options.size.split(","):
        missed += bench.show(f"Map, size {size}", rows(measure(size, options.fresh)))
    return 1 if missed and options.strict else 0
