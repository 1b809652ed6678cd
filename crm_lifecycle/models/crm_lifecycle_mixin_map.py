from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLifecycleMixin(models.AbstractModel):
    """What a host tells the map of a process, and the map of its moves."""

    _inherit = "crm.lifecycle.mixin"

    # ------------------------------------------------------------
    # Host hooks
    # ------------------------------------------------------------

    @api.model
    def _lifecycle_get_map_filters(self):
        """Hook: by what the map filters this host's records, beside owner and team.

        :return: ``{name: (label, model of the values, path to them)}``
        """
        return {}

    @api.model
    def _lifecycle_get_amounts_query(self):
        """Hook: what the records are worth, in the currency of the current company.

        :return: SQL of rows ``id``, ``amount``; ``None`` when nothing is known
        """
        return None

    @api.model
    def _lifecycle_get_map_domain(self, filters):
        """The stays that ``filters`` let through, of the records of every host.

        :param dict filters: ``{name: ids}`` of :meth:`_lifecycle_get_map_filters`
        """
        hosts = [self.env[name] for name in self._lifecycle_get_hosts().values()]
        domains = []
        for name, ids in filters.items():
            paths = [
                f"{host._lifecycle_visit_key}.{known[name][2]}"
                for host in hosts
                if name in (known := host._lifecycle_get_map_filters())
            ]
            domains.append(Domain.OR(Domain(path, "in", ids) for path in paths))
        return Domain.AND(domains)

    # ------------------------------------------------------------
    # Stays follow their owner
    # ------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._lifecycle_get_owner_fields():
            self._lifecycle_hand_over_stays()
        return result

    def _lifecycle_hand_over_stays(self):
        """An open stay is with whoever answers for the record now; one statement."""
        rows = [
            (
                record.id,
                record._lifecycle_get_owner().id or None,
                record._lifecycle_get_team().id or None,
                record.company_id.id or None,
            )
            for record in self.sudo()  # sudo: owner and team of others
        ]
        if not rows:
            return
        ids, owners, teams, companies = map(list, zip(*rows, strict=True))
        visits = self.env["crm.lifecycle.visit"]
        visits.flush_model(["left_date", "owner_id", "team_id", "company_id"])
        changed = self.env.execute_query(
            SQL(
                """
                UPDATE crm_lifecycle_visit v
                   SET owner_id = COALESCE(r.owner_id, stage.user_id),
                       team_id = r.team_id, company_id = r.company_id
                  FROM unnest(%(ids)s::int[], %(owners)s::int[], %(teams)s::int[],
                              %(companies)s::int[])
                       AS r(id, owner_id, team_id, company_id),
                       crm_lifecycle_stage stage
                 WHERE v.%(key)s = r.id AND v.left_date IS NULL
                   AND stage.id = v.stage_id
                   AND (v.owner_id, v.team_id, v.company_id) IS DISTINCT FROM
                       (COALESCE(r.owner_id, stage.user_id), r.team_id, r.company_id)
                RETURNING v.process_id
                """,
                key=SQL.identifier(self._lifecycle_visit_key),
                ids=ids,
                owners=owners,
                teams=teams,
                companies=companies,
            )
        )
        if changed:
            visits.invalidate_model(["owner_id", "team_id", "company_id"], flush=False)
            self.env["crm.lifecycle.process"]._tell_moved(
                process_id for (process_id,) in changed
            )
