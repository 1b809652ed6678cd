from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("released", "Released"),
    ("recycled", "Taken Back"),
    ("claimed", "Claimed"),
    ("assigned", "Assigned"),
    ("returned", "Returned by a Departure"),
    ("handed_over", "Handed Over"),
]


class CrmLeadPoolEvent(models.Model):
    """Who gave a record to a pool, took it from there or handed it over, and why."""

    _name = "crm.lead.pool.event"
    _description = "Pool History"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Selection(KINDS, "What", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    pool_id = fields.Many2one(
        "crm.lead.pool", readonly=True, index="btree_not_null", ondelete="set null"
    )
    lead_id = fields.Many2one(
        "crm.lead", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users", "Done by", readonly=True, ondelete="set null"
    )
    owner_id = fields.Many2one(
        "res.users",
        "New Owner",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_owner_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one("res.company", readonly=True, ondelete="cascade")
    reason = fields.Char(readonly=True)

    def action_open_record(self):
        """Open the lead or the customer."""
        self.ensure_one()
        return (self.lead_id or self.partner_id).get_formview_action()

    @api.model
    def _log(self, kind, records, previous, pools, owner, reason=None):
        """Log one happening of many records.

        :param str kind: see ``KINDS``
        :param dict previous: ``{record id: id of its previous owner}``
        :param dict pools: ``{record id: id of the pool it came to or from}``
        :param owner: the new owner of all, may be empty
        """
        records.invalidate_recordset(["lifecycle_pool_event_ids"], flush=False)
        # sudo: the history is written by the server alone
        return self.sudo().create(
            [
                {
                    "kind": kind,
                    record._lifecycle_visit_key: record.id,
                    "pool_id": pools.get(record.id),
                    "user_id": self.env.uid,
                    "owner_id": owner.id,
                    "previous_owner_id": previous.get(record.id),
                    "company_id": record.company_id.id,
                    "reason": reason,
                }
                for record in records.sudo()  # sudo: the company of hidden records
            ]
        )

    @api.model
    def _tell(self, user, title, names):
        """Tell a user about records, by one message whatever their number.

        :param str title: the subject and the first line
        :param list names: of the records, the first twenty are named
        """
        shown = Markup("").join(Markup("<li>%s</li>") % name for name in names[:20])
        if len(names) > 20:
            more = self.env._("and %s more", len(names) - 20)
            shown += Markup("<li>%s</li>") % more
        # sudo: whoever causes it need not know the other's address
        user.partner_id.sudo().message_notify(
            partner_ids=user.partner_id.ids,
            subject=title,
            body=Markup("<p>%s</p><ul>%s</ul>") % (title, shown),
            email_layout_xmlid="mail.mail_notification_light",
            force_send=False,
        )


class CrmLeadPoolTally(models.Model):
    """How often one user claimed from one pool on one day.

    Two claims of the same user at the same time meet on this row: the second is
    repeated by Odoo and counts the first.
    """

    _name = "crm.lead.pool.tally"
    _description = "Claims of a Day"
    _log_access = False
    _rec_name = "date"

    pool_id = fields.Many2one(
        "crm.lead.pool", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    claim_count = fields.Integer("Claims", readonly=True)

    _day_uniq = models.UniqueIndex("(pool_id, user_id, date)")

    @api.model
    def _add(self, pool, user, count):
        """Add claims to the tally of today, the user's day.

        :return: the number of claims of that day
        """
        self.env["crm.lead.pool"].flush_model()
        [(total,)] = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_lead_pool_tally (pool_id, user_id, date, claim_count)
                VALUES (%(pool)s, %(user)s, %(date)s, %(count)s)
                ON CONFLICT (pool_id, user_id, date) DO UPDATE
                   SET claim_count = crm_lead_pool_tally.claim_count + %(count)s
                RETURNING claim_count
                """,
                pool=pool.id,
                user=user.id,
                date=fields.Date.context_today(self.with_context(tz=user.tz)),
                count=count,
            )
        )
        self.invalidate_model()
        return total
