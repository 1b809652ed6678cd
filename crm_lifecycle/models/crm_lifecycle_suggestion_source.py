from odoo import api, models

from ..tools.bottleneck import get_wait_days
from .crm_lifecycle_exception_draw import RECURS_DAYS, RECURS_FROM


class CrmLifecycleSuggestion(models.Model):
    """What the chart says by itself: its checker, its numbers and its exceptions."""

    _inherit = "crm.lifecycle.suggestion"

    @api.model
    def _get_suggestion_sources(self):
        return {
            "checker": (self.env._("Checker"), self._collect_findings),
            "bottleneck": (self.env._("Bottleneck"), self._collect_bottleneck),
            "conformance": (
                self.env._("What Really Happens"),
                self._collect_deviations,
            ),
            "exception": (self.env._("Exceptions"), self._collect_exceptions),
            **super()._get_suggestion_sources(),
        }

    @api.model
    def _get_finding_effects(self):
        """What mending a finding brings."""
        clear = self.env._("People see at one glance where a record goes.")
        return {
            "no_owner": self.env._("Whoever stands there is looked after."),
            "no_limit": self.env._("Who stays too long is seen, and somebody is told."),
            "too_many": clear,
            "idle": clear,
            "contradiction": self.env._("The move happens to those it was drawn for."),
        }

    def _collect_findings(self, process):
        effects = self._get_finding_effects()
        found_way = self.env._("Every record finds its way to an end.")
        stages = {stage.key: stage.id for stage in process.stage_ids}
        for finding in process._get_findings():
            parts = (finding["kind"], finding["stage"], finding["target"])
            yield {
                "key": "/".join(map(str, filter(None, parts))),
                "name": finding["text"],
                "evidence": finding["text"],
                "expected_effect": effects.get(finding["kind"], found_way),
                "stage_id": stages.get(finding["stage"], False),
            }

    def _collect_bottleneck(self, process):
        chart = process.get_lifecycle_map()
        jam = chart["bottleneck"]
        if not jam:
            return
        node = next(node for node in chart["nodes"] if node["key"] == jam["key"])
        pace = get_wait_days(node["count"], node["arrived"], chart["scope"]["days"])
        yield {
            "key": jam["key"],
            "name": self.env._("Relieve “%s”", node["name"]),
            "evidence": "\n".join(jam["texts"]),
            "expected_effect": self.env._(
                "If as many left as come, what stands there would be worked off in "
                "%(pace)s days instead of %(wait)s.",
                pace=round(pace),
                wait=round(jam["wait_days"]),
            ),
            "stage_id": node["id"],
            "numbers": {
                "count": node["count"],
                "arrived": node["arrived"],
                "left": node["left"],
                "wait_days": jam["wait_days"],
            },
        }

    def _collect_deviations(self, process):
        found = process.get_lifecycle_conformance()
        for way in found["deviations"]:
            if way["count"] < RECURS_FROM or not way["can_draw"]:
                continue
            now = 100 * found["fit"] / found["moves"]
            then = 100 * (found["fit"] + way["count"]) / found["moves"]
            yield {
                "key": f"{way['source']}>{way['target']}",
                "name": self.env._("Draw a move that happens: %s", way["text"]),
                "evidence": self.env._(
                    "%(count)s times with %(cases)s leads or customers in 90 days, "
                    "though it is not drawn.",
                    count=way["count"],
                    cases=way["cases"],
                ),
                "expected_effect": self.env._(
                    "%(then)s %% instead of %(now)s %% of the moves are as drawn.",
                    then=round(then),
                    now=round(now),
                ),
                "numbers": {
                    "count": way["count"],
                    "cases": way["cases"],
                    "move": [way["source"], way["target"]],
                },
            }

    def _collect_exceptions(self, process):
        for source, stage, count in self._count_exceptions(process):
            if stage._get_edges_from(source.ids) or source.phase != stage.phase:
                continue
            yield {
                "key": f"{source.key}>{stage.key}",
                "name": self.env._(
                    "Make the exception “%(before)s → %(after)s” part of the process",
                    before=source.name,
                    after=stage.name,
                ),
                "evidence": self.env._(
                    "%(count)s exceptions of this kind were approved in %(days)s days.",
                    count=count,
                    days=RECURS_DAYS,
                ),
                "expected_effect": self.env._(
                    "%s approvals less in the same time.", count
                ),
                "stage_id": source.id,
                "numbers": {"count": count, "move": [source.key, stage.key]},
            }

    def _count_exceptions(self, process):
        """How often which exception was approved, if it was often."""
        # sudo: how often it happens is counted whoever asked
        exceptions = self.env["crm.lifecycle.exception"].sudo()
        return exceptions._read_group(
            [
                ("process_id", "=", process.id),
                ("state", "=", "done"),
                ("create_date", ">=", f"today -{RECURS_DAYS}d"),
            ],
            ["source_stage_id", "stage_id"],
            ["__count"],
            having=[("__count", ">=", RECURS_FROM)],
        )
