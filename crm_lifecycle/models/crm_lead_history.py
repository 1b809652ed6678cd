from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """The stays that leads had before the process was installed."""

    _inherit = "crm.lead"

    @api.model
    def _lifecycle_rebuild_host_history(self):
        """Rebuild the stays of leads that have none from Odoo's own tracking.

        Known are the creation, each tracked change of the pipeline stage, where the
        lead stands now, and the archiving of leads that are lost. A pipeline stage
        that no longer exists counts to the stay before it. Set-based: a few
        statements for all leads.
        """
        self.env.flush_all()
        self._lifecycle_draw_missing_places()
        for statement in (
            self._get_history_newcomers(),
            SQL("ANALYZE lifecycle_newcomer"),
            self._get_history_tracking(),
            SQL("ANALYZE lifecycle_tracking"),
            self._get_history_insert(),
            SQL("DROP TABLE lifecycle_newcomer, lifecycle_tracking"),
        ):
            self.env.cr.execute(statement)
        self._lifecycle_show_open_stays()
        return super()._lifecycle_rebuild_host_history()

    @api.model
    def _lifecycle_draw_missing_places(self):
        """Draw the places of leads that their chart does not have yet."""
        rows = self.env.execute_query(
            SQL(
                """
            SELECT scope.process_id, array_agg(DISTINCT l.stage_id)
              FROM (SELECT DISTINCT company_id, team_id, stage_id FROM crm_lead) l
              JOIN LATERAL (%s) AS scope ON TRUE
             WHERE l.stage_id IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM crm_lifecycle_stage node
                                WHERE node.process_id = scope.process_id AND node.active
                                  AND node.crm_stage_id = l.stage_id)
             GROUP BY scope.process_id
                """,
                self._get_lifecycle_scope(),
            )
        )
        for process_id, pipeline_ids in rows:
            # sudo: leads of every company get their place
            process = self.env["crm.lifecycle.process"].sudo().browse(process_id)
            process._draw_pipeline_stages(self.env["crm.stage"].browse(pipeline_ids))
        self.env.flush_all()

    @api.model
    def _get_lifecycle_scope(self):
        """The process of the lead ``l``, as a lateral query."""
        return self.env["crm.lifecycle.process"]._get_scope_query(
            SQL("l.company_id"), SQL("l.team_id")
        )

    @api.model
    def _get_history_newcomers(self):
        """A temporary table of the leads without a stay and their process."""
        return SQL(
            """
            CREATE TEMP TABLE lifecycle_newcomer ON COMMIT DROP AS
            SELECT l.id, l.create_date, l.stage_id, scope.process_id,
                   l.active IS NOT TRUE AND COALESCE(l.probability, 0) = 0 AS is_lost,
                   COALESCE(l.date_closed, l.write_date) AS lost_date,
                   COALESCE(l.date_last_stage_update, l.create_date) AS stage_date
              FROM (SELECT DISTINCT company_id, team_id FROM crm_lead) AS place
              JOIN LATERAL (%s) AS scope ON TRUE
              JOIN crm_lead l ON l.company_id IS NOT DISTINCT FROM place.company_id
                             AND l.team_id IS NOT DISTINCT FROM place.team_id
             WHERE NOT EXISTS (SELECT FROM crm_lifecycle_visit v WHERE v.lead_id = l.id)
            """,
            self.env["crm.lifecycle.process"]._get_scope_query(
                SQL("place.company_id"), SQL("place.team_id")
            ),
        )

    @api.model
    def _get_history_tracking(self):
        """A temporary table of the tracked changes of stage and archiving."""
        fields = self.env["ir.model.fields"]
        return SQL(
            """
            CREATE TEMP TABLE lifecycle_tracking ON COMMIT DROP AS
            SELECT n.id AS lead_id, t.id, m.date, t.field_id = %(stage)s AS is_stage,
                   t.old_value_integer AS old_value, t.new_value_integer AS new_value
              FROM lifecycle_newcomer n
              JOIN mail_message m ON m.model = 'crm.lead' AND m.res_id = n.id
              JOIN mail_tracking_value t ON t.mail_message_id = m.id
             WHERE t.field_id IN (%(stage)s, %(active)s)
            """,
            stage=fields._get("crm.lead", "stage_id").id,
            active=fields._get("crm.lead", "active").id,
        )

    @api.model
    def _get_history_places(self):
        """Where each lead was put, and when: created, moved, where it is now, lost.

        A lead is not lost before it came to where it stands now.
        """
        return SQL(
            """
            SELECT n.id AS lead_id, n.create_date AS date, 0 AS position,
                   COALESCE(began.old_value, n.stage_id) AS stage_id, FALSE AS lost
              FROM lifecycle_newcomer n
              LEFT JOIN (SELECT DISTINCT ON (lead_id) lead_id, old_value
                           FROM lifecycle_tracking WHERE is_stage
                          ORDER BY lead_id, date, id) AS began ON began.lead_id = n.id
             UNION ALL
            SELECT lead_id, date, id, new_value, FALSE
              FROM lifecycle_tracking WHERE is_stage
             UNION ALL
            SELECT id, arrived_date, 2147483646, stage_id, FALSE FROM (%(now)s) AS now
             UNION ALL
            SELECT n.id, GREATEST(COALESCE(archived.date, n.lost_date), n.arrived_date),
                   2147483647, NULL, TRUE
              FROM (%(now)s) AS n
              LEFT JOIN (SELECT lead_id, max(date) AS date
                           FROM lifecycle_tracking
                          WHERE NOT is_stage AND new_value = 0
                          GROUP BY lead_id) AS archived ON archived.lead_id = n.id
             WHERE n.is_lost
            """,
            now=SQL(
                """
                SELECT n.*, GREATEST(n.stage_date, known.date) AS arrived_date
                  FROM lifecycle_newcomer n
                  LEFT JOIN (SELECT lead_id, max(date) AS date
                               FROM lifecycle_tracking WHERE is_stage
                              GROUP BY lead_id) AS known ON known.lead_id = n.id
                """
            ),
        )

    @api.model
    def _get_history_insert(self):
        """Stays out of places: consecutive equal places are one stay.

        They are inserted in their order: stays of one moment are told apart by id.
        """
        return SQL(
            """
        INSERT INTO crm_lifecycle_visit (
            lead_id, process_id, revision_id, stage_id, previous_stage_id,
            transition_id, entered_date, left_date, hours, owner_id, team_id,
            company_id, origin)
        WITH placed AS (
            SELECT n.id AS lead_id, n.process_id, node.id AS node_id, p.position,
                   GREATEST(p.date, n.create_date) AS date
              FROM (%(places)s) AS p
              JOIN lifecycle_newcomer n ON n.id = p.lead_id
              JOIN crm_lifecycle_stage node
                ON node.process_id = n.process_id
               AND node.phase = 'lead' AND node.active
               AND CASE WHEN p.lost THEN node.outcome = 'lost'
                        ELSE node.crm_stage_id = p.stage_id END
        ), changed AS (
            SELECT placed.*, lag(node_id) OVER path AS previous_id
              FROM placed WINDOW path AS (PARTITION BY lead_id ORDER BY date, position)
        ), stay AS (
            SELECT changed.*, lead(date) OVER path AS left_date
              FROM changed WHERE previous_id IS DISTINCT FROM node_id
            WINDOW path AS (PARTITION BY lead_id ORDER BY date, position)
        )
        SELECT s.lead_id, s.process_id, p.revision_id, s.node_id, s.previous_id,
               move.id, s.date, s.left_date,
               (extract(epoch FROM s.left_date - s.date) / 3600)::float8,
               COALESCE(l.user_id, node.user_id), l.team_id, l.company_id, 'history'
          FROM stay s
          JOIN crm_lead l ON l.id = s.lead_id
          JOIN crm_lifecycle_process p ON p.id = s.process_id
          JOIN crm_lifecycle_stage node ON node.id = s.node_id
          LEFT JOIN crm_lifecycle_transition move
            ON move.source_id = s.previous_id AND move.target_id = s.node_id
           AND move.trigger = 'manual'
         ORDER BY s.lead_id, s.date, s.position
            """,
            places=self._get_history_places(),
        )
