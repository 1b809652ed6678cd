from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

ENGINE_FIELDS = {"state", "key", "revision_id", "draft_of_id", "pilot_of_id"}


class CrmLifecycleProcess(models.Model):
    """The chart: stages and moves of leads and customers, of one scope.

    A draft is edited freely. Publishing writes a revision and makes the chart
    run; from then on its definition changes only through a draft of its own
    (:meth:`action_new_draft`), so that what runs is always what is written in
    the newest revision.
    """

    _name = "crm.lifecycle.process"
    _description = "Lifecycle Process"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(
        copy=False,
        readonly=True,
        help="Technical name that stays the same through export and import.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("published", "Running"),
            ("retired", "Retired"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    description = fields.Html(translate=True)
    user_id = fields.Many2one(
        "res.users",
        "Process Owner",
        default=lambda self: self.env.user.filtered("active"),
        domain="[('share', '=', False)]",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty for a process of all companies.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Leave empty for the process of every team that has none of its own.",
    )
    strict = fields.Boolean(
        "Drawn Moves Only",
        tracking=True,
        help="Refuse a move that is not drawn. Otherwise it is allowed and "
        "logged as off the chart.",
    )
    is_template = fields.Boolean(
        "Template", copy=False, help="Copied by “Use Template”, never run itself."
    )
    draft_of_id = fields.Many2one(
        "crm.lifecycle.process",
        "Draft of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    draft_ids = fields.One2many("crm.lifecycle.process", "draft_of_id", "Drafts")
    stage_ids = fields.One2many("crm.lifecycle.stage", "process_id", "Stages")
    transition_ids = fields.One2many("crm.lifecycle.transition", "process_id", "Moves")
    revision_ids = fields.One2many("crm.lifecycle.revision", "process_id", "Revisions")
    revision_id = fields.Many2one(
        "crm.lifecycle.revision",
        "Running Revision",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    stage_count = fields.Integer(compute="_compute_counts")
    record_count = fields.Integer("Leads and Customers", compute="_compute_counts")
    visit_count = fields.Integer("Stays", compute="_compute_counts")

    _key_uniq = models.UniqueIndex(
        "(key) WHERE draft_of_id IS NULL",
        "Another process already has this technical name.",
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("stage_ids", "stage_ids.active")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        visits = self.env["crm.lifecycle.visit"]
        total = dict(
            visits._read_group(
                [("process_id", "in", self.ids)], ["process_id"], ["__count"]
            )
        )
        current = dict(
            visits._read_group(
                Domain("process_id", "in", self.ids) & visits._get_open_domain(),
                ["process_id"],
                ["__count"],
            )
        )
        for process in self:
            process.stage_count = len(process.stage_ids)
            process.visit_count = total.get(process, 0)
            process.record_count = current.get(process, 0)

    @api.depends("name", "draft_of_id")
    def _compute_display_name(self):
        for process in self:
            name = process.name
            if process.draft_of_id:
                name = self.env._("%(process)s (draft)", process=name)
            process.display_name = name

    @api.constrains("user_id")
    def _check_user_is_employee(self):
        for process in self.filtered("user_id"):
            process.user_id._lifecycle_check_owner()

    @api.constrains("company_id", "team_ids")
    def _check_team_company(self):
        for process in self.filtered("company_id"):
            foreign = process.team_ids.company_id - process.company_id
            if foreign:
                raise ValidationError(
                    self.env._(
                        "The process “%(process)s” belongs to %(company)s and cannot "
                        "run "
                        "for teams of %(other)s. Choose teams of the same company.",
                        process=process.name,
                        company=process.company_id.name,
                        other=", ".join(foreign.mapped("name")),
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_engine_values(vals)
        processes = super().create(vals_list)
        # sudo: the key is given by the engine
        for process in processes.sudo().filtered(lambda p: not p.key):
            process.key = f"process_{process.id}"
        return processes

    def write(self, vals):
        self._check_engine_values(vals)
        if vals.keys() & {"strict", "is_template"}:
            self._check_definition_editable()
        if vals.get("active") is False:
            self._check_nothing_stands_here()
        result = super().write(vals)
        if vals.keys() & {"state", "active", "company_id", "team_ids", "sequence"}:
            self.env.registry.clear_cache()
        if vals.keys() & {"company_id", "team_ids", "active"}:
            running = self.filtered(lambda p: p.state == "published")
            running._check_scope_is_free()
            running._add_missing_pipeline_stages()
            for process in running:
                self.env["crm.lifecycle.mixin"]._lifecycle_follow_scope(process)
        return result

    def _check_engine_values(self, vals):
        """What publishing and retiring write is not written by hand."""
        values = {name: vals[name] for name in ENGINE_FIELDS & vals.keys()}
        if values.pop("state", "draft") != "draft" or any(values.values()):
            if not self.env.su:
                raise UserError(
                    self.env._(
                        "Use “Publish”, “New Draft” and “Retire”: the status of a "
                        "process is not written directly."
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for process, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", process.name)
        return vals_list

    def copy(self, default=None):
        """Duplicate with stages and moves; the copy is a draft."""
        copies = super().copy(default)
        for process, copy in zip(self, copies, strict=True):
            copy._copy_definition_from(process)
        return copies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_history(self):
        # sudo: as above
        for process in self.sudo().filtered("visit_count"):
            raise UserError(
                self.env._(
                    "“%(process)s” holds the history of %(count)s stays and cannot be "
                    "deleted. "
                    "Retire it instead: its records move on, its history stays "
                    "readable.",
                    process=process.name,
                    count=process.visit_count,
                )
            )

    def _check_nothing_stands_here(self):
        # sudo: records count also where the user does not see them
        for process in self.sudo():
            if process.record_count:
                raise UserError(
                    self.env._(
                        "%(count)s leads or customers still stand in “%(process)s”. "
                        "Use "
                        "“Retire” to choose where they go.",
                        count=process.record_count,
                        process=process.name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_visit_action"
        )
        return dict(action, domain=[("process_id", "=", self.id)], context={})

    def action_view_standing(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_visit_action"
        )
        return dict(
            action,
            name=self.env._("Standing in %s", self.name),
            domain=[("process_id", "=", self.id), ("left_date", "=", False)],
            context={"search_default_group_stage": 1},
        )

    def action_export(self):
        """Download the definition as a file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/crm_lifecycle/process/{self.id}/definition.json",
            "target": "download",
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
