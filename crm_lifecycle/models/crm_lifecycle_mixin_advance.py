import logging
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 500


class CrmLifecycleMixin(models.AbstractModel):
    """Automatic moves: on events for the records concerned, nightly for all."""

    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_advance(self, origin="auto"):
        """Move records along the automatic moves whose condition they meet.

        Repeats until nothing moves. No record enters a stage twice in one call,
        so that contradicting conditions end in a stage instead of an endless loop.

        :param str origin: see ``crm.lifecycle.visit.origin``
        :return: the records that moved
        """
        been_in = defaultdict(set)
        for record in self:
            been_in[record.id].add(record.lifecycle_stage_id.id)
        moved, pending = self.browse(), self
        while pending:
            by_stage = pending.grouped("lifecycle_stage_id")
            pending = self.browse()
            for edge in self._lifecycle_get_auto_moves(by_stage):
                here = by_stage[edge.source_id] - pending
                here = here.filtered(
                    lambda r, e=edge: e.target_id.id not in been_in[r.id]
                )
                matching = here and edge._filter_matching(here)
                if matching := matching._lifecycle_filter_free(edge.target_id):
                    matching._lifecycle_move(
                        edge.target_id, origin=origin, transition=edge
                    )
                    for record in matching:
                        been_in[record.id].add(edge.target_id.id)
                    pending |= matching
            moved |= pending
        return moved

    @api.model
    def _lifecycle_get_auto_moves(self, stages=None):
        """Automatic moves of the running processes for this host, in their order.

        :param stages: iterable of source stages; all when not given
        """
        domain = (
            Domain("trigger", "=", "auto")
            & Domain(
                "process_id",
                "any",
                self.env["crm.lifecycle.process"]._get_running_domain(),
            )
            & Domain("source_id.phase", "=", self._lifecycle_phase)
        )
        if stages is not None:
            domain &= Domain("source_id", "in", [stage.id for stage in stages])
        # sudo: processes of every company run
        return self.env["crm.lifecycle.transition"].sudo().search(domain)

    @api.model
    def _cron_lifecycle_advance(self):
        """Evaluate every automatic move; resumable, one bad record stops nobody."""
        commit_progress = self.env["ir.cron"]._commit_progress
        for model_name in self._lifecycle_get_hosts().values():
            host = self.env[model_name]
            ids = host._lifecycle_find_due()
            commit_progress(remaining=len(ids))
            for start in range(0, len(ids), BATCH):
                batch = host.browse(ids[start : start + BATCH])
                batch.try_lock_for_update()._lifecycle_advance_safely()
                if not commit_progress(len(batch)):
                    return

    def _lifecycle_advance_safely(self):
        """Like :meth:`_lifecycle_advance`; who cannot is skipped and logged."""
        try:
            with self.env.cr.savepoint():
                self._lifecycle_advance()
        except Exception as error:
            if len(self) == 1:
                name = self.display_name
                _logger.warning("Lifecycle: %s (%s) skipped: %s", name, self, error)
                return
            for record in self:
                record._lifecycle_advance_safely()

    @api.model
    def _lifecycle_find_due(self):
        """Ids of the records that meet the condition of some automatic move."""
        ids = set()
        for edge in self._lifecycle_get_auto_moves():
            ids.update(edge._find_matching_ids())
        return sorted(ids)

    @api.model
    def _lifecycle_rebuild_history(self):
        """Give every record without a stay the history that Odoo already has of it.

        Can be run any time: records that have a stay are left alone.
        """
        for model_name in self._lifecycle_get_hosts().values():
            self.env[model_name]._lifecycle_rebuild_host_history()

    @api.model
    def _lifecycle_rebuild_host_history(self):
        """Hook: set-based rebuilding of one host's stays."""

    @api.model
    def _lifecycle_show_open_stays(self):
        """Let this host's records show the open stay where they do not yet."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS record
                   SET lifecycle_stage_id = v.stage_id,
                       lifecycle_stage_date = v.entered_date
                  FROM crm_lifecycle_visit v
                 WHERE v.%(key)s = record.%(owner)s AND v.left_date IS NULL
                   AND record.lifecycle_stage_id IS DISTINCT FROM v.stage_id
                """,
                table=SQL.identifier(self._table),
                key=SQL.identifier(self._lifecycle_visit_key),
                owner=SQL.identifier(self._lifecycle_owner_column),
            )
        )
        self.invalidate_model(["lifecycle_stage_id", "lifecycle_stage_date"])
        self.env["crm.lifecycle.visit"].invalidate_model()

    @api.model
    def _lifecycle_follow_scope(self, process):
        """The scope or the chart of ``process`` changed: records find their place anew.

        Records that never had a stay get their history first.
        """
        self._lifecycle_rebuild_history()
        for model_name in self._lifecycle_get_hosts().values():
            self.env[model_name]._lifecycle_follow_host_scope(process)

    @api.model
    def _lifecycle_follow_host_scope(self, process):
        """Hook: move this host's records that now belong to ``process`` into it."""
