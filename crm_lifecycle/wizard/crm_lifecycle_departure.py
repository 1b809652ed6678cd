from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

GROUPS = ("base.group_erp_manager", "crm_lifecycle.group_crm_lifecycle_manager")


class CrmLifecycleDeparture(models.TransientModel):
    """Whoever leaves hands over what is open: to a colleague, or to the pools.

    History, clocks and tasks go with the records; nothing is left with somebody who
    does not work here any more.
    """

    _name = "crm.lifecycle.departure"
    _description = "Hand over What Somebody Leaves Behind"

    user_ids = fields.Many2many(
        "res.users",
        string="Leaving",
        required=True,
        context={"active_test": False},
        domain="['|', ('active', '=', True), ('active', '=', False)]",
    )
    destination = fields.Selection(
        [("colleague", "To a colleague"), ("pool", "To the pools they fit")],
        required=True,
        default="colleague",
    )
    successor_id = fields.Many2one(
        "res.users",
        required=True,
        domain="[('share', '=', False), ('id', 'not in', user_ids)]",
        help="Also takes over the tasks, and what fits no pool.",
    )
    reason = fields.Char(
        default=lambda self: self.env._("Left the company"), required=True
    )
    summary = fields.Text("Still in Their Care", compute="_compute_summary")

    # ------------------------------------------------------------
    # What is left behind
    # ------------------------------------------------------------

    @api.model
    def _get_left_behind(self):
        """Hook: what somebody answers for, by model.

        :return: ``{model: (field with the user, domain of what is open, what it is
            called)}``
        """
        return {
            "crm.lead": (
                "user_id",
                self.env["crm.lead"]._lifecycle_get_poolable_domain(),
                self.env._("leads"),
            ),
            "res.partner": (
                "user_id",
                Domain("active", "=", True),
                self.env._("customers and contacts"),
            ),
        }

    @api.model
    def _find_left_behind(self, users):
        """The open records of ``users``: ``{records: (field, what it is called)}``."""
        return {
            # sudo: whoever archives a user need not see what that one worked on
            self.env[name].sudo().search(domain & Domain(key, "in", users.ids)): (
                key,
                label,
            )
            for name, (key, domain, label) in self._get_left_behind().items()
        }

    @api.model
    def _find_tasks(self, records, users):
        """The open tasks of ``users`` on records, and those of nobody."""
        tasks = self.env["mail.activity"].sudo()  # sudo: as in _find_left_behind
        return tasks.search(
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("user_id", "in", [*users.ids, False])
        )

    @api.depends("user_ids")
    def _compute_summary(self):
        for wizard in self:
            users = wizard.user_ids._origin
            left = wizard._find_left_behind(users)
            counts = [(len(records), label) for records, (_key, label) in left.items()]
            tasks = sum(len(self._find_tasks(records, users)) for records in left)
            counts.append((tasks, self.env._("tasks on them")))
            wizard.summary = "\n".join(
                f"{count} {label}" for count, label in counts if count
            )

    # ------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------

    def action_hand_over(self):
        """Give everything that is open to its new owner.

        :raise UserError: the successor cannot take it
        """
        self.ensure_one()
        self._check()
        left = self._find_left_behind(self.user_ids)
        names = []
        for records, (key, _label) in left.items():
            if records._name in ("crm.lead", "res.partner"):
                names += self._hand_over_hosts(records)
            else:
                records.write({key: self.successor_id.id})
        if names:
            self.env["crm.lead.pool.event"]._tell(
                self.successor_id,
                self.env._(
                    "Handed over to you from %s",
                    ", ".join(self.user_ids.mapped("name")),
                ),
                names,
            )
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise UserError(
                self.env._("Ask an administrator or a process manager to hand it over.")
            )
        self.successor_id._lifecycle_check_owner()
        if self.successor_id in self.user_ids:
            raise UserError(self.env._("Choose somebody who stays."))

    def _hand_over_hosts(self, records):
        """Leads and customers get their new owner, and say so in their history.

        :return: the names of what the successor has got
        """
        pools = {}
        if self.destination == "pool":
            pools = records._lifecycle_get_pool_records()._lifecycle_find_pools()
            for pool, waiting in records.filtered(pools.get).grouped(pools.get).items():
                waiting._lifecycle_release(pool, self.reason)
        kept = records.filtered(lambda record: record.user_id in self.user_ids)
        for owner, theirs in kept.grouped("user_id").items():
            theirs.with_context(
                mail_auto_subscribe_no_notify=True, lifecycle_assigned_kind="departure"
            ).write({"user_id": self.successor_id.id})
            body = Markup("%s") % self.env._(
                "Handed over from %(owner)s to %(successor)s: %(reason)s",
                owner=owner.name,
                successor=self.successor_id.name,
                reason=self.reason,
            )
            theirs._message_log_batch(bodies=dict.fromkeys(theirs.ids, body))
        self._find_tasks(kept, self.user_ids).with_context(
            mail_activity_quick_update=True
        ).write({"user_id": self.successor_id.id})
        return [record.display_name for record in kept]


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_archive(self):
        """Whoever archives a colleague is asked what becomes of the open records."""
        wizard = self.env["crm.lifecycle.departure"]
        gone = self.filtered(lambda user: user.active and not user.share)
        gone._lifecycle_keep_tasks()
        result = super().action_archive()
        if result or not gone or not any(map(self.env.user.has_group, GROUPS)):
            return result
        if not any(wizard._find_left_behind(gone)):
            return result
        return gone.action_lifecycle_hand_over()

    def _lifecycle_keep_tasks(self):
        """Odoo deletes the tasks of whom it archives; those of customers remain."""
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        # sudo: tasks of others
        tasks = self.env["mail.activity"].sudo()
        tasks.search(
            Domain("res_model", "in", [*hosts.values()])
            & Domain("user_id", "in", self.ids)
        ).with_context(mail_activity_quick_update=True).write({"user_id": False})

    def action_lifecycle_hand_over(self):
        """Ask who takes over what these users answer for."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over Open Records"),
            "res_model": "crm.lifecycle.departure",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_user_ids": self.ids},
        }
