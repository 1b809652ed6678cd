from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_metrics_source import COMMERCIAL, Source

REBUILD_DAYS = 7
# Transactions this young are not those of an earlier round of the counter.
FUTURE = 1000000
ROUND = 2**32


class Snapshot(NamedTuple):
    """What a transaction sees, in a form that a later one understands."""

    xid: str  # the oldest transaction that had not ended; 64 bits
    database: str
    now: object


class CrmCustomerMetricsMark(models.Model):
    """Up to where one source has been read; what came later is new.

    Not a date but a snapshot of PostgreSQL: a row is new when the transaction that
    wrote it had not ended when the source was last read. So nothing is missed that
    was committed late, or changed by a statement that leaves ``write_date`` alone.
    """

    _name = "crm.customer.metrics.mark"
    _description = "Customer Facts: Read Up To"
    _log_access = False

    name = fields.Char("Source", required=True)
    xid = fields.Char("Transaction")
    database = fields.Char()
    position = fields.Integer(help="Sources that only grow are read from this id on.")
    as_of = fields.Datetime("Read At")
    rebuilt = fields.Datetime("Last Read in Full")

    _name_uniq = models.UniqueIndex("(name)")


class CrmCustomerMetricsDirty(models.Model):
    """Customers whose facts are to be looked at, as their documents cannot tell it."""

    _name = "crm.customer.metrics.dirty"
    _description = "Customer Facts: To Be Looked At"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )

    @api.model
    def _mark(self, partners):
        """Have the facts of these partners' customers looked at in the nightly run."""
        if customers := partners.commercial_partner_id:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_customer_metrics_dirty (partner_id)"
                    " SELECT unnest(%s)",
                    customers.ids,
                )
            )


