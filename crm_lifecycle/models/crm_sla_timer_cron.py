import logging

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CrmSlaTimer(models.Model):
    """The cron: pauses, plans, escalations; resumable, one bad record stops nobody."""

    _inherit = "crm.sla.timer"

    @api.model
    def _cron_escalate(self):
        """Bring pauses and plans up to date, then escalate what is due."""
        commit_progress = self.env["ir.cron"]._commit_progress
        policies = self.env["crm.sla.policy"]
        policies._cron_plan(commit_progress)
        policies._get_pausing()._sync_pauses()
        commit_progress()
        now, failed = fields.Datetime.now(), set()
        while timers := self._take_due(now, self._get_batch_size(), failed):
            failed.update(timers._escalate_safely(now))
            if not commit_progress(len(timers)):
                self._trigger_cron()
                return
        self._schedule_next(now)

    @api.model
    def _get_batch_size(self):
        """How many clocks one transaction escalates."""
        return 1000

    def _take_due(self, now, limit, skipped=()):
        """Lock clocks that have something to escalate and nobody else works on.

        :param datetime now: UTC
        :param int limit: at most so many
        :param skipped: ids that failed in this run
        """
        self.env.flush_all()
        query = SQL(
            """
            SELECT id FROM crm_sla_timer
             WHERE done_date IS NULL AND next_event_date <= %s AND id != ALL(%s)
             ORDER BY next_event_date, id LIMIT %s
               FOR UPDATE SKIP LOCKED
            """,
            now,
            list(skipped),
            limit,
        )
        for _attempt in range(10):
            try:
                self.env.cr.execute(query, log_exceptions=False)
            except SerializationFailure:
                # another worker has finished some since our snapshot: a new one
                self.env.cr.rollback()
            else:
                self.invalidate_model(flush=False)
                return self.browse(row[0] for row in self.env.cr.fetchall())
        return self.browse()

    def _escalate_safely(self, now):
        """Like :meth:`_escalate`; who cannot is logged by name.

        :return: ids of those that failed
        """
        try:
            with self.env.cr.savepoint():
                self._escalate(now)
        except SerializationFailure:
            raise  # Odoo tries again
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(self) > 1:
                middle = len(self) // 2
                return [
                    *self[:middle]._escalate_safely(now),
                    *self[middle:]._escalate_safely(now),
                ]
            _logger.warning(
                "Time limit of %s (%s) skipped: %s", self.record_name, self, error
            )
            return self.ids
        return []

    @api.model
    def _schedule_next(self, now):
        """Let the cron come back for the next escalation."""
        coming = self._get_running_domain() & Domain("next_event_date", ">", now)
        first = self.search(coming, order="next_event_date", limit=1)
        if first:
            self._trigger_cron(first.next_event_date)
