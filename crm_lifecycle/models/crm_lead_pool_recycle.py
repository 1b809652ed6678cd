import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

BATCH = 200
RECYCLABLE = """
    WITH held AS (
        SELECT r.id, r.user_id, r.lifecycle_recycle_date AS announced,
               COALESCE(r.lifecycle_owned_date, r.create_date) AS owned,
               COALESCE(r.lifecycle_stage_date, r.create_date) AS staged,
               %(touch)s AS touch_days, %(advance)s AS advance_days
          FROM %(table)s AS r
         WHERE r.id IN %(governed)s AND %(among)s
    ), timed AS (
        SELECT r.*, CASE WHEN touch_days > 0 THEN GREATEST(owned, %(touches)s)
                         + touch_days * interval '1 day' END AS touch_due,
               CASE WHEN advance_days > 0 THEN GREATEST(owned, staged)
                         + advance_days * interval '1 day' END AS advance_due
          FROM held r
         WHERE announced IS NOT NULL
            OR owned < %(now)s - LEAST(NULLIF(touch_days, 0),
                                       NULLIF(advance_days, 0))
                       * interval '1 day' + %(warn)s * interval '1 day'
    )
    SELECT r.id, CASE WHEN NOT %(protected)s
                      THEN LEAST(touch_due, advance_due) END AS due, announced
      FROM timed r
     WHERE announced IS NOT NULL
        OR LEAST(touch_due, advance_due) <= %(now)s + %(warn)s * interval '1 day'
     ORDER BY r.id
"""


