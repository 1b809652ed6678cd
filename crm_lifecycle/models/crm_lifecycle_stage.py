import re
import unicodedata

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmLifecycleStage(models.Model):
    """A node of the chart: where a lead or a customer stands."""

    _name = "crm.lifecycle.stage"
    _description = "Lifecycle Stage"
    _order = "process_id, phase desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    key = fields.Char(
        readonly=True,
        copy=False,
        help="Technical name that stays the same through export, import and revisions.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    process_id = fields.Many2one(
        "crm.lifecycle.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="process_id.company_id")
    phase = fields.Selection(
        [("lead", "Lead"), ("customer", "Customer")],
        required=True,
        default="customer",
        help="Leads stand in lead stages, contacts in customer stages.",
    )
    outcome = fields.Selection(
        [("open", "In Progress"), ("won", "Won"), ("lost", "Lost")],
        required=True,
        default="open",
        help="Whether the lead or customer is won or lost in this stage.",
    )
    crm_stage_id = fields.Many2one(
        "crm.stage",
        "Pipeline Stage",
        index="btree_not_null",
        ondelete="set null",
        help="The column of Odoo's pipeline. Dragging a lead there is the move.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        domain="[('share', '=', False)]",
        help="Answers for the records in this stage that have no salesperson.",
    )
    color = fields.Integer()
    fold = fields.Boolean("Folded in Kanban")
    guidance = fields.Html(
        translate=True, help="What is done in this stage, for those who do it."
    )
    outgoing_ids = fields.One2many(
        "crm.lifecycle.transition", "source_id", "Moves from here"
    )
    incoming_ids = fields.One2many(
        "crm.lifecycle.transition", "target_id", "Moves to here"
    )
    record_count = fields.Integer("Standing Here", compute="_compute_counts")
    visit_count = fields.Integer("Stays", compute="_compute_counts")

    _key_uniq = models.UniqueIndex(
        "(process_id, key)", "A technical name is used once per process."
    )
    _pipeline_uniq = models.UniqueIndex(
        "(process_id, crm_stage_id) WHERE crm_stage_id IS NOT NULL",
        "A pipeline stage stands for one stage of a process only.",
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_counts(self):
        visits = self.env["crm.lifecycle.visit"]
        here = Domain("stage_id", "in", self.ids)
        total = dict(visits._read_group(here, ["stage_id"], ["__count"]))
        current = dict(
            visits._read_group(
                here & visits._get_open_domain(), ["stage_id"], ["__count"]
            )
        )
        for stage in self:
            stage.visit_count = total.get(stage, 0)
            stage.record_count = current.get(stage, 0)

    @api.depends_context("lifecycle_show_process")
    @api.depends("name", "process_id.name")
    def _compute_display_name(self):
        with_process = self.env.context.get("lifecycle_show_process")
        for stage in self:
            prefix = f"{stage.process_id.name} / " if with_process else ""
            stage.display_name = f"{prefix}{stage.name or ''}"

    @api.constrains("phase", "crm_stage_id")
    def _check_pipeline_stage(self):
        for stage in self:
            if stage.crm_stage_id and stage.phase != "lead":
                raise ValidationError(
                    self.env._(
                        "“%s” is a customer stage and cannot stand for a pipeline "
                        "stage.",
                        stage.name,
                    )
                )

    @api.constrains("phase", "outcome")
    def _check_single_lead_lost(self):
        for stage in self.filtered(lambda s: s.phase == "lead" and s.outcome == "lost"):
            if stage.crm_stage_id:
                raise ValidationError(
                    self.env._(
                        "“%s” is where lost leads stand. They keep their pipeline "
                        "stage, so it "
                        "cannot stand for one.",
                        stage.name,
                    )
                )

    @api.constrains("user_id")
    def _check_user_is_employee(self):
        self.user_id._lifecycle_check_owner()

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.env["crm.lifecycle.process"].browse(
            {vals["process_id"] for vals in vals_list if vals.get("process_id")}
        )._check_definition_editable()
        stages = super().create(vals_list)
        for stage in stages.filtered(lambda s: not s.key):
            stage.key = stage._get_free_key()
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        frozen = {
            *self._get_definition_fields(),
            "active",
            "name",
            "guidance",
            "key",
            "process_id",
        }
        if vals.keys() & (frozen | {"crm_stage_id"}):
            self.process_id._check_definition_editable()
        if vals.get("active") is False:
            self._check_nobody_stands_here()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        self._check_nobody_stands_here()
        self.process_id._check_definition_editable()
        self._check_pipeline_is_gone()
        # sudo: history counts also where the user does not see it
        for stage in self.sudo().filtered("visit_count"):
            raise UserError(
                self.env._(
                    "“%(stage)s” holds the history of %(count)s stays and cannot be "
                    "deleted. "
                    "Archive it instead.",
                    stage=stage.name,
                    count=stage.visit_count,
                )
            )

    def _check_nobody_stands_here(self):
        # sudo: records count also where the user does not see them
        for stage in self.sudo().filtered("record_count"):
            raise UserError(
                self.env._(
                    "%(count)s leads or customers stand in “%(stage)s”. Use “Move "
                    "Records” on "
                    "the stage to choose where they go, then remove it.",
                    count=stage.record_count,
                    stage=stage.name,
                )
            )

    def _check_pipeline_is_gone(self):
        if self.env.su:
            return  # the pipeline stage is being deleted, or a definition applied
        for stage in self.filtered("crm_stage_id"):
            if stage.process_id.draft_of_id or stage.process_id.state == "published":
                raise UserError(
                    self.env._(
                        "“%s” is a stage of the pipeline and would come back. Delete "
                        "the "
                        "pipeline stage in CRM instead, it takes this one along.",
                        stage.name,
                    )
                )

    def _get_free_key(self):
        self.ensure_one()
        name = self.with_context(lang="en_US").name or ""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_") or "stage"
        taken = set(
            self.with_context(active_test=False).process_id.stage_ids.mapped("key")
        )
        numbered = (f"{base}_{number}" for number in range(2, len(taken) + 3))
        return next(key for key in (base, *numbered) if key not in taken)

    def action_move_records(self):
        """Ask where the records that stand here go."""
        self.ensure_one()
        return self.env["crm.lifecycle.relocate"]._open(
            self.process_id, self, then="archive"
        )

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_visit_action"
        )
        return dict(action, domain=[("stage_id", "=", self.id)], context={})

    def _remove_from_process(self):
        """Take stages out of the chart: delete those never visited, archive others."""
        for stage in self:
            stage.outgoing_ids.unlink()
            stage.incoming_ids.unlink()
            if stage.visit_count:
                stage.write({"active": False, "crm_stage_id": False})
            else:
                stage.unlink()

    # ------------------------------------------------------------
    # For the gateway
    # ------------------------------------------------------------

    def _get_edges_from(self, source_ids):
        """The drawn moves that lead here: ``{source id: move id}``."""
        self.ensure_one()
        # sudo: what is drawn is judged for everybody who may move a record
        moves = self.env["crm.lifecycle.transition"].sudo()
        moves = moves.search_fetch(
            [("target_id", "=", self.id), ("source_id", "in", list(source_ids))],
            ["source_id"],
        )
        return {move.source_id.id: move.id for move in moves}

    @api.model
    @tools.ormcache()
    def _get_lead_nodes(self):
        """Where leads stand: ``{(process id, crm.stage id or "lost"): stage id}``."""
        process = self.env["crm.lifecycle.process"]
        # sudo: the engine runs the processes of every company
        stages = self.sudo().search(
            Domain("phase", "=", "lead")
            & Domain("process_id", "any", process._get_running_domain())
        )
        return {
            (
                stage.process_id.id,
                "lost" if stage.outcome == "lost" else stage.crm_stage_id.id,
            ): stage.id
            for stage in stages
        }

    @api.model
    def _get_running_stages(self, phase):
        """Stages of one phase in the running processes of the current companies."""
        process = self.env["crm.lifecycle.process"]
        return self.search(
            Domain("phase", "=", phase)
            & Domain("process_id", "any", process._get_running_domain())
            & Domain("company_id", "in", [False, *self.env.companies.ids])
        )
