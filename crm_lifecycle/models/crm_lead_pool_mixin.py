from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

DEFAULT_COOLDOWN = 14

# written by the server alone
POOL_FIELDS = {
    "lifecycle_pool_id",
    "lifecycle_pooled_date",
    "lifecycle_owned_date",
    "lifecycle_previous_user_id",
    "lifecycle_cooldown_date",
    "lifecycle_release_reason",
    "lifecycle_recycle_date",
}
LEFT_POOL = {
    "lifecycle_pool_id": False,
    "lifecycle_pooled_date": False,
    "lifecycle_release_reason": False,
}


class PoolMove:
    """Says how a record gets its owner; a client cannot forge an object."""

    def __init__(self, kind, reason=None):
        self.kind = kind
        self.reason = reason


class CrmLeadPoolMixin(models.AbstractModel):
    """What can wait in a pool: it has an owner or a pool, never both."""

    _name = "crm.lead.pool.mixin"
    _description = "Record of a Pool"

    lifecycle_pool_id = fields.Many2one(
        "crm.lead.pool",
        "Waits in Pool",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    lifecycle_pooled_date = fields.Datetime("In Pool Since", copy=False, readonly=True)
    lifecycle_owned_date = fields.Datetime("Owner Since", copy=False, readonly=True)
    lifecycle_previous_user_id = fields.Many2one(
        "res.users", "Previous Owner", copy=False, readonly=True, ondelete="set null"
    )
    lifecycle_cooldown_date = fields.Datetime(
        "Locked for the Previous Owner Until", copy=False, readonly=True
    )
    lifecycle_release_reason = fields.Char(
        "Reason of Release", copy=False, readonly=True
    )
    lifecycle_recycle_date = fields.Datetime(
        "Taken Back On",
        copy=False,
        readonly=True,
        help="When it goes back to the pool unless its owner gets in touch.",
    )

    # ------------------------------------------------------------
    # Host hooks
    # ------------------------------------------------------------

    @api.model
    def _lifecycle_get_poolable_domain(self):
        """Hook: the records that can wait in a pool or be taken back: open ones."""
        return Domain.TRUE

    def _lifecycle_get_pool_records(self):
        """Hook: the records that own the pool; contacts follow their company."""
        return self

    # ------------------------------------------------------------
    # Owner and pool: the guard
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.keys() & POOL_FIELDS for vals in vals_list):
            vals_list = [self._lifecycle_prepare_pooled(vals) for vals in vals_list]
        return super().create(vals_list)

    @api.model
    def _lifecycle_prepare_pooled(self, vals):
        """What is created in a pool, by a manager or an import, has no owner."""
        if not self.env.su:
            vals = {
                name: value
                for name, value in vals.items()
                if name not in POOL_FIELDS or name == "lifecycle_pool_id"
            }
        pool = self.env["crm.lead.pool"].browse(vals.get("lifecycle_pool_id") or ())
        if not pool:
            return vals
        if not self.env.su and not pool._is_managed_by(self.env.user):
            raise UserError(
                self.env._("Only who is responsible for “%s” fills it.", pool.name)
            )
        self._lifecycle_check_pool(pool)
        return {
            **vals,
            "user_id": False,
            "lifecycle_pooled_date": fields.Datetime.now(),
        }

    @api.model
    def _lifecycle_check_pool(self, pool):
        if pool.res_model != self._name:
            raise UserError(
                self.env._("“%s” is a pool for another kind of record.", pool.name)
            )

    def write(self, vals):
        if not self.env.su and (written := vals.keys() & POOL_FIELDS):
            self._lifecycle_check_pool_fields({name: vals[name] for name in written})
        if "user_id" not in vals:
            return super().write(vals)
        owner_id = vals["user_id"]
        # sudo: sellers cannot read what waits in a pool
        before = {r.id: (r.user_id.id, r.lifecycle_pool_id) for r in self.sudo()}
        changing = self.filtered(lambda r: before[r.id][0] != (owner_id or False))
        waiting = changing.filtered(lambda r: before[r.id][1]) if owner_id else []
        if waiting:
            waiting._lifecycle_check_assign()
        result = super().write(vals)
        if changing:
            changing._lifecycle_follow_owner(owner_id, before, waiting)
        return result

    def _lifecycle_check_pool_fields(self, vals):
        """Refuse to write what the server notes; the same again changes nothing."""
        for record in self.sudo():  # sudo: hidden from sellers
            for name, value in vals.items():
                field = self._fields[name]
                if field.convert_to_write(record[name], record) != (value or False):
                    raise UserError(
                        self.env._(
                            "Use “Release” to put a record into a pool or to move it."
                        )
                    )

    def _lifecycle_check_assign(self):
        """Refuse to take records out of a pool past its claim button.

        :raise UserError: naming the pool and the button
        """
        if self.env.su:
            return
        for pool in self.sudo().lifecycle_pool_id:  # sudo: hidden from sellers
            if not pool._is_managed_by(self.env.user):
                raise UserError(
                    self.env._(
                        "This waits in the pool “%s”. Open the pool and use “Claim” "
                        "there.",
                        pool.name,
                    )
                )

    def _lifecycle_follow_owner(self, owner_id, before, waiting):
        """The owner has changed: note since when, who was it before, and the pool.

        Written through the base method: the host's own ``write`` is under way.

        :param dict before: ``{id: (previous owner's id, pool)}``
        :param waiting: the records that leave their pool
        """
        now = fields.Datetime.now()
        # sudo: the right to change the owner was asked
        records = self.sudo()
        values = {"lifecycle_owned_date": now, "lifecycle_recycle_date": False}
        if owner_id:
            models.BaseModel.write(records, values)
            if waiting:
                waiting._lifecycle_leave_pool(owner_id, before)
            return
        values["lifecycle_cooldown_date"] = now + timedelta(days=DEFAULT_COOLDOWN)
        for previous, group in records.grouped(lambda r: before[r.id][0]).items():
            models.BaseModel.write(
                group, {**values, "lifecycle_previous_user_id": previous}
            )

    def _lifecycle_leave_pool(self, owner_id, before):
        """Records got an owner out of their pool: show it, log it, hand over tasks."""
        move = self.env.context.get("lifecycle_pool_move")
        if not isinstance(move, PoolMove):
            move = PoolMove("assigned")
        records = self.sudo()  # sudo: the right to assign was asked
        models.BaseModel.write(records._lifecycle_get_pool_family(), dict(LEFT_POOL))
        owner = self.env["res.users"].browse(owner_id)
        self.env["crm.lead.pool.event"]._log(
            move.kind,
            records,
            {record.id: record.lifecycle_previous_user_id.id for record in records},
            {record_id: pool.id for record_id, (_owner, pool) in before.items()},
            owner,
            move.reason,
        )
        # sudo: tasks nobody has are handed to the new owner
        activities = self.env["mail.activity"].sudo()
        activities.search(
            Domain("res_model", "=", self._name)
            & Domain("res_id", "in", self.ids)
            & Domain("user_id", "=", False)
        ).with_context(mail_activity_quick_update=True).write({"user_id": owner_id})

    def _lifecycle_get_pool_family(self):
        """Hook: the records that are hidden with these."""
        return self
