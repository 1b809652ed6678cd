from odoo import models
from odoo.exceptions import UserError


class CrmLifecycleProcess(models.Model):
    """What a draft, or a revision, changes: in words and on the map."""

    _inherit = "crm.lifecycle.process"

    def get_lifecycle_difference(self, revision_id=False):
        """What changes against what was before.

        :param revision_id: a revision, compared with the one before it; without, a
            draft is compared with what runs
        :return: dict with ``words`` (lists of kind and text), ``stages`` and ``moves``
            (``{key, or "source>target": kind}``) and ``former``, the nodes and edges
            that are gone
        :raise UserError: there is nothing to compare with
        """
        self.ensure_one()
        self.check_access("read")
        old, new = self._get_compared_definitions(revision_id)
        stages = self._get_changed_keys(self._index_stages, old, new)
        moves = self._get_changed_keys(self._index_moves, old, new)
        moves = {f"{key[0]}>{key[1]}": kind for key, kind in moves.items()}
        return {
            "words": [list(line) for line in self._get_differences(old, new)],
            "stages": stages,
            "moves": moves,
            "former": self._get_former_chart(old, stages, moves),
        }

    def _get_former_chart(self, old, stages, moves):
        """The nodes and edges of ``old`` that are gone, without numbers."""
        chart = self._get_map_definition_chart(old) if old else {}
        nothing = {"count": 0, "exceptions": 0, "returned": 0}
        return {
            "nodes": [
                {**node, **self._get_empty_numbers()}
                for node in chart.get("nodes", [])
                if stages.get(node["key"]) == "removed"
            ],
            "edges": [
                {**edge, **nothing}
                for edge in chart.get("edges", [])
                if moves.get(f"{edge['source']}>{edge['target']}") == "removed"
            ],
        }

    def _get_compared_definitions(self, revision_id):
        if not revision_id:
            running = self.draft_of_id
            same = self.with_context(lifecycle_same_database=True)
            return (
                same.draft_of_id._get_definition() if running else {},
                same._get_definition(),
            )
        revision = self.revision_ids.filtered(lambda r: r.id == revision_id)
        if not revision:
            raise UserError(self.env._("The process has no such revision."))
        earlier = self.revision_ids.filtered(lambda r: r.number < revision.number)
        return earlier[:1].definition or {}, revision.definition

    def _get_changed_keys(self, collect, old, new):
        """The stages or moves that are not the same: ``{key: kind}``."""
        before, after = collect(old), collect(new)
        changed = dict.fromkeys(after.keys() - before.keys(), "added")
        changed.update(dict.fromkeys(before.keys() - after.keys(), "removed"))
        for key in before.keys() & after.keys():
            if before[key][1] != after[key][1]:
                changed[key] = "changed"
        return changed
