from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmLifecycleStage(models.Model):
    """Who works in a stage, and what begins when a record enters it."""

    _inherit = "crm.lifecycle.stage"

    role_ids = fields.One2many("crm.lifecycle.role", "stage_id", "Roles", copy=False)
    department = fields.Char(
        translate=True,
        help="Who runs this stage: sales, operations, finance… Stages of one "
        "department have one colour in the lists and in the RACI table.",
    )
    department_color = fields.Integer(compute="_compute_department_color")
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        domain="[('res_model', '=', host_model)]",
        index="btree_not_null",
        ondelete="set null",
        help="Its steps are scheduled for the responsible when a record enters the "
        "stage for the first time.",
    )
    plan_each_entry = fields.Boolean(
        "At Each Entry",
        help="Schedule the plan again when a record comes back to the stage. Steps "
        "that are still open are not doubled.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Mail on Entry",
        domain="[('model', '=', host_model)]",
        index="btree_not_null",
        ondelete="set null",
        help="Sent to the customer once, when a record enters the stage for the first "
        "time. Who has no address or has opted out gives a task to the responsible "
        "instead.",
    )
    is_ownerless = fields.Boolean(
        "Without Owner",
        compute="_compute_is_ownerless",
        search="_search_is_ownerless",
        help="No employee answers for this stage whatever the record: neither an "
        "owner, nor somebody responsible or accountable by name or by a role.",
    )
    host_model = fields.Char(compute="_compute_host_model")
    process_state = fields.Selection(related="process_id.state")

    # ------------------------------------------------------------
    # Definition
    # ------------------------------------------------------------

    @api.model
    def _get_definition_fields(self):
        return [
            *super()._get_definition_fields(),
            "department",
            "plan_id",
            "plan_each_entry",
            "mail_template_id",
        ]

    @api.model
    def _get_definition_parts(self):
        return {**super()._get_definition_parts(), "roles": "role_ids"}

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("department", "process_id.stage_ids.department")
    def _compute_department_color(self):
        """One colour for one department, by the order in which the chart has them."""
        for process, stages in self.grouped("process_id").items():
            names = dict.fromkeys(filter(None, process.stage_ids.mapped("department")))
            colors = {name: i % 11 + 1 for i, name in enumerate(names)}
            for stage in stages:
                stage.department_color = colors.get(stage.department, 0)

    @api.depends("phase")
    def _compute_host_model(self):
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        for stage in self:
            stage.host_model = hosts.get(stage.phase)

    @api.constrains("phase", "plan_id", "mail_template_id")
    def _check_fits_host(self):
        for stage in self:
            # sudo: plans and templates the user may not open
            plan, template = stage.sudo().plan_id, stage.sudo().mail_template_id
            for name, model in (
                (plan.name, plan.res_model),
                (template.name, template.model),
            ):
                if name and model != stage.host_model:
                    raise ValidationError(
                        self.env._(
                            "“%(name)s” is made for other records than those that "
                            "stand in “%(stage)s”.",
                            name=name,
                            stage=stage.name,
                        )
                    )

    @api.model
    def _get_ownerless_domain(self):
        """The definition of a stage without owner. Where lost ones stand needs none."""
        able = Domain("active", "=", True) & Domain("share", "=", False)
        answering = (
            Domain("kind", "in", ("responsible", "accountable"))
            & self.env["crm.lifecycle.role"]._get_standing_domain()
        )
        return (
            Domain("outcome", "!=", "lost")
            & ~Domain("user_id", "any", able)
            & ~Domain("role_ids", "any", answering)
        )

    @api.depends(
        "outcome",
        "user_id.active",
        "role_ids.kind",
        "role_ids.source",
        "role_ids.user_id.active",
        "role_ids.role_id.user_ids.active",
    )
    def _compute_is_ownerless(self):
        # sudo: whether somebody has left is asked of every company's users
        ownerless = self.sudo().filtered_domain(self._get_ownerless_domain())
        for stage in self:
            stage.is_ownerless = stage in ownerless.sudo(False)

    def _search_is_ownerless(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as above
        stages = self.sudo()._search(self._get_ownerless_domain())
        return Domain("id", "in", stages)

    # ------------------------------------------------------------
    # For the gateway
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_ids_with_entry_work(self):
        """The stages that start something when a record enters them."""
        # sudo: the engine runs the processes of every company
        stages = self.sudo().search(
            Domain("plan_id", "!=", False)
            | Domain("mail_template_id", "!=", False)
            | Domain("role_ids", "any", Domain("kind", "in", ("consulted", "informed")))
        )
        return frozenset(stages.ids)
