from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

COLOURS = {"late": "late", "soon": "soon", "running": "ok"}  # all others: "none"
SHARES = SQL("ARRAY[0.5, 0.9]::float8[]")


class CrmLifecycleProcess(models.Model):
    """The numbers of a map: two set-based queries over the stays.

    They count what the user may see of the log, by domains that open as lists, see
    ``_get_map_record_domain``.
    """

    _inherit = "crm.lifecycle.process"

    def _get_map_standing_domain(self, scope):
        visits = self.env["crm.lifecycle.visit"]
        return scope.domain & visits._get_standing_domain(scope.moment)

    def _get_map_left_domain(self, scope):
        return (
            scope.domain
            & Domain("left_date", ">", scope.since)
            & Domain("left_date", "<=", scope.until)
        )

    def _get_map_arrived_domain(self, scope):
        return (
            scope.domain
            & Domain("entered_date", ">", scope.since)
            & Domain("entered_date", "<=", scope.until)
        )

    # ------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------

    def _get_map_node_rows(self, scope):
        """Who stands where, and how long those stayed who have left.

        :return: rows ``(stage key, colour, owner id, owner name, count, amount,
            oldest, [median, P90] of hours)``; without owner and amount, of colour
            "left", for those who have left
        """
        return self.env.execute_query(
            SQL(
                "%s UNION ALL %s",
                self._get_map_standing_query(scope),
                self._get_map_left_query(scope),
            )
        )

    def _get_map_standing_query(self, scope):
        visits = self.env["crm.lifecycle.visit"].with_context(
            lifecycle_as_of=scope.moment
        )
        query = visits._search(self._get_map_standing_domain(scope))
        table = query.table
        state = visits._join_clock(query)
        amount = self._join_map_amounts(query)
        owner = query.left_join(table, "owner_id", "res_users", "id", "owner")
        person = query.left_join(owner, "partner_id", "res_partner", "id", "person")
        stage = query.join(table, "stage_id", "crm_lifecycle_stage", "id", "stage")
        columns = (
            SQL.identifier(stage, "key"),
            state,
            SQL.identifier(table, "owner_id"),
            SQL.identifier(person, "name"),
        )
        query.groupby = SQL(", ").join(columns)
        return query.select(
            *columns,
            SQL("count(*)"),
            SQL("sum(%s)", amount),
            SQL("min(%s)", SQL.identifier(table, "entered_date")),
            SQL("NULL::float8[]"),
        )

    def _join_map_amounts(self, query):
        """Join what each stay's record is worth; return the amount."""
        amounts = []
        for model_name in (
            self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        ):
            host = self.env[model_name]
            if rows := host._lifecycle_get_amounts_query():
                host.flush_model()
                alias = query.make_alias(query.table, f"amount_{host._table}")
                key = SQL.identifier(query.table, host._lifecycle_visit_key)
                condition = SQL("%s = %s", SQL.identifier(alias, "id"), key)
                query.add_join("LEFT JOIN", alias, SQL("(%s)", rows), condition)
                amounts.append(SQL.identifier(alias, "amount"))
        return SQL("COALESCE(%s, 0)::float8", SQL(", ").join(amounts or [SQL("0")]))

    def _get_map_left_query(self, scope):
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(self._get_map_left_domain(scope))
        stage = query.join(
            query.table, "stage_id", "crm_lifecycle_stage", "id", "stage"
        )
        query.groupby = SQL.identifier(stage, "key")
        return query.select(
            SQL.identifier(stage, "key"),
            SQL("'left'"),
            SQL("NULL::int"),
            SQL("NULL"),
            SQL("count(*)"),
            SQL("NULL::float8"),
            SQL("NULL::timestamp"),
            SQL(
                "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
                SHARES,
                SQL.identifier(query.table, "hours"),
            ),
        )

    def _get_map_edge_rows(self, scope):
        """Who came from where in the period.

        :return: rows ``(source key or None, target key, is a move, count, by an
            exception, returned)``
        """
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(self._get_map_arrived_domain(scope))
        table = query.table
        stage = query.join(table, "stage_id", "crm_lifecycle_stage", "id", "stage")
        source = query.left_join(
            table, "previous_stage_id", "crm_lifecycle_stage", "id", "source"
        )
        origin = SQL.identifier(table, "origin")
        columns = (
            SQL.identifier(source, "key"),
            SQL.identifier(stage, "key"),
            SQL("%s != 'migration'", origin),
        )
        query.groupby = SQL(", ").join(columns)
        return self.env.execute_query(
            query.select(
                *columns,
                SQL("count(*)"),
                SQL("count(%s)", SQL.identifier(table, "exception_id")),
                SQL("count(*) FILTER (WHERE %s = 'return')", origin),
            )
        )

    # ------------------------------------------------------------
    # Putting them on the chart
    # ------------------------------------------------------------

    def _put_map_numbers(self, chart, scope):
        """Give nodes and edges of ``chart`` their numbers, in place."""
        nodes = {node["key"]: node for node in chart["nodes"]}
        for node in chart["nodes"]:
            node.update(self._get_empty_numbers())
        self._put_map_edge_numbers(chart, nodes, self._get_map_edge_rows(scope))
        self._put_map_node_numbers(nodes, self._get_map_node_rows(scope))
        for node in chart["nodes"]:
            node["owners"].sort(key=lambda owner: (-owner["count"], owner["name"]))
        chart["bottleneck"] = self._find_map_bottleneck(chart["nodes"], scope)

    def _get_empty_numbers(self):
        return {
            "count": 0,
            "amount": 0.0,
            "states": {"late": 0, "soon": 0, "ok": 0, "none": 0},
            "owners": [],
            "nobody": 0,
            "oldest": False,
            "arrived": 0,
            "entered": 0,
            "left": 0,
            "median_hours": False,
            "p90_hours": False,
            "departed": 0,
            "onward": 0,
        }

    def _put_map_node_numbers(self, nodes, rows):
        people = defaultdict(Counter)
        names = {}
        for key, state, owner_id, name, count, amount, oldest, hours in rows:
            node = nodes.get(key)
            if not node:
                continue  # a stage that is not drawn any more
            if state == "left":
                node["left"] = count
                node["median_hours"], node["p90_hours"] = hours
                continue
            node["count"] += count
            node["amount"] += amount
            node["states"][COLOURS.get(state, "none")] += count
            node["oldest"] = min(filter(None, (node["oldest"], str(oldest))))
            if owner_id:
                people[key][owner_id] += count
                names[owner_id] = name
            else:
                node["nobody"] += count
        for key, counts in people.items():
            nodes[key]["owners"] = [
                {"id": owner_id, "name": names[owner_id], "count": count}
                for owner_id, count in counts.items()
            ]

    def _put_map_edge_numbers(self, chart, nodes, rows):
        edges = {(edge["source"], edge["target"]): edge for edge in chart["edges"]}
        for edge in chart["edges"]:
            edge.update(count=0, exceptions=0, returned=0)
        for source, target, is_move, count, exceptions, returned in rows:
            if target in nodes:
                nodes[target]["arrived"] += count
                nodes[target]["entered"] += 0 if source else count
            if not is_move or source not in nodes or target not in nodes:
                continue
            pair = (source, target)
            if pair not in edges:
                edges[pair] = {
                    **self._prepare_map_edge(source, target, drawn=False),
                    "count": 0,
                }
                chart["edges"].append(edges[pair])
            edges[pair].update(count=count, exceptions=exceptions, returned=returned)
            self._put_departure(nodes[source], nodes[target], count, returned)
        self._put_map_passages(chart, nodes)

    def _put_departure(self, source, target, count, returned):
        """Count which leads went on: to a later stage in which one is not lost.

        Of customers it is not said: their stages tell how they are, not how far they
        have come.
        """
        source["departed"] += count
        is_onward = source["rank"] < target["rank"] and target["outcome"] != "lost"
        if source["phase"] == "lead" and is_onward:
            source["onward"] += count - returned

    def _put_map_passages(self, chart, nodes):
        """Between leads and customers the record changes: who enters has come over."""
        passages = defaultdict(list)
        for edge in chart["edges"]:
            source, target = nodes[edge["source"]], nodes[edge["target"]]
            if edge["drawn"] and source["phase"] != target["phase"]:
                passages[edge["target"]].append(edge)
        for key, edges in passages.items():
            if len(edges) == 1:  # else nobody knows by which of them
                edges[0].update(count=nodes[key]["entered"], passage=True)
