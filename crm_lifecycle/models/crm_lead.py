from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from .crm_lifecycle_mixin import LifecycleMove
from .crm_lifecycle_mixin_advance import BATCH

# what says where a lead stands, and which process runs for it
PLACE_FIELDS = {"stage_id", "active", "probability"}
SCOPE_FIELDS = {"user_id", "team_id", "company_id"}


class CrmLifecycleVisit(models.Model):
    _inherit = "crm.lifecycle.visit"

    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    _lead_open_uniq = models.UniqueIndex(
        "(lead_id) WHERE left_date IS NULL", "A lead stands in one stage at a time."
    )


class CrmLead(models.Model):
    """Leads stand where Odoo's pipeline has them; won and lost are stages too."""

    _name = "crm.lead"
    _inherit = ["crm.lifecycle.mixin", "crm.lead"]

    _lifecycle_phase = "lead"
    _lifecycle_visit_key = "lead_id"

    lifecycle_visit_ids = fields.One2many(
        "crm.lifecycle.visit", "lead_id", "Lifecycle History"
    )

    @api.model
    def _lifecycle_get_trigger_fields(self):
        return super()._lifecycle_get_trigger_fields() | PLACE_FIELDS | SCOPE_FIELDS

    def _lifecycle_filter_touched(self, vals):
        """A new seller or team matters to leads that come under another process."""
        leads = super()._lifecycle_filter_touched(vals)
        if vals.keys() & (self._lifecycle_get_trigger_fields() - SCOPE_FIELDS):
            return leads
        return leads.filtered(
            lambda lead: lead.sudo()._lifecycle_get_process()  # sudo: others' teams
            != lead.lifecycle_stage_id.process_id
        )

    @api.model
    def _lifecycle_prepare_values(self, stage, creating=False):
        values = super()._lifecycle_prepare_values(stage, creating)
        if stage.outcome == "lost":
            return {
                **values,
                "active": False,
                "probability": 0,
                "automated_probability": 0,
            }
        values["stage_id"] = stage.crm_stage_id.id
        if not creating:
            values["active"] = True
        return values

    def _lifecycle_get_destinations(self, stage_id):
        """Where Odoo's pipeline has the leads: one read, whatever their number."""
        if stage_id:
            return super()._lifecycle_get_destinations(stage_id)
        nodes = self.env["crm.lifecycle.stage"]._get_lead_nodes()
        by_node = defaultdict(list)
        for lead in self.sudo():  # sudo: teams of other companies have processes too
            process = lead._lifecycle_get_process()
            place = "lost" if lead.won_status == "lost" else lead.stage_id.id
            node = nodes.get((process.id, place))
            if process and lead.stage_id and not node:
                missing = lead.stage_id if place != "lost" else lead.stage_id.browse()
                node = process._draw_missing_place(missing)
                nodes = self.env["crm.lifecycle.stage"]._get_lead_nodes()
            by_node[node or False].append(lead.id)
        stage = self.env["crm.lifecycle.stage"]
        return [
            (stage.browse(node or ()), self.browse(ids))
            for node, ids in by_node.items()
        ]

    def _lifecycle_get_process(self):
        return self.env["crm.lifecycle.process"]._find_for(
            self.company_id, self.team_id
        )

    def _lifecycle_get_structural_blockers(self, stage):
        refused = super()._lifecycle_get_structural_blockers(stage)
        for lead in self:
            process = (
                lead.sudo()._lifecycle_get_process()
            )  # sudo: teams of other companies
            if stage and process != stage.process_id:
                refused.setdefault(lead, []).append(
                    self.env._(
                        "The process of its sales team is “%s”.", process.name or ""
                    )
                )
        return refused

    def _lifecycle_get_owner(self):
        return self.user_id

    def _lifecycle_get_team(self):
        return self.team_id

    def _lifecycle_entered(self, visits):
        """A won lead makes its contact a customer."""
        if visits.stage_id.outcome == "won":
            self.partner_id.commercial_partner_id._lifecycle_become_customer(
                self.env._("Won: %s", ", ".join(self[:3].mapped("name"))),
                visits.stage_id,
            )
        return super()._lifecycle_entered(visits)

    def _merge_dependences(self, opportunities):
        """The merged leads' stays become history of the one that remains."""
        self._lifecycle_drop_double_activities(opportunities)
        self._lifecycle_merge_properties(opportunities)
        # sudo: the log is written by the engine alone
        visits = self.env["crm.lifecycle.visit"].sudo()
        visits._close_for(
            self._lifecycle_visit_key, opportunities.ids, fields.Datetime.now()
        )
        visits.search([("lead_id", "in", opportunities.ids)]).write(
            {"lead_id": self.id}
        )
        return super()._merge_dependences(opportunities)

    @api.model
    def _lifecycle_follow_host_scope(self, process):
        """Leads that now belong to ``process`` or no longer do follow."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id FROM crm_lead l
                  LEFT JOIN LATERAL (%(scope)s) AS scope ON TRUE
                  LEFT JOIN crm_lifecycle_stage node ON node.id = l.lifecycle_stage_id
                 WHERE %(process)s IN (scope.process_id, node.process_id)
                   AND (node.process_id IS DISTINCT FROM scope.process_id
                        OR node.active IS NOT TRUE
                        OR (node.outcome != 'lost' AND node.crm_stage_id != l.stage_id))
                """,
                scope=self._get_lifecycle_scope(),
                process=process.id,
            )
        )
        for ids in split_every(BATCH, (lead_id for (lead_id,) in rows)):
            # sudo: a change of the process moves all leads
            leads = self.sudo().browse(ids)
            leads._lifecycle_settle(None, LifecycleMove(origin="migration"))
        return super()._lifecycle_follow_host_scope(process)
