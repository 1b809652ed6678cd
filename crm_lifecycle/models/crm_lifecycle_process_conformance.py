from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.graph import find_path
from ..tools.translations import pick_text


class CrmLifecycleProcess(models.Model):
    """What really happened against what was drawn when it happened."""

    _inherit = "crm.lifecycle.process"

    def get_lifecycle_conformance(self, options=None):
        """How far the moves of a period were those of the chart.

        A move conforms when the revision under which it happened has it, or when it
        gave a hand-over back. What happened before the first revision is judged by
        that one.

        :param dict options: see ``get_lifecycle_map``
        :return: dict with ``revisions`` (``number``, ``moves``, ``fit``, ``cases``,
            ``fit_cases``), ``moves``, ``fit`` and ``deviations``: dicts with
            ``source``, ``target``, ``kind`` (skip, back or undrawn), ``count``,
            ``cases``, ``exceptions``, ``skipped`` (names), ``revisions`` (ids) and
            ``text``; the most frequent first
        """
        self.ensure_one()
        base = self._get_map_process()
        base.check_access("read")
        scope = base._get_map_scope(options)
        charts = base._get_revision_charts()
        rows = base._get_conformance_rows(scope, charts)
        fitness = base._get_fitness(rows, charts)
        return {
            "revisions": fitness,
            "moves": sum(line["moves"] for line in fitness),
            "fit": sum(line["fit"] for line in fitness),
            "deviations": base._get_deviations(rows, charts),
        }

    def _get_revision_charts(self):
        """Stages and drawn moves of each revision.

        :return: ``{revision id: (number, {key: name}, {(source, target), …})}``, the
            first revision also under ``False``
        """
        charts = {}
        for revision in self.revision_ids.sorted("number"):
            definition = revision.definition
            names = {
                stage["key"]: pick_text(stage["name"], self.env.lang)
                for stage in definition["stages"]
            }
            drawn = {(move["source"], move["target"]) for move in definition["moves"]}
            charts[revision.id] = (revision.number, names, drawn)
            charts.setdefault(False, charts[revision.id])
        return charts

    def _get_conformance_rows(self, scope, charts):
        """The moves of the period, by revision and way.

        :return: rows of ``(revision id, source key, target key, drawn, count, ids of
            the records, count by an exception)``
        """
        drawn = {revision: chart[2] for revision, chart in charts.items()}
        return [
            (
                revision or False,
                before,
                after,
                returned or (before, after) in drawn.get(revision or False, ()),
                *numbers,
            )
            for revision, before, after, returned, *numbers in self.env.execute_query(
                self._get_conformance_query(scope)
            )
        ]

    def _get_conformance_query(self, scope):
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(
            self._get_map_arrived_domain(scope) & visits._get_moves_domain()
        )
        table = query.table
        stage = query.join(table, "stage_id", "crm_lifecycle_stage", "id", "stage")
        source = query.join(
            table, "previous_stage_id", "crm_lifecycle_stage", "id", "source"
        )
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        keys = [
            SQL.identifier(table, self.env[name]._lifecycle_visit_key) for name in hosts
        ]
        columns = (
            SQL.identifier(table, "revision_id"),
            SQL.identifier(source, "key"),
            SQL.identifier(stage, "key"),
            SQL("%s = 'return'", SQL.identifier(table, "origin")),
        )
        query.groupby = SQL(", ").join(columns)
        record = SQL("(ARRAY[%s])::text", SQL(", ").join(keys))
        return query.select(
            *columns,
            SQL("count(*)"),
            SQL("array_agg(DISTINCT %s)", record),
            SQL("count(%s)", SQL.identifier(table, "exception_id")),
        )

    def _get_fitness(self, rows, charts):
        lines = {}
        cases, unfit = defaultdict(set), defaultdict(set)
        for revision, _source, _target, fits, count, records, _exceptions in rows:
            number = charts.get(revision, (0,))[0]
            line = lines.setdefault(number, {"number": number, "moves": 0, "fit": 0})
            line["moves"] += count
            line["fit"] += count if fits else 0
            cases[number].update(records)
            unfit[number].update(() if fits else records)
        for number, line in lines.items():
            line["cases"] = len(cases[number])
            line["fit_cases"] = len(cases[number] - unfit[number])
        return [lines[number] for number in sorted(lines)]

    def _get_deviations(self, rows, charts):
        """The ways that were not drawn, the most frequent first."""
        found = {}
        cases = defaultdict(set)
        for revision, source, target, fits, count, records, exceptions in rows:
            if fits:
                continue
            pair = (source, target)
            way = found.setdefault(
                pair,
                {
                    "source": source,
                    "target": target,
                    "count": 0,
                    "exceptions": 0,
                    "revisions": [],
                },
            )
            way["count"] += count
            way["exceptions"] += exceptions
            way["revisions"].append(revision)
            cases[pair].update(records)
        newest = list(charts.values())[-1] if charts else (0, {}, set())
        names = {
            key: name for chart in charts.values() for key, name in chart[1].items()
        }
        for pair, way in found.items():
            way["cases"] = len(cases[pair])
            way.update(self._describe_deviation(pair, newest, names))
        return sorted(found.values(), key=lambda way: -way["count"])

    def _describe_deviation(self, pair, chart, names):
        """What kind of deviation a way is, by the newest chart."""
        _number, known, drawn = chart
        source, target = pair
        order = list(known)
        path = find_path(drawn, source, target)
        skipped = [names.get(key, key) for key in path[1:-1]]
        is_known = {source, target} <= known.keys()
        kind = "skip" if skipped else "undrawn"
        if is_known and order.index(source) > order.index(target):
            kind = "back"
        return {
            "kind": kind,
            "skipped": skipped,
            "text": self._get_deviation_text(
                kind, names.get(source, source), names.get(target, target), skipped
            ),
            "can_draw": is_known and pair not in drawn,
        }

    def _get_deviation_text(self, kind, source, target, skipped):
        ends = {"before": source, "after": target}
        if kind == "back":
            return self.env._("Back from “%(before)s” to “%(after)s”", **ends)
        if kind == "skip":
            return self.env._(
                "From “%(before)s” to “%(after)s”, skipping %(skipped)s",
                **ends,
                skipped=", ".join(skipped),
            )
        return self.env._("From “%(before)s” to “%(after)s”", **ends)

    def _get_map_detail_domain(self, what):
        """A deviation counts the moves under the revisions that did not have it."""
        domain = super()._get_map_detail_domain(what)
        if what.get("only") == "deviations":
            revisions = [revision or False for revision in what.get("revisions", [])]
            domain &= Domain("revision_id", "in", revisions)
            domain &= Domain("origin", "!=", "return")
        return domain
