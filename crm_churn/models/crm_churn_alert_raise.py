import logging
from typing import NamedTuple

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_churn_alert_owner import OWNERS
from .crm_churn_alert_state import CALL, CLOSED_STATES, OPEN_STATES

_logger = logging.getLogger(__name__)

BATCH = 500
CALL_DAYS = 3  # where the activity type has been deleted


class Silent(NamedTuple):
    """One customer who is silent in one company, as the query returns it."""

    metrics_id: int
    partner_id: int
    company_id: int
    stage_id: int
    limit_days: int
    silence_days: int
    last_purchase_date: object
    salesperson_id: int
    tier_owner_id: int
    stage_owner_id: int
    leader_id: int


class CrmChurnAlert(models.Model):
    """Who is silent, and the nightly run that raises the alerts."""

    _inherit = "crm.churn.alert"

    # ------------------------------------------------------------
    # Who is silent
    # ------------------------------------------------------------

    @api.model
    def _get_silent_query(self, after_id=0):
        """All customers whose silence is longer than their stage allows.

        Days are counted as in the domain ``("lifecycle_last_purchase_date", "<",
        "today -90d")``: whole days in the time zone of whoever runs it.

        :param int after_id: skip the facts up to this id, to go through in batches
        :return: ``SQL`` with the columns of :class:`Silent`, ordered by facts
        """
        return SQL(
            """
            SELECT m.id AS metrics_id, m.partner_id, m.company_id, s.id AS stage_id,
                   s.churn_silence_days AS limit_days, silence.days AS silence_days,
                   m.last_purchase_date, %(owners)s
              FROM crm_customer_metrics m
              JOIN res_partner p ON p.id = m.partner_id
              JOIN crm_lifecycle_stage s ON s.id = p.lifecycle_stage_id
              LEFT JOIN crm_customer_tier tier ON tier.id = p.customer_tier_id
              LEFT JOIN res_users seller ON seller.id = p.user_id
              LEFT JOIN crm_team team ON team.id = seller.sale_team_id
              JOIN res_company c ON c.id = m.company_id
             CROSS JOIN LATERAL (SELECT %(days)s AS days) AS silence
             WHERE m.id > %(after_id)s AND s.churn_silence_days > 0
               AND silence.days > s.churn_silence_days
               AND p.active AND c.active AND p.commercial_partner_id = p.id
               AND NOT EXISTS (%(alerted)s)
             ORDER BY m.id
            """,
            days=self._get_days_since("m.last_purchase_date"),
            after_id=after_id,
            alerted=self._get_alerted_query(),
            owners=OWNERS,
        )

    @api.model
    def _get_alerted_query(self):
        """Alerts that speak against one more for the facts ``m``.

        An open one, or one that somebody closed not longer ago than its limit. What
        closed by itself does not count: there the facts restart the clock.
        """
        return SQL(
            """
            SELECT FROM crm_churn_alert a
             WHERE a.partner_id = m.partner_id AND a.company_id = m.company_id
               AND a.reason = 'silence'
               AND (a.state IN %(open)s
                    OR (a.state IN %(closed)s AND a.closed_by_itself IS NOT TRUE
                        AND %(days)s <= a.limit_days))
            """,
            open=OPEN_STATES,
            closed=CLOSED_STATES,
            days=self._get_days_since("a.closed_date"),
        )

    @api.model
    def _get_days_since(self, column, until=None):
        """Whole days from one moment to another, today when not given."""
        if until is None:
            end = SQL("%s::date", fields.Date.context_today(self))
        else:
            end = self._get_local_day(until)
        return SQL("(%s - %s)", end, self._get_local_day(column))

    @api.model
    def _get_local_day(self, column):
        """The day of a moment, in the time zone in which days are counted here."""
        table, name = column.split(".")
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            SQL.identifier(table, name),
            str(self.env.tz),
        )

    @api.model
    def _fetch_silent(self, after_id, limit):
        """The next silent customers, see :meth:`_get_silent_query`."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("%s LIMIT %s", self._get_silent_query(after_id), limit)
        )
        return [Silent(*row) for row in rows]

    @api.model
    def _count_silent(self):
        self.env.flush_all()
        query = SQL("SELECT count(*) FROM (%s) AS silent", self._get_silent_query())
        return self.env.execute_query(query)[0][0]

    # ------------------------------------------------------------
    # Raising
    # ------------------------------------------------------------

    @api.model
    def _cron_raise_silent(self):
        """Nightly: tidy up what has become pointless, then alert for who is silent.

        Resumable after every batch; can be run any time and by two workers.
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        outdated = self._find_outdated()
        commit_progress(remaining=len(outdated) + self._count_silent())
        for start in range(0, len(outdated), BATCH):
            batch = outdated[start : start + BATCH]
            self._in_savepoint(self._close_rows, batch)
            if not commit_progress(len(batch)):
                return
        self._replace_gone_owners()
        after_id = 0
        while rows := self._fetch_silent(after_id, BATCH):
            after_id = rows[-1].metrics_id
            self._in_savepoint(self._raise_rows, rows)
            if not commit_progress(len(rows)):
                return
        self._raise_unwell(commit_progress)

    @api.model
    def _in_savepoint(self, process, rows):
        """Process all rows at once; when that fails one by one, so that no bad one
        stops the others."""
        try:
            with self.env.cr.savepoint():
                process(rows)
        except Exception as error:
            self.env.invalidate_all(flush=False)
            if len(rows) > 1:
                for row in rows:
                    self._in_savepoint(process, [row])
            elif isinstance(error, SerializationFailure):
                _logger.debug("Churn alerts: another worker has taken %s", rows[0])
            else:
                _logger.exception("Churn alerts: skipped %s", rows[0])

    @api.model
    def _raise_rows(self, rows):
        """Open alerts for silent customers and plan the calls.

        Customers for whom somebody else has opened one meanwhile are passed over.

        :param list rows: of :class:`Silent`
        :return: the new alerts
        """
        owners = self._get_owners(rows)
        alerts = self._insert(
            [
                {
                    "partner_id": row.partner_id,
                    "company_id": row.company_id,
                    "stage_id": row.stage_id,
                    "limit_days": row.limit_days,
                    "silence_days": row.silence_days,
                    "last_purchase_date": row.last_purchase_date,
                    "user_id": owner.id or None,
                }
                for row, owner in zip(rows, owners, strict=True)
            ]
        )
        alerts._follow_up()
        return alerts

    def _follow_up(self):
        """Hook: what begins with new alerts: the call for their owner."""
        self._schedule_call()

    @api.model
    def _insert(self, rows):
        """Write alerts of one reason; one statement, and never a second open one.

        :param list rows: dicts of column values, all with the same keys
        :return: the alerts that are new
        """
        now = fields.Datetime.now()
        common = {
            "reason": "silence",
            "state": "new",
            "raised_date": now,
            "deadline": self._get_deadline(),
            "create_uid": self.env.uid,
            "create_date": now,
            "write_uid": self.env.uid,
            "write_date": now,
        }
        values = [{**common, **row} for row in rows]
        query = SQL(
            "INSERT INTO crm_churn_alert (%s) VALUES %s"
            " ON CONFLICT DO NOTHING RETURNING id",
            SQL(", ").join(map(SQL.identifier, values[0])),
            SQL(", ").join(SQL("%s", tuple(row.values())) for row in values),
        )
        # a row another worker has just written is no news for the log
        self.env.cr.execute(query, log_exceptions=False)
        alerts = self.browse(row[0] for row in self.env.cr.fetchall())
        alerts.modified(self._fields)
        return alerts

    @api.model
    def _get_deadline(self):
        call_type = self.env.ref(CALL, raise_if_not_found=False)
        if call_type:
            return call_type._get_date_deadline()
        return fields.Date.add(fields.Date.context_today(self), days=CALL_DAYS)
