from odoo import api, fields, models
from odoo.tools import SQL


class CrmSlaEscalation(models.Model):
    """That a clock has reached a level, and whom it told.

    Written in the transaction that tells them, once per clock and level: whoever is
    killed before has told nobody, whoever comes second finds it done.
    """

    _name = "crm.sla.escalation"
    _description = "Escalation"
    _order = "date desc, id desc"
    _log_access = False

    timer_id = fields.Many2one(
        "crm.sla.timer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "crm.sla.level", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Datetime(required=True, readonly=True)
    result = fields.Selection(
        [
            ("told", "Told"),
            ("nobody", "Nobody to tell"),
            ("past", "Passed before the limit was introduced"),
        ],
        required=True,
        readonly=True,
        default="told",
    )
    user_ids = fields.Many2many("res.users", string="Told", readonly=True)
    activity_ids = fields.Many2many("mail.activity", string="Activities", readonly=True)

    _once = models.UniqueIndex("(timer_id, level_id)", "A clock reaches a level once.")

    @api.model
    def _add(self, timers, level, now, people, result, activities):
        """Write down that clocks have reached a level; three statements for all.

        :param datetime now: UTC
        :param dict people: ``{timer: res.users}``
        :param str result: one of the field ``result``
        :param dict activities: ``{timer: mail.activity}``
        """
        if not timers:
            return
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_sla_escalation (timer_id, level_id, date, result)
                SELECT unnest(%s::int[]), %s, %s, %s RETURNING timer_id, id
                """,
                timers.ids,
                level.id,
                now,
                result,
            )
        )
        ids = dict(rows)
        for field_name, found in (("user_ids", people), ("activity_ids", activities)):
            self._add_relation(
                field_name,
                [
                    (ids[t.id], line.id)
                    for t in timers
                    if t in found
                    for line in found[t]
                ],
            )
        timers.invalidate_recordset(["escalation_ids"], flush=False)

    def _add_relation(self, field_name, pairs):
        field = self._fields[field_name]
        if pairs:
            self.env.execute_query(
                SQL(
                    "INSERT INTO %s (%s, %s)"
                    " SELECT unnest(%s::int[]), unnest(%s::int[]) RETURNING 1",
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column1),
                    SQL.identifier(field.column2),
                    *map(list, zip(*pairs, strict=True)),
                )
            )