class CrmLeadPool(models.Model):
    """Taking back what its owner neglects."""

    _inherit = "crm.lead.pool"

    # ------------------------------------------------------------
    # Whose time is up: one statement per pool
    # ------------------------------------------------------------

    @api.model
    def _get_message_source(self, condition):
        """The last mail a colleague wrote, or activity a colleague did, as SQL.

        Notes and what programs send are no touch.

        :param SQL condition: which messages ``m``
        """
        comment = self.env.ref("mail.mt_comment", raise_if_not_found=False)
        return SQL(
            """
            SELECT max(m.date) FROM mail_message m
             WHERE %(condition)s
               AND (m.mail_activity_type_id IS NOT NULL
                    OR m.message_type IN ('comment', 'email_outgoing')
                       AND m.subtype_id = %(comment)s)
               AND EXISTS (SELECT FROM res_users u
                            WHERE u.partner_id = m.author_id AND u.active
                              AND u.share IS NOT TRUE)
            """,
            condition=condition,
            comment=comment.id if comment else None,
        )

    def _get_recycle_columns(self):
        """Hook: the days without a touch and without an advance of the record ``r``.

        Whatever makes them differ by record extends this, as a tier does.

        :return: dict of SQL expressions ``touch`` and ``advance``, 0 for never
        """
        self.ensure_one()
        return {
            "touch": SQL("%s", self.touch_days),
            "advance": SQL("%s", self.advance_days),
        }

    def _get_recycle_days(self, record):
        """The days that apply to one record.

        :return: ``(days without a touch, days without an advance)``, 0 for never
        """
        self.ensure_one()
        columns = self._get_recycle_columns()
        [days] = self.env.execute_query(
            SQL(
                "SELECT %s, %s FROM %s AS r WHERE r.id = %s",
                columns["touch"],
                columns["advance"],
                SQL.identifier(record._table),
                record.id,
            )
        )
        return days

    def _get_running_order(self):
        """Whether a quotation or an order protects the record ``r``, as SQL."""
        host = self.env[self.res_model]
        return SQL(
            """
            EXISTS (SELECT FROM sale_order o
                     WHERE %(ours)s
                       AND (o.state IN ('draft', 'sent')
                            AND COALESCE(o.validity_date >= %(today)s, TRUE)
                            OR o.state = 'sale'
                            AND (o.invoice_status = 'to invoice'
                                 OR o.date_order >= %(since)s)))
            """,
            ours=host._lifecycle_get_order_condition(),
            today=fields.Date.today(),
            since=fields.Datetime.now() - timedelta(days=self.order_days),
        )

    def _get_governed_query(self):
        """The owned open records this pool takes back from its members.

        A record that several pools fit comes under the first of them.
        """
        host = self._get_host()
        domain = self._get_record_domain() & Domain("user_id", "!=", False)
        if members := self._get_members():
            domain &= Domain("user_id", "in", members.ids)
        earlier = self.sudo().search(  # sudo: pools of all teams
            [("res_model", "=", self.res_model)]
        )
        position = earlier.ids.index(self.id) if self in earlier else 0
        for pool in earlier[:position].filtered(
            lambda p: not p.company_id or p.company_id == self.company_id
        ):
            domain &= ~Domain("id", "in", host._search(pool._get_record_domain()))
        return host._search(domain)

    def _find_recyclable(self, ids=None):
        """What is to be done with the records this pool takes back.

        :param ids: only these records
        :return: ``[(id, due, announced)]``: when its time is up, ``None`` for never,
            and the date its owner was told
        """
        self.ensure_one()
        self.env.flush_all()
        host = self.env[self.res_model]
        columns = self._get_recycle_columns()
        return self.env.execute_query(
            SQL(
                RECYCLABLE,
                table=SQL.identifier(host._table),
                governed=self._get_governed_query().subselect(),
                among=SQL("TRUE") if ids is None else SQL("r.id = ANY(%s)", list(ids)),
                touch=columns["touch"],
                advance=columns["advance"],
                touches=SQL(", ").join(
                    SQL("(%s)", source)
                    for source in host._lifecycle_get_touch_sources()
                ),
                protected=self._get_running_order(),
                now=fields.Datetime.now(),
                warn=self.warn_days,
            )
        )

    # ------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------

    @api.model
    def _cron_recycle(self):
        """Warn owners and take back what is neglected; resumable at any point."""
        commit_progress = self.env["ir.cron"]._commit_progress
        # sudo: pools of every company
        pools = self.sudo().search(
            ["|", ("touch_days", ">", 0), ("advance_days", ">", 0)]
        )
        work = []
        for pool in pools:
            ids = [row[0] for row in pool._find_recyclable()]
            work += [(pool, batch) for batch in split_every(BATCH, ids)]
        commit_progress(remaining=sum(len(batch) for _pool, batch in work))
        for pool, batch in work:
            pool._recycle_safely(batch)
            if not commit_progress(len(batch)):
                return

    def _recycle_safely(self, ids):
        """Like :meth:`_recycle`; who cannot is skipped and logged."""
        try:
            with self.env.cr.savepoint():
                self._recycle(ids)
        except Exception as error:
            if len(ids) == 1:
                _logger.warning(
                    "Pool %s: %s %s skipped: %s",
                    self.name,
                    self.res_model,
                    ids[0],
                    error,
                )
                return
            for record_id in ids:
                self._recycle_safely([record_id])

    def _recycle(self, ids):
        """Do with records what their time asks for, if it still does.

        Records another transaction works on are left for the next run.
        """
        host = self._get_host()
        locked = host.browse(ids).try_lock_for_update(allow_referencing=True)
        now = fields.Datetime.now()
        warned_from = now + timedelta(days=self.warn_days)
        todo = defaultdict(list)
        for record_id, due, announced in self._find_recyclable(locked.ids):
            if due and due <= warned_from and announced is None and self.warn_days:
                todo["warn"].append(record_id)
            elif due and due <= now and (not self.warn_days or announced <= now):
                todo["take"].append(record_id)
            elif announced and (not due or due > warned_from):
                todo["relieve"].append(record_id)
        self._recycle_relieve(host.browse(todo["relieve"] + todo["take"]))
        self._recycle_warn(host.browse(todo["warn"]), warned_from)
        if taken := host.browse(todo["take"]):
            owners = {record: record.user_id for record in taken}
            pool = self.target_pool_id or self
            taken._lifecycle_release(
                pool, self.env._("Neglected, by the rules of the pool"), "recycled"
            )
            self._recycle_tell(owners, pool)

    def _recycle_relieve(self, records):
        """The warning is over: the owner got in touch, or it is taken back now."""
        if not records:
            return
        models.BaseModel.write(records, {"lifecycle_recycle_date": False})
        kind = self.env.ref("crm_lifecycle.mail_activity_type_recycle")
        # sudo: tasks of others
        self.env["mail.activity"].sudo().search(
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("activity_type_id", "=", kind.id)
        ).unlink()

    def _recycle_warn(self, records, date):
        """Tell the owners by one activity each, and the record the date."""
        if not records:
            return
        kind = self.env.ref("crm_lifecycle.mail_activity_type_recycle")
        model_id = self.env["ir.model"]._get_id(records._name)
        models.BaseModel.write(records, {"lifecycle_recycle_date": date})
        # sudo: tasks for others
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create(
            [
                {
                    "activity_type_id": kind.id,
                    "summary": self.env._(
                        "Get in touch, or it goes back to the pool “%s”", self.name
                    ),
                    "date_deadline": date.date(),
                    "user_id": record.user_id.id,
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "automated": True,
                }
                for record in records
                if record.user_id.active
            ]
        )

    def _recycle_tell(self, owners, pool):
        """Tell each previous owner once what was taken back.

        :param dict owners: ``{record: res.users}``
        """
        by_owner = defaultdict(list)
        for record, owner in owners.items():
            by_owner[owner].append(record.display_name)
        for owner, names in by_owner.items():
            if owner.active:
                self.env["crm.lead.pool.event"]._tell(
                    owner,
                    self.env._("Taken back to the pool “%s”", pool.name),
                    names,
                )
