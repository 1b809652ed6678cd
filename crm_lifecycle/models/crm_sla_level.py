from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_duration

from ..tools.working_time import get_moment


class CrmSlaLevel(models.Model):
    """What happens at some distance from a deadline, once per clock."""

    _name = "crm.sla.level"
    _description = "Escalation Level"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "crm.sla.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    sequence = fields.Integer(default=10)
    delay = fields.Float("Distance", help="Counted in working time.")
    delay_unit = fields.Selection(
        [("hours", "hours"), ("percent", "% of target")],
        "Unit",
        required=True,
        default="hours",
    )
    direction = fields.Selection(
        [("before", "before deadline"), ("after", "after deadline")],
        "When",
        required=True,
        default="after",
    )
    recipient = fields.Selection(
        [
            ("owner", "Owner"),
            ("responsible", "Responsible"),
            ("accountable", "Accountable"),
            ("leader", "Team leader"),
            ("role", "Role"),
            ("user", "Person"),
        ],
        "To",
        required=True,
        default="owner",
    )
    role_id = fields.Many2one("res.role", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False)]",
        ondelete="restrict",
    )
    action = fields.Selection(
        [
            ("activity", "Activity"),
            ("mail", "Email"),
            ("reassign", "Assign the record"),
        ],
        "What",
        required=True,
        default="activity",
    )

    _delay_positive = models.Constraint(
        "CHECK (delay >= 0)", "The distance from the deadline cannot be negative."
    )

    @api.constrains("recipient", "role_id", "user_id")
    def _check_recipient(self):
        for level in self:
            if level.recipient == "role" and not level.role_id:
                raise ValidationError(self.env._("Choose the role to escalate to."))
            if level.recipient == "user":
                if not level.user_id:
                    raise ValidationError(
                        self.env._("Choose the person to escalate to.")
                    )
                level.user_id._lifecycle_check_owner()

    @api.depends(
        "delay", "delay_unit", "direction", "recipient", "role_id", "user_id", "action"
    )
    def _compute_display_name(self):
        recipients = dict(self._fields["recipient"]._description_selection(self.env))
        actions = dict(self._fields["action"]._description_selection(self.env))
        for level in self:
            whom = level.role_id.name if level.recipient == "role" else False
            whom = level.user_id.name if level.recipient == "user" else whom
            level.display_name = (
                f"{level._get_delay_text()}: {actions.get(level.action)}, "
                f"{whom or recipients.get(level.recipient)}"
            )

    def _get_delay_text(self):
        self.ensure_one()
        if not self.delay:
            return self.env._("At the deadline")
        text = f"{self.delay:g} %"
        if self.delay_unit == "hours":
            text = self.env._(
                "%s h", format_duration(self.delay).removesuffix(":00").lstrip("0")
            )
        if self.direction == "before":
            return self.env._("%s before the deadline", text)
        return self.env._("%s after the deadline", text)

    def _get_hours(self, target):
        """Counted hours at which this level comes, for a target of so many hours."""
        self.ensure_one()
        delay = self.delay
        if self.delay_unit == "percent":
            delay *= target / 100
        if self.direction == "before":
            delay = -delay
        return max(target + delay, 0)

    def _get_moment(self, clock, target, start, pauses):
        """When a clock comes to this level, see ``tools/working_time.get_moment``."""
        return get_moment(clock, start, pauses, self._get_hours(target))

    # ------------------------------------------------------------
    # A change re-plans
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        levels.policy_id._plan_later()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.policy_id._plan_later()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_and_replan(self):
        self.policy_id._plan_later()

    # ------------------------------------------------------------
    # Recipients
    # ------------------------------------------------------------

    def _get_recipients(self, timers):
        """The people this level reaches; somebody else where nobody can take it.

        In this order: whom the level names, the owner of the record, the
        accountable, the team leader, the responsible of the limit.

        :param timers: ``crm.sla.timer``
        :return: ``{timer: res.users}``, empty where there is really nobody
        """
        self.ensure_one()
        asked = self._get_asked_users(timers)
        missing = timers.filtered(
            lambda t: not self._filter_able(asked.get(t), t.company_id)
        )
        stand_ins = [asked]
        if missing:
            for recipient in ("owner", "accountable", "leader"):
                stand_ins.append(timers._get_people(recipient))
            stand_ins.append(dict.fromkeys(timers, self.policy_id.user_id))
        return {
            timer: next(
                (
                    able
                    for users in stand_ins
                    if (able := self._filter_able(users.get(timer), timer.company_id))
                ),
                self.env["res.users"],
            )
            for timer in timers
        }

    def _get_asked_users(self, timers):
        if self.recipient == "role":
            return dict.fromkeys(timers, self.role_id.user_ids)
        if self.recipient == "user":
            return dict.fromkeys(timers, self.user_id)
        return timers._get_people(self.recipient)

    @staticmethod
    def _filter_able(users, company):
        """Who still works here, and for the company."""
        if not users:
            return users
        return users.filtered(
            lambda user: (
                user.active
                and not user.share
                and (not company or company in user.company_ids)
            )
        )
