from collections import defaultdict
from itertools import accumulate

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

MAX_FRAMES = 200


class CrmLifecycleProcess(models.Model):
    """A period of the process as a film: who stood where at each of its moments."""

    _inherit = "crm.lifecycle.process"

    def get_lifecycle_replay(self, options=None, frames=60):
        """The counts of a period in steps of equal length.

        :param dict options: see ``get_lifecycle_map``; the period that ends at
            ``as_of``, else now
        :param int frames: number of steps, at most 200
        :return: dict with ``moments`` (UTC texts), ``counts`` (``{key: [count at each
            moment]}``) and ``moves`` (``[frame, source key, target key, count]``, what
            happened up to that moment since the one before)
        :raise UserError: a film has 2 to 200 frames
        """
        self.ensure_one()
        if not isinstance(frames, int) or not 1 < frames <= MAX_FRAMES:
            raise UserError(self.env._("A film has 2 to %s frames.", MAX_FRAMES))
        base = self._get_map_process()
        base.check_access("read")
        scope = base._get_map_scope(options)
        step = (scope.until - scope.since) / (frames - 1)
        moments = [scope.since + step * number for number in range(frames)]
        return {
            "moments": [fields.Datetime.to_string(moment) for moment in moments],
            "counts": base._get_replay_counts(scope, moments),
            "moves": base._get_replay_moves(scope, moments),
        }

    def _get_replay_counts(self, scope, moments):
        """Who stood where at the first moment, then who came and left in each step."""
        visits = self.env["crm.lifecycle.visit"]
        standing = visits._get_standing_domain(moments[0])
        changes = defaultdict(lambda: [0] * len(moments))
        for key, frame, count in self.env.execute_query(
            SQL(
                "%s UNION ALL %s UNION ALL %s",
                self._count_replay(scope.domain & standing, None, 1, moments),
                self._count_replay(
                    self._get_map_arrived_domain(scope), "entered_date", 1, moments
                ),
                self._count_replay(
                    self._get_map_left_domain(scope), "left_date", -1, moments
                ),
            )
        ):
            changes[key][frame] += count
        return {key: list(accumulate(steps)) for key, steps in changes.items()}

    def _count_replay(self, domain, date_name, sign, moments):
        """Rows of stage key, frame and change of the count."""
        query = self.env["crm.lifecycle.visit"]._search(domain)
        table = query.table
        stage = query.join(table, "stage_id", "crm_lifecycle_stage", "id", "stage")
        frame = self._get_frame(table, date_name, moments) if date_name else SQL("0")
        query.groupby = SQL("%s, %s", SQL.identifier(stage, "key"), SQL("2"))
        return query.select(
            SQL.identifier(stage, "key"), frame, SQL("(%s * count(*))::int", sign)
        )

    def _get_frame(self, table, date_name, moments):
        """The first moment at which something that happened then is seen."""
        return SQL(
            "width_bucket(%s, %s::timestamp[])",
            SQL(
                "%s - interval '1 microsecond'",
                SQL.identifier(table, date_name),
            ),
            moments,
        )

    def _get_replay_moves(self, scope, moments):
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(
            self._get_map_arrived_domain(scope)
            & (visits._get_moves_domain() | Domain("previous_stage_id", "=", False))
        )
        table = query.table
        stage = query.join(table, "stage_id", "crm_lifecycle_stage", "id", "stage")
        source = query.left_join(
            table, "previous_stage_id", "crm_lifecycle_stage", "id", "source"
        )
        columns = (
            self._get_frame(table, "entered_date", moments),
            SQL.identifier(source, "key"),
            SQL.identifier(stage, "key"),
        )
        query.groupby = SQL("1, 2, 3")
        rows = self.env.execute_query(query.select(*columns, SQL("count(*)")))
        return [list(row) for row in sorted(rows, key=lambda row: row[0])]
