from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.translations import pick_text

CHART = """
    SELECT p.id AS process_id, %(process_name)s AS process_name, p.state,
           p.is_template, p.draft_of_id, rev.number AS revision,
           (SELECT max(d.id) FROM crm_lifecycle_process d
             WHERE d.draft_of_id = p.id) AS draft_id,
           s.id, s.key, %(stage_name)s AS name, s.phase, s.outcome, s.color,
           %(department)s AS department, %(goal)s AS goal, s.position,
           s.link_url, s.video_url,
           s.is_handover, s.user_id, owner.name AS user_name,
           s.id IN %(ownerless)s AS ownerless,
           limits.id AS limit_id, %(limit_name)s AS limit_name,
           limits.hours AS limit_hours,
           CASE WHEN limits.counting = 'always' THEN 24
                ELSE COALESCE(office.hours_per_day, 8) END AS limit_day,
           (SELECT jsonb_agg(jsonb_build_object(
                       'id', t.id, 'target', t.target_id,
                       'trigger', t.trigger, 'name', %(move_name)s,
                       'condition', %(condition_name)s,
                       'broken', t.last_error IS NOT NULL)
                   ORDER BY t.sequence, t.id)
              FROM crm_lifecycle_transition t WHERE t.source_id = s.id) AS moves
      FROM crm_lifecycle_process p
      LEFT JOIN crm_lifecycle_revision rev ON rev.id = p.revision_id
      LEFT JOIN crm_lifecycle_stage s ON s.process_id = p.id AND s.active
      LEFT JOIN res_users u ON u.id = s.user_id AND u.active
      LEFT JOIN res_partner owner ON owner.id = u.partner_id
      LEFT JOIN crm_sla_policy limits
        ON limits.id = s.sla_policy_id AND limits.active
      LEFT JOIN resource_calendar office
        ON office.id = limits.resource_calendar_id
     WHERE p.id IN %(readable)s
     ORDER BY s.phase DESC, s.sequence, s.id
"""


