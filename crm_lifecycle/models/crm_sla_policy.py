from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.working_time import AroundTheClock

MAX_HOURS = 24 * 366
PLAN_FIELDS = {
    "hours",
    "counting",
    "resource_calendar_id",
    "company_id",
    "warning_percent",
    "pause_model",
    "pause_domain",
    "level_ids",
}


class CrmSlaPolicy(models.Model):
    """A time limit: how long, in which working hours, and what happens then.

    It is live configuration: a change re-plans the clocks that run by it, see
    :meth:`_plan_later`.
    """

    _name = "crm.sla.policy"
    _description = "Time Limit"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Leave empty for a limit of all companies."
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user.filtered("active"),
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets the escalations that nobody else can take.",
    )
    hours = fields.Float(
        "Target", required=True, default=24.0, tracking=True, help="Working hours."
    )
    counting = fields.Selection(
        [
            ("company", "Working hours of the company"),
            ("calendar", "Certain working hours"),
            ("always", "Around the clock"),
        ],
        "Counted In",
        required=True,
        default="company",
        tracking=True,
        help="Nights, weekends and public holidays count around the clock only.",
    )
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        tracking=True,
        ondelete="restrict",
    )
    tz = fields.Selection(related="resource_calendar_id.tz", string="Time Zone")
    warning_percent = fields.Integer(
        "Warn At", default=75, tracking=True, help="Yellow from this share of the time."
    )
    pause_model = fields.Selection(
        "_selection_pause_model", "Paused Records", tracking=True
    )
    pause_domain = fields.Char(
        "Paused While",
        tracking=True,
        help="The clock stands still while a record meets this condition, for "
        "example while the customer has to answer.",
    )
    level_ids = fields.One2many("crm.sla.level", "policy_id", "Escalation", copy=True)
    stage_ids = fields.One2many("crm.lifecycle.stage", "sla_policy_id", "Stages")
    timer_ids = fields.One2many("crm.sla.timer", "policy_id", "Clocks")
    running_count = fields.Integer("Running", compute="_compute_running_count")
    plan_pending = fields.Boolean(readonly=True, copy=False)
    last_error = fields.Char(readonly=True, copy=False)

    _hours_range = models.Constraint(
        f"CHECK (hours > 0 AND hours <= {MAX_HOURS})",
        "The target is more than nothing and at most one year.",
    )
    _warning_range = models.Constraint(
        "CHECK (warning_percent BETWEEN 1 AND 100)",
        "The warning comes between 1 and 100 percent of the time.",
    )
    _calendar_given = models.Constraint(
        "CHECK (counting != 'calendar' OR resource_calendar_id IS NOT NULL)",
        "Choose the working hours to count in.",
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.model
    def _selection_pause_model(self):
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        return [(name, self.env["ir.model"]._get(name).name) for name in hosts]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_running_count(self):
        timers = self.env["crm.sla.timer"]
        counts = timers._read_group(
            timers._get_running_domain() & Domain("policy_id", "in", self.ids),
            ["policy_id"],
            ["__count"],
        )
        counts = dict(counts)
        for policy in self:
            policy.running_count = counts.get(policy, 0)

    @api.constrains("pause_model", "pause_domain")
    def _check_pause_condition(self):
        for policy in self.filtered("pause_domain"):
            if not policy.pause_model:
                raise ValidationError(
                    self.env._("Choose the records that “Paused While” is about.")
                )
            try:
                policy._get_pause_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition “Paused While” of “%(policy)s” cannot be used: "
                        "%(error)s",
                        policy=policy.name,
                        error=error,
                    )
                ) from error

    @api.constrains("user_id")
    def _check_user_is_employee(self):
        for policy in self.filtered("user_id"):
            policy.user_id._lifecycle_check_owner()

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        self.env.registry.clear_cache()
        return policies

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals or "pause_domain" in vals or "pause_model" in vals:
            self.env.registry.clear_cache()
        if "active" in vals:
            # sudo: clocks are kept by the engine alone
            self.sudo().with_context(active_test=False).stage_ids._follow_policies()
        if vals.keys() & PLAN_FIELDS:
            self._plan_later()
            self._plan_now()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for policy, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", policy.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: clocks count also where the user does not see them
        for policy in self.sudo().filtered("timer_ids"):
            raise UserError(
                self.env._(
                    "“%s” has measured time and cannot be deleted. Archive it "
                    "instead: its clocks stop, what they measured stays.",
                    policy.name,
                )
            )

    def action_view_timers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_sla_timer_action"
        )
        return dict(action, domain=[("policy_id", "=", self.id)], context={})

    # ------------------------------------------------------------
    # For the clocks
    # ------------------------------------------------------------

    def _get_calendar(self, company):
        """The working hours that count for records of ``company``; empty for all."""
        self.ensure_one()
        if self.counting == "company":
            return company.resource_calendar_id
        if self.counting == "calendar":
            return self.resource_calendar_id
        return self.env["resource.calendar"]

    def _get_clock(self, company):
        """Counts the time of records of ``company``.

        :return: see ``tools/working_time.py``
        """
        calendar = self._get_calendar(company)
        if not calendar:
            return AroundTheClock()
        return calendar._lifecycle_get_working_time(company)

    def _get_target_hours(self, timers):
        """Hook: how many working hours each clock has.

        :param timers: ``crm.sla.timer`` of this limit
        :return: ``{timer: hours}``
        """
        self.ensure_one()
        return dict.fromkeys(timers, self.hours)

    def _get_target_trace(self, timers):
        """Hook: what else is kept in the trace about the hours of each clock.

        :param timers: ``crm.sla.timer`` of this limit
        :return: ``{timer: dict}``, to be merged into ``trace``
        """
        return {timer: {} for timer in timers}

    def _get_pause_domain(self):
        """When the clock stands still, checked against the model it is about.

        :return: ``Domain``
        :raise ValueError: it is no domain, or names a field the model does not have
        """
        self.ensure_one()
        domain = Domain(literal_eval(self.pause_domain))
        # sudo: conditions may ask fields their author does not see
        domain.validate(self.env[self.pause_model].sudo())
        return domain

    @api.model
    @tools.ormcache("model_name")
    def _get_pause_fields(self, model_name):
        """Fields of a model that pause conditions ask; all their first steps."""
        # sudo: limits of every company run
        policies = self.sudo().search(
            [("pause_model", "=", model_name), ("pause_domain", "!=", False)]
        )
        names = set()
        for policy in policies:
            try:
                conditions = policy._get_pause_domain().iter_conditions()
            except Exception:  # broken since: said by the cron, see _sync_pauses
                continue
            names.update(c.field_expr.split(".")[0] for c in conditions)
        return frozenset(names)
