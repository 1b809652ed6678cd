from ast import literal_eval

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.purchase_condition import parse_purchase_condition


class ResPartner(models.Model):
    """The stays that customers would have had: the process replayed on their orders."""

    _inherit = "res.partner"

    @api.model
    def _lifecycle_rebuild_host_history(self, as_of=None):
        """Replay the running processes over the purchases of customers without a stay.

        A customer enters with the first purchase or won lead, then follows the
        automatic moves that ask about purchases, each at the moment its condition
        first held. Moves with other conditions are left to the nightly run.
        Set-based: one statement per step of the longest path, for all customers.

        :param datetime as_of: the present, UTC; purchases after it are not seen
        """
        self.env.flush_all()
        now = as_of or fields.Datetime.now()
        self.env.cr.execute(self._get_replay_start(now))
        if self.env.cr.rowcount:
            self.env.cr.execute(self._get_replay_purchases(now))
            self.env.cr.execute(
                "CREATE INDEX ON lifecycle_purchase (partner_id, number)"
            )
            self.env.cr.execute("ANALYZE lifecycle_purchase, lifecycle_replay")
            self._replay_steps(now)
            self.env.cr.execute(self._get_replay_insert())
            self.env.cr.execute("DROP TABLE lifecycle_purchase")
            self._lifecycle_show_open_stays()
        self.env.cr.execute("DROP TABLE lifecycle_replay")
        return super()._lifecycle_rebuild_host_history()

    @api.model
    def _replay_steps(self, now):
        """Move all customers on, step by step, until nobody moves."""
        edges = self._get_replay_edges()
        step, moved = 0, bool(edges)
        while moved:
            self.env.cr.execute(self._get_replay_step(step, edges, now))
            step, moved = step + 1, self.env.cr.rowcount

    @api.model
    def _get_replay_start(self, now):
        """A temporary table of paths; step 0 is where each newcomer enters.

        ``trail`` holds the stages passed at one and the same moment, so that
        contradicting conditions end instead of going round.
        """
        entries = {
            process.id: process._get_customer_entry(process._get_won_stage()).id
            for process in self.env["crm.lifecycle.process"]._find_running()
        }
        entries = {process: stage for process, stage in entries.items() if stage}
        return SQL(
            """
CREATE TEMP TABLE lifecycle_replay ON COMMIT DROP AS
WITH reason AS (
    %(purchases)s
    UNION ALL
    SELECT p.commercial_partner_id, l.company_id,
           COALESCE(l.date_closed, l.write_date)
      FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
     WHERE l.won_status = 'won'
), customer AS (
    SELECT DISTINCT ON (partner_id) partner_id, company_id, purchase_date AS date
      FROM reason WHERE purchase_date <= %(now)s
     ORDER BY partner_id, purchase_date
)
SELECT c.partner_id, 0 AS step, entry.stage_id, c.date AS entered,
       NULL::int AS move_id, ARRAY[entry.stage_id] AS trail,
       scope.process_id, COALESCE(p.company_id, c.company_id) AS company_id
  FROM customer c
  JOIN res_partner p ON p.id = c.partner_id
  JOIN LATERAL (%(scope)s) AS scope ON TRUE
  JOIN unnest(%(processes)s::int[], %(stages)s::int[]) AS entry(process_id, stage_id)
    ON entry.process_id = scope.process_id
 WHERE NOT EXISTS (SELECT 1 FROM crm_lifecycle_visit v WHERE v.partner_id = p.id)
            """,
            purchases=self.env["crm.customer.metrics"]._get_purchases_query(),
            now=now,
            scope=self.env["crm.lifecycle.process"]._get_scope_query(
                SQL("COALESCE(p.company_id, c.company_id)"), SQL("NULL::int")
            ),
            processes=list(entries),
            stages=list(entries.values()),
        )

    @api.model
    def _get_replay_purchases(self, now):
        """A temporary table of the spans between purchases.

        Span ``number`` begins with the purchase of that number and ends before the
        next one; span 0 is the time before the first.
        """
        return SQL(
            """
CREATE TEMP TABLE lifecycle_purchase ON COMMIT DROP AS
WITH purchase AS (
    SELECT q.partner_id, q.purchase_date AS date,
           row_number() OVER path AS number,
           first_value(q.purchase_date) OVER path AS first_date,
           lead(q.purchase_date, 1, 'infinity') OVER path AS until
      FROM (%(purchases)s) AS q
      JOIN lifecycle_replay r ON r.partner_id = q.partner_id
     WHERE q.purchase_date <= %(now)s
    WINDOW path AS (PARTITION BY q.partner_id ORDER BY q.purchase_date)
)
SELECT partner_id, number::int, date AS since, until,
       date_trunc('day', date) AS last_day, date_trunc('day', first_date) AS first_day
  FROM purchase
UNION ALL
SELECT r.partner_id, 0, '-infinity', COALESCE(p.date, 'infinity'), NULL, NULL
  FROM lifecycle_replay r
  LEFT JOIN purchase p ON p.partner_id = r.partner_id AND p.number = 1
            """,
            purchases=self.env["crm.customer.metrics"]._get_purchases_query(),
            now=now,
        )

    @api.model
    def _get_replay_edges(self):
        """The automatic moves that can be replayed, as SQL rows; empty without one."""
        rows = []
        for order, move in enumerate(self._lifecycle_get_auto_moves()):
            condition = parse_purchase_condition(
                list(Domain(literal_eval(move.domain or "[]")))
            )
            if condition is not None and move.domain not in (False, "[]"):
                ids = (move.id, order, move.source_id.id, move.target_id.id)
                rows.append(
                    SQL(
                        "(%s)", SQL(", ").join(SQL("%s", v) for v in (*ids, *condition))
                    )
                )
        return rows and SQL(", ").join(rows)

    @api.model
    def _get_replay_step(self, step, edges, now):
        """Move everybody on by one: the earliest moment at which a condition holds."""
        return SQL(
            """
    INSERT INTO lifecycle_replay
    SELECT DISTINCT ON (r.partner_id)
           r.partner_id, %(step)s + 1, e.target_id, m.moment, e.id,
           CASE WHEN m.moment > r.entered THEN ARRAY[r.stage_id, e.target_id]
                ELSE r.trail || e.target_id END,
           r.process_id, r.company_id
      FROM lifecycle_replay r
      JOIN (VALUES %(edges)s) AS e(id, rank, source_id, target_id, count_min, count_max,
                                   silent, recent, known, fresh)
        ON e.source_id = r.stage_id
      JOIN LATERAL (
        SELECT span.moment
          FROM (SELECT s.number,
                       GREATEST(r.entered, s.since,
                                s.last_day + (e.silent::int + 1) * interval '1 day',
                                s.first_day + (e.known::int + 1) * interval '1 day')
                           AS moment,
                       LEAST(s.until,
                             s.last_day + (e.recent::int + 1) * interval '1 day',
                             s.first_day + (e.fresh::int + 1) * interval '1 day')
                           AS until
                  FROM lifecycle_purchase s
                 WHERE s.partner_id = r.partner_id AND s.until > r.entered
                   AND s.number BETWEEN e.count_min AND e.count_max
                   AND (s.number > 0 OR (e.silent IS NULL AND e.recent IS NULL
                                         AND e.known IS NULL AND e.fresh IS NULL))
               ) AS span
         WHERE span.moment < span.until AND span.moment <= %(now)s
         ORDER BY span.number LIMIT 1
      ) AS m ON m.moment > r.entered OR e.target_id != ALL (r.trail)
     WHERE r.step = %(step)s
     ORDER BY r.partner_id, m.moment, e.rank
            """,
            step=step,
            edges=edges,
            now=now,
        )

    @api.model
    def _get_replay_insert(self):
        """Stays out of the replayed paths."""
        return SQL(
            """
    INSERT INTO crm_lifecycle_visit (
        partner_id, process_id, revision_id, stage_id, previous_stage_id, transition_id,
        entered_date, left_date, hours, owner_id, company_id, origin)
    SELECT s.partner_id, s.process_id, process.revision_id, s.stage_id, s.previous_id,
           s.move_id, s.entered, s.left_date,
           (extract(epoch FROM s.left_date - s.entered) / 3600)::float8,
           COALESCE(p.user_id, node.user_id), p.company_id, 'history'
      FROM (SELECT r.*, lag(stage_id) OVER path AS previous_id,
                   lead(entered) OVER path AS left_date
              FROM lifecycle_replay r
            WINDOW path AS (PARTITION BY partner_id ORDER BY step)) AS s
      JOIN res_partner p ON p.id = s.partner_id
      JOIN crm_lifecycle_process process ON process.id = s.process_id
      JOIN crm_lifecycle_stage node ON node.id = s.stage_id
     ORDER BY s.partner_id, s.step
            """
        )