class CrmLifecycleProcess(models.Model):
    """What is drawn: stages and moves as the map shows them, in one query."""

    _inherit = "crm.lifecycle.process"

    def _get_map_chart(self):
        """The chart of one process, whatever its size.

        :return: dict with ``process``, ``nodes`` and ``edges``, ready for JSON
        :raise AccessError: the user may not see the process
        """
        self.ensure_one()
        self.browse().check_access("read")
        rows = self.env.execute_query_dict(self._get_map_chart_query())
        if not rows:
            raise AccessError(
                self.env._("This process is not one of the companies you have chosen.")
            )
        stages = [row for row in rows if row["key"]]
        keys = {row["id"]: row["key"] for row in stages}
        return {
            "process": self._prepare_map_header(rows[0]),
            "nodes": [
                self._prepare_map_node(row, rank) for rank, row in enumerate(stages)
            ],
            "edges": self._prepare_map_edges(stages, keys),
        }

    def _get_map_chart_query(self):
        """One row for each stage of the process; one without a stage when it has none.

        Texts are in the user's language; what the user may not see gives no row.
        """
        stages = self.env["crm.lifecycle.stage"]
        moves = self.env["crm.lifecycle.transition"]
        policies = self.env["crm.sla.policy"]
        for model in (self, stages, moves, policies):
            model.flush_model()
        everything = self.with_context(active_test=False)
        # sudo: whether somebody has left is asked of every company's users
        ownerless = stages.sudo()._search(stages._get_ownerless_domain())
        return SQL(
            CHART,
            process_name=self._field_to_sql("p", "name"),
            stage_name=stages._field_to_sql("s", "name"),
            department=stages._field_to_sql("s", "department"),
            goal=stages._field_to_sql("s", "goal"),
            limit_name=policies._field_to_sql("limits", "name"),
            move_name=moves._field_to_sql("t", "name"),
            condition_name=moves._field_to_sql("t", "condition_name"),
            ownerless=ownerless.subselect(),
            readable=everything._search([("id", "=", self.id)]).subselect(),
        )

    def _prepare_map_header(self, row):
        return {
            "id": row["process_id"],
            "name": row["process_name"],
            "state": row["state"],
            "is_template": row["is_template"] or False,
            "base_id": row["draft_of_id"] or row["process_id"],
            "is_draft": row["state"] == "draft",
            "draft_id": row["draft_id"] or False,
            "revision": row["revision"] or False,
            "can_edit": self.browse().has_access("write"),
        }

    def _prepare_map_node(self, row, rank):
        owner = row["user_name"] and {"id": row["user_id"], "name": row["user_name"]}
        limit = row["limit_id"] and {
            "id": row["limit_id"],
            "name": row["limit_name"],
            "hours": row["limit_hours"],
            "day": row["limit_day"],
        }
        return {
            "key": row["key"],
            "id": row["id"],
            "rank": rank,
            "name": row["name"],
            "phase": row["phase"],
            "outcome": row["outcome"],
            "color": row["color"] or 0,
            "department": row["department"] or False,
            "goal": row["goal"] or False,
            "link": row["link_url"] or False,
            "video": row["video_url"] or False,
            "position": row["position"] or False,
            "handover": row["is_handover"] or False,
            "owner": owner or False,
            "ownerless": row["ownerless"],
            "limit": limit or False,
        }

    def _prepare_map_edges(self, stages, keys):
        """The drawn moves; those between the same two stages are one edge."""
        edges = {}
        for stage in stages:
            for move in stage["moves"] or ():
                target = keys.get(move.pop("target"))
                if not target:
                    continue  # leads to a stage that was archived
                pair = (stage["key"], target)
                edge = edges.setdefault(pair, self._prepare_map_edge(*pair))
                edge["moves"].append(move)
        return list(edges.values())

    def _prepare_map_edge(self, source, target, drawn=True):
        return {"source": source, "target": target, "drawn": drawn, "moves": []}

    # ------------------------------------------------------------
    # Charts of the past
    # ------------------------------------------------------------

    def _get_map_revision_chart(self, scope, options=None):
        """The nodes and edges of the revision that is asked for, or ran at the moment.

        :return: dict of ``nodes``, ``edges`` and the number of the ``revision``; empty
            for what runs now
        """
        revision_id = (options or {}).get("revision_id")
        if not revision_id and not scope.moment:
            return {}
        domain = Domain("process_id", "=", self.id)
        if revision_id:
            domain &= Domain("id", "=", revision_id)
        revisions = self.env["crm.lifecycle.revision"].search(domain)
        past = revisions.filtered(lambda r: r.create_date <= scope.until)
        revision = revisions if revision_id else past[:1] or revisions[-1:]
        newest = self.revision_ids[:1]
        if not revision or (revision == newest and not revision_id):
            return {}
        chart = self._get_map_definition_chart(revision.definition)
        return {**chart, "revision": revision.number}

    def _get_map_definition_chart(self, definition):
        """The nodes and edges of a definition, as :meth:`_get_map_chart` has them.

        :param dict definition: of a revision
        """
        lang = self.env.lang
        nodes = []
        for rank, stage in enumerate(definition["stages"]):
            limit = stage.get("sla_policy_id")
            nodes.append(
                {
                    "key": stage["key"],
                    "id": False,
                    "rank": rank,
                    "name": pick_text(stage["name"], lang),
                    "phase": stage["phase"],
                    "outcome": stage.get("outcome", "open"),
                    "color": stage.get("color") or 0,
                    "department": pick_text(stage.get("department"), lang) or False,
                    "goal": pick_text(stage.get("goal"), lang) or False,
                    "link": stage.get("link_url") or False,
                    "video": stage.get("video_url") or False,
                    "position": stage.get("position") or False,
                    "handover": stage.get("is_handover") or False,
                    "owner": False,
                    "ownerless": False,
                    "limit": limit and {"id": False, "name": limit.get("name")},
                }
            )
        return {"nodes": nodes, "edges": self._get_definition_edges(definition)}

    def _get_definition_edges(self, definition):
        edges = {}
        for move in definition["moves"]:
            pair = (move["source"], move["target"])
            edge = edges.setdefault(pair, self._prepare_map_edge(*pair))
            edge["moves"].append(
                {
                    "id": False,
                    "trigger": move.get("trigger", "manual"),
                    "name": pick_text(move.get("name"), self.env.lang) or None,
                    "condition": pick_text(move.get("condition_name"), self.env.lang)
                    or None,
                    "broken": False,
                }
            )
        return list(edges.values())
