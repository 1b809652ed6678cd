from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_pool_mixin import PoolMove


class CrmLeadPoolMixin(models.AbstractModel):
    """Into a pool and out of it: release and claim."""

    _inherit = "crm.lead.pool.mixin"

    # ------------------------------------------------------------
    # Release
    # ------------------------------------------------------------

    def action_lifecycle_release(self):
        """Ask for the pool and the reason."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release to a Pool"),
            "res_model": "crm.lead.pool.release",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "default_res_model": self._name,
            },
        }

    def _lifecycle_find_pools(self):
        """The pool each record belongs to by its definition.

        :return: ``{record: crm.lead.pool}`` of those that fit one
        """
        pools = self.env["crm.lead.pool"].sudo()  # sudo: pools of all teams
        pools = pools.search([("res_model", "=", self._name)])
        found, missing = {}, self.sudo()  # sudo: as above
        for pool in pools:
            fitting = missing.filtered_domain(pool._get_record_domain())
            found.update(dict.fromkeys(fitting, pool))
            missing -= fitting
        return found

    def _lifecycle_release(self, pool, reason, kind="released"):
        """Put records into a pool, without an owner.

        :param pool: one ``crm.lead.pool``
        :param str reason: kept on the record and in the history
        :param str kind: see ``crm.lead.pool.event``
        :raise UserError: records the pool cannot hold
        """
        self._lifecycle_check_pool(pool)
        # sudo: callers have asked for the right to release
        records = self.sudo()._lifecycle_get_pool_records()
        records._lifecycle_check_releasable(pool)
        previous = {record.id: record.user_id.id for record in records}
        records._lifecycle_clear_traces(records.user_id)
        records.filtered("user_id").write({"user_id": False})
        records._lifecycle_enter_pool(pool, reason, previous)
        nobody = self.env["res.users"]
        pools = dict.fromkeys(records.ids, pool.id)
        self.env["crm.lead.pool.event"]._log(
            kind, records, previous, pools, nobody, reason
        )
        body = Markup("%s") % self.env._(
            "Released to the pool “%(pool)s”: %(reason)s",
            pool=pool.name,
            reason=reason,
        )
        records._message_log_batch(bodies=dict.fromkeys(records.ids, body))

    def _lifecycle_enter_pool(self, pool, reason, previous):
        """Write that records wait; their contacts are hidden with them.

        :param dict previous: ``{id: id of the previous owner}``
        """
        now = fields.Datetime.now()
        models.BaseModel.write(
            self._lifecycle_get_pool_family(),
            {
                "lifecycle_pool_id": pool.id,
                "lifecycle_pooled_date": now,
                "lifecycle_release_reason": reason,
                "lifecycle_recycle_date": False,
            },
        )
        models.BaseModel.write(
            self.filtered(lambda r: previous[r.id]),
            {"lifecycle_cooldown_date": now + timedelta(days=pool.cooldown_days)},
        )

    def _lifecycle_check_releasable(self, pool):
        open_ones = self.filtered_domain(self._lifecycle_get_poolable_domain())
        for record in self - open_ones:
            raise UserError(
                self.env._(
                    "“%s” is closed; only open records wait in a pool.",
                    record.display_name,
                )
            )
        for record in self:
            if pool.company_id and record.company_id not in (
                pool.company_id,
                self.env["res.company"],
            ):
                raise UserError(
                    self.env._(
                        "“%(record)s” belongs to another company than the pool "
                        "“%(pool)s”.",
                        record=record.display_name,
                        pool=pool.name,
                    )
                )

    def _lifecycle_clear_traces(self, owners):
        """Whoever releases keeps neither the tasks nor the mails of the records.

        Customers no longer follow either: followers are readable for every
        employee, with their addresses.
        """
        of_records = Domain("res_model", "=", self._name) & Domain(
            "res_id", "in", self.ids
        )
        # sudo: tasks and followers of others
        self.env["mail.activity"].sudo().search(
            of_records & Domain("user_id", "in", owners.ids)
        ).with_context(mail_activity_quick_update=True).write({"user_id": False})
        # sudo: as above
        self.env["mail.followers"].sudo().search(
            of_records
            & (
                Domain("partner_id", "in", owners.partner_id.ids)
                | Domain("partner_id.partner_share", "=", True)
            )
        ).unlink()

    # ------------------------------------------------------------
    # Claim
    # ------------------------------------------------------------

    def action_lifecycle_claim(self):
        """Claim for oneself, for those who see what waits in the pool."""
        self._lifecycle_claim()
        return True

    def _lifecycle_claim(self):
        """Make the user the owner of records that wait in a pool.

        The rows are locked before anything is decided. Who comes second waits for
        the first to finish, is repeated by Odoo and then meets the new owner.

        :raise UserError: naming the new owner, the quota or the cool-down
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                self.ids,
            )
        )
        self.invalidate_recordset(["lifecycle_pool_id", "user_id"])
        # sudo: sellers cannot read what waits in a pool
        records = self.sudo().exists()
        for record in records:
            record._lifecycle_check_claimable()
        user = self.env.user
        for pool, waiting in records.grouped("lifecycle_pool_id").items():
            pool._check_claim(user, len(waiting))
        move = PoolMove("claimed")
        records.with_context(
            lifecycle_pool_move=move, mail_auto_subscribe_no_notify=True
        ).write({"user_id": user.id})
        return records.sudo(False)

    def _lifecycle_check_claimable(self):
        """Refuse what has an owner already, or is locked for who released it."""
        self.ensure_one()
        user = self.env.user
        if not self.lifecycle_pool_id:
            raise UserError(self._lifecycle_get_taken_message())
        until = self.lifecycle_cooldown_date
        if (
            self.lifecycle_previous_user_id == user
            and until
            and until > fields.Datetime.now()
        ):
            raise UserError(
                self.env._(
                    "You had this before. You may claim it again from %s on.",
                    fields.Date.to_string(
                        fields.Datetime.context_timestamp(self, until)
                    ),
                )
            )
        if self.company_id and self.company_id not in user.company_ids:
            raise UserError(
                self.env._("This belongs to a company you do not work for.")
            )

    def _lifecycle_get_taken_message(self):
        """Who has it; told only to those who could have had it."""
        last = self.env["crm.lead.pool.event"].sudo()  # sudo: others' history
        last = last.search([(self._lifecycle_visit_key, "=", self.id)], limit=1)
        member_of = last.pool_id.filtered_domain(
            last.pool_id._get_member_domain(self.env.user)
        )
        if not member_of or not self.user_id:
            return self.env._("This does not wait in a pool.")
        if self.user_id == self.env.user:
            return self.env._("You have it already.")
        return self.env._("%(user)s was faster and has it now.", user=self.user_id.name)
