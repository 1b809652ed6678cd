import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 20000  # rows written in one transaction
MANY = 20000  # changed customers; beyond, looking at all of them is quicker
TODO = SQL("crm_customer_metrics_todo")


class CrmCustomerMetrics(models.Model):
    """When facts are brought up to date: nightly for who changed, weekly for all."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _cron_refresh(self):
        """Nightly: facts first, then the tiers and moves that stand on them."""
        commit_progress = self.env["ir.cron"]._commit_progress
        if not self._refresh_changed(commit_progress):
            return
        mixin = self.env["crm.lifecycle.mixin"]
        mixin._lifecycle_rebuild_history()
        tiers = self.env["crm.customer.tier"]
        if not tiers._cron_evaluate() or not self._refresh_judgements(commit_progress):
            return
        mixin._cron_lifecycle_advance()
        if tiers._assign_missing_owners(commit_progress):
            tiers._cron_care()
        self.env["crm.data.gap"]._close_repaired()

    @api.model
    def _refresh_judgements(self, commit):
        """Hook: what other addons judge by facts and tiers, before customers move.

        :param commit: see :meth:`_refresh_changed`
        :return: whether all is done
        """
        return True

    @api.model
    def _refresh_changed(self, commit=None):
        """Bring the facts of customers up to date about whom something has changed.

        Everybody is looked at when a week has passed, a source is new, or the database
        was restored.

        :param commit: called after each batch with the number of rows, like
            ``ir.cron._commit_progress``; what returns 0 stops the run, which goes on
            where it stopped the next time
        :return: whether all is done
        """
        self.env.flush_all()
        snapshot = self._get_snapshot(ends=bool(commit))
        if commit:
            commit(0)
        marks = self._read_marks()
        self.env.cr.execute("SELECT id FROM crm_customer_metrics_dirty")
        told = [row[0] for row in self.env.cr.fetchall()]
        partner_ids = None
        if not self._must_rebuild(marks, snapshot):
            partner_ids = self._find_changed(marks, snapshot)
            if len(partner_ids) > MANY:
                partner_ids = None
        if not self._rebuild(partner_ids, commit, snapshot.now):
            return False
        self._write_marks(marks, snapshot, rebuilt=partner_ids is None)
        self.env.cr.execute(
            SQL("DELETE FROM crm_customer_metrics_dirty WHERE id = ANY(%s)", told)
        )
        if commit:
            commit(0)
        return True

    # ------------------------------------------------------------
    # Writing what differs
    # ------------------------------------------------------------

    @api.model
    def _set_planner(self, loops=True):
        """Much memory, no compiler: for the statements of this transaction.

        :param loops: off for a pass over everybody, which never gains by nested loops
            and takes minutes when the planner expects few rows by old statistics
        """
        self.env.cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        self.env.cr.execute(SQL("SET LOCAL enable_nestloop = %s", loops))

    @api.model
    def _rebuild(self, partner_ids=None, commit=None, now=None):
        """Aggregate once, then write what differs, batch by batch.

        A row that somebody else has refreshed meanwhile is left as it is.

        :param partner_ids: commercial partners, all when ``None``
        :param commit: see :meth:`_refresh_changed`
        :return: whether all is done
        """
        count = self._collect_changes(partner_ids, now)
        if commit:
            commit(remaining=count)
        self._set_planner()
        for start in range(0, count, BATCH):
            self._write_changes(start // BATCH)
            if commit and not commit(min(BATCH, count - start)):
                return False
        self.env.cr.execute(SQL("DROP TABLE %s", TODO))
        if count:
            _logger.info("Customer facts: %s rows changed", count)
            self._forget_facts()
        return True

    @api.model
    def _collect_changes(self, partner_ids, now):
        """A temporary table of the rows that have to be written; how many there are."""
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("partner_id = ANY(%s)", partner_ids)
        self._set_planner(loops=partner_ids is not None)
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TODO))
        self.env.cr.execute(
            SQL(
                """
    CREATE TEMP TABLE %(todo)s AS
      WITH f AS MATERIALIZED (%(facts)s),
           m AS (SELECT id AS metrics_id, xmin AS seen, * FROM crm_customer_metrics
                  WHERE %(among)s)
    SELECT ((row_number() OVER () - 1) / %(batch)s)::int AS batch,
           m.metrics_id, m.seen, f.*
      FROM f FULL JOIN m
        ON m.partner_id = f.partner_id AND m.company_id = f.company_id
     WHERE m.metrics_id IS NULL OR f.partner_id IS NULL
        OR (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                todo=TODO,
                facts=self._get_facts_query(partner_ids, self._get_calendar(now)),
                among=among,
                batch=BATCH,
                **self._get_column_lists(self._get_fact_columns(), "m", "f"),
            )
        )
        count = self.env.cr.rowcount
        if count > BATCH:  # else each batch would read the whole table
            self.env.cr.execute(SQL("CREATE INDEX ON %s (batch)", TODO))
            self.env.cr.execute(SQL("ANALYZE %s", TODO))
        return count

    @api.model
    def _write_changes(self, batch):
        self.env.cr.execute(
            SQL(
                """
    WITH f AS MATERIALIZED (
        SELECT * FROM %(todo)s WHERE batch = %(batch)s
    ), changed AS (
        UPDATE crm_customer_metrics m SET %(assign)s
          FROM f WHERE m.id = f.metrics_id AND m.xmin = f.seen
                   AND f.partner_id IS NOT NULL
    ), added AS (
        INSERT INTO crm_customer_metrics (partner_id, company_id, %(names)s)
        SELECT f.partner_id, f.company_id, %(new)s
          FROM f JOIN res_partner p ON p.id = f.partner_id
         WHERE f.metrics_id IS NULL ORDER BY f.partner_id
            ON CONFLICT DO NOTHING
    )
    DELETE FROM crm_customer_metrics m
     USING f WHERE m.id = f.metrics_id AND m.xmin = f.seen AND f.partner_id IS NULL
                """,
                todo=TODO,
                batch=batch,
                **self._get_column_lists(self._get_fact_columns(), "m", "f"),
            )
        )
