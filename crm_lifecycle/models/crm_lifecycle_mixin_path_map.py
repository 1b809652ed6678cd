from odoo import models


class CrmLifecycleMixin(models.AbstractModel):
    """The path of one record, drawn on the map of its process."""

    _inherit = "crm.lifecycle.mixin"

    def get_lifecycle_path_map(self):
        """The chart of the process a record is in, and its way through it.

        :return: dict with ``process``, ``nodes`` and ``edges`` as
            ``crm.lifecycle.process._get_map_chart`` has them, and ``steps``: those of
            :meth:`get_lifecycle_path` in this process, with the ``key`` of the stage,
            the ``source`` it came from and whether the move is ``drawn``; empty for a
            record without a stay
        """
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        record.check_access("read")
        visits = self.env["crm.lifecycle.visit"].search(
            [(self._lifecycle_visit_key, "=", record.id)], order="entered_date, id"
        )
        if not visits:
            return {}
        process = visits[-1].process_id
        chart = process._get_map_chart()
        ours = visits.filtered(lambda visit: visit.process_id == process)
        known = {node["key"] for node in chart["nodes"]}
        steps = [
            {
                **visit._get_path_step(),
                "key": visit.stage_id.key,
                "source": visit.previous_stage_id.key or False,
                "drawn": bool(visit.transition_id) or visit.origin == "return",
            }
            for visit in ours
        ]
        chart["nodes"] += self._lifecycle_get_former_nodes(ours, known)
        return {**chart, "steps": steps}

    def _lifecycle_get_former_nodes(self, visits, known):
        """Nodes for stages that a record was in and the chart no longer has."""
        nodes = []
        for stage in visits.stage_id.filtered(lambda s: s.key not in known):
            nodes.append(
                {
                    "key": stage.key,
                    "id": stage.id,
                    "rank": len(known) + len(nodes),
                    "name": stage.name,
                    "phase": stage.phase,
                    "outcome": stage.outcome,
                    "color": stage.color,
                    "department": stage.department or False,
                    "position": False,
                    "former": True,
                }
            )
        return nodes