class CrmCustomerMetrics(models.Model):
    """Whose facts may have changed since they were last brought up to date."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _get_watched_sources(self):
        """Hook: every kind of document whose changes change facts.

        :return: list of ``Source`` with different names
        """
        stays = Source(
            name="stay",
            table="crm_lifecycle_visit",
            joins=SQL("JOIN res_partner p ON p.id = d.partner_id"),
            partner=COMMERCIAL,
            company=SQL("d.company_id"),
            date=SQL("d.entered_date"),
            values={},
        )
        return [*self._get_purchase_sources(), *self._get_contact_sources(), stays]

    @api.model
    def _get_snapshot(self, ends):
        """What is to be remembered of now.

        :param bool ends: whether the transaction ends after this, and what is read
            comes later. Then only transactions of this database matter: one that is
            not among those running has either ended, and will be seen, or begins
            later. Otherwise the oldest transaction of all databases is what is safe.
        """
        self.env.cr.execute(
            """
            SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint, d.oid::text,
                   ARRAY(SELECT backend_xid::text::bigint FROM pg_stat_activity
                          WHERE datid = d.oid AND backend_xid IS NOT NULL
                          UNION ALL
                         SELECT transaction::text::bigint FROM pg_prepared_xacts
                          WHERE database = d.datname),
                   EXISTS(SELECT FROM pg_stat_activity
                           WHERE datid = d.oid AND query = '<insufficient privilege>')
              FROM pg_database d WHERE d.datname = current_database()
            """
        )
        oldest, following, database, running, hidden = self.env.cr.fetchone()
        if ends and not hidden:
            # running transactions are told without the upper half of their number
            ages = [(following - number) % ROUND for number in running]
            oldest = following - max(ages, default=0)
        return Snapshot(str(oldest), database, fields.Datetime.now())

    @api.model
    def _read_marks(self):
        self.env.cr.execute(
            "SELECT name, xid, database, position, as_of, rebuilt"
            " FROM crm_customer_metrics_mark"
        )
        columns = ("xid", "database", "position", "as_of", "rebuilt")
        return {
            name: dict(zip(columns, values, strict=True))
            for name, *values in self.env.cr.fetchall()
        }

    @api.model
    def _must_rebuild(self, marks, snapshot):
        """Whether what has changed cannot be told, or has long not been checked."""
        names = {source.name for source in self._get_watched_sources()}
        if names - marks.keys():
            return True
        week_ago = snapshot.now - timedelta(days=REBUILD_DAYS)
        return any(
            mark["database"] != snapshot.database
            or int(mark["xid"]) > int(snapshot.xid)
            or not mark["rebuilt"]
            or mark["rebuilt"] <= week_ago
            for mark in marks.values()
        )

    @api.model
    def _find_changed(self, marks, snapshot):
        """Customers with documents that are new, changed, or begin or cease to count.

        :return: ids of commercial partners
        """
        queries = [SQL("SELECT partner_id FROM crm_customer_metrics_dirty")]
        for source in self._get_watched_sources():
            mark = marks[source.name]
            queries.append(source.select_partners(self._get_newness(source, mark)))
            if source.edges is not None:
                passed = self._get_passed(source.edges, mark["as_of"], snapshot.now)
                queries.append(source.select_partners(passed))
        invoices = next(s for s in self._get_watched_sources() if s.name == "invoice")
        due = self._get_fallen_due(marks["invoice"]["as_of"], snapshot.now)
        queries.append(invoices.select_partners(due))
        query = SQL(
            "SELECT DISTINCT partner_id FROM (%s) AS changed",
            SQL(" UNION ALL ").join(queries),
        )
        self._set_planner()
        self.env.cr.execute(query)
        return [row[0] for row in self.env.cr.fetchall() if row[0]]

    @api.model
    def _get_newness(self, source, mark):
        """Condition for rows that the snapshot of ``mark`` could not see."""
        xid = str(int(mark["xid"]) % ROUND)
        new = SQL(
            "age(d.xmin) BETWEEN %s AND (SELECT age(%s::text::xid))", -FUTURE, xid
        )
        if source.appended:
            return SQL("d.id > %s AND %s", mark["position"], new)
        return new

    @api.model
    def _get_passed(self, column, before, now):
        """Condition for dates that an edge of the calendar has passed since."""
        edges = zip(
            self._get_calendar(before)[:3], self._get_calendar(now)[:3], strict=True
        )
        return SQL(" OR ").join(
            SQL("%s BETWEEN %s AND %s", column, min(edge), max(edge)) for edge in edges
        )

    @api.model
    def _get_fallen_due(self, before, now):
        days = sorted((before.date(), now.date()))
        return SQL("d.invoice_date_due BETWEEN %s AND %s", *days)

    @api.model
    def _write_marks(self, marks, snapshot, rebuilt):
        for source in self._get_watched_sources():
            mark = marks.get(source.name, {})
            position = mark.get("position") or 0
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO crm_customer_metrics_mark AS mark
                                (name, xid, database, position, as_of, rebuilt)
                    VALUES (%s, %s, %s, %s, %s, %s)
                        ON CONFLICT (name) DO UPDATE
                       SET (xid, database, position, as_of, rebuilt) = (excluded.xid,
                           excluded.database, excluded.position, excluded.as_of,
                           COALESCE(excluded.rebuilt, mark.rebuilt))
                    """,
                    source.name,
                    snapshot.xid,
                    snapshot.database,
                    self._get_position(source, position) if source.appended else 0,
                    snapshot.now,
                    snapshot.now if rebuilt else None,
                )
            )

    @api.model
    def _get_position(self, source, position):
        """The last id of a day ago: no transaction that has written more is open."""
        self.env.cr.execute(
            SQL(
                "SELECT COALESCE(max(id), %s) FROM %s WHERE id > %s"
                " AND create_date < now() AT TIME ZONE 'UTC' - interval '1 day'",
                position,
                SQL.identifier(source.table),
                position,
            )
        )
        return self.env.cr.fetchone()[0]
