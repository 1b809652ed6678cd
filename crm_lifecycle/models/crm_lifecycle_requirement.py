from ast import literal_eval

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.field_paths import get_steps, split_paths


class CrmLifecycleRequirement(models.Model):
    """What must hold before a record leaves a stage, or makes one certain move.

    A hard one blocks, a soft one asks for the reason why it moves all the same.
    What it looks at is checked for many records at once, see ``_find_gaps``.
    """

    _name = "crm.lifecycle.requirement"
    _description = "Requirement of a Lifecycle Stage"
    _inherit = "crm.lifecycle.part"

    name = fields.Char(
        "What Is Asked For",
        translate=True,
        help="As the checklist says it, e.g. “Phone or e-mail known”.",
    )
    kind = fields.Selection(
        [
            ("fields", "Fields Are Filled In"),
            ("domain", "A Condition Holds"),
            ("activity", "An Activity Is Done"),
            ("step", "The Next Step Is Planned"),
            ("document", "A Document Is Attached"),
        ],
        required=True,
        default="fields",
    )
    is_hard = fields.Boolean(
        "Required",
        default=True,
        help="Required: without it the record does not move. Otherwise it is advised: "
        "whoever moves without it says why, which is kept in the history.",
    )
    transition_id = fields.Many2one(
        "crm.lifecycle.transition",
        "Only for the Move",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('source_id', '=', stage_id)]",
        help="Asked for by this move alone; otherwise whenever the stage is left.",
    )
    on_lost = fields.Boolean(
        "Also When Lost",
        help="Asked for as well when the record moves to a lost stage.",
    )
    field_paths = fields.Char(
        "Fields",
        help="All of them are filled in. Fields of linked records are possible.",
    )
    check_format = fields.Boolean(
        "Check Form",
        default=True,
        help="Telephone numbers and e-mail addresses have to be well-formed.",
    )
    domain = fields.Char("Condition", default="[]")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Type of Activity",
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('res_model', '=', False), ('res_model', '=', model_name)]",
        help="Done since the record stands in the stage. Empty: any activity.",
    )
    document_pattern = fields.Char(
        "File Name",
        help="Part of the name; * stands for anything, e.g. “contract*.pdf”. Empty: "
        "any document.",
    )
    help = fields.Text(
        "How It Is Met",
        translate=True,
        help="Told with what is missing, in a sentence.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    process_state = fields.Selection(related="stage_id.process_id.state")
    last_error = fields.Char(
        readonly=True, copy=False, help="Why it could not be checked last time."
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("stage_id.phase", "transition_id.source_id.phase")
    def _compute_model_name(self):
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        for requirement in self:
            source = requirement.transition_id.source_id or requirement.stage_id
            requirement.model_name = hosts.get(source.phase)

    @api.depends_context("lang")
    @api.depends("name", "kind", "field_paths", "activity_type_id", "document_pattern")
    def _compute_display_name(self):
        for requirement in self:
            requirement.display_name = requirement._get_label()

    @api.constrains("stage_id", "transition_id")
    def _check_move_leaves_stage(self):
        for requirement in self.filtered("transition_id"):
            if requirement.transition_id.source_id != requirement.stage_id:
                raise ValidationError(
                    self.env._(
                        "“%(move)s” does not leave “%(stage)s”.",
                        move=requirement.transition_id.display_name,
                        stage=requirement.stage_id.name,
                    )
                )

    @api.constrains("stage_id", "kind", "name", "field_paths", "domain")
    def _check_usable(self):
        if self.env.context.get("lifecycle_same_database"):
            return  # a copy keeps what broke meanwhile; publishing names it
        for requirement in self:
            if error := requirement._get_error():
                raise ValidationError(
                    self.env._(
                        "The requirement “%(requirement)s” cannot be used: %(error)s",
                        requirement=requirement.name or requirement._get_kind_label(),
                        error=error,
                    )
                )

    # ------------------------------------------------------------
    # Definition
    # ------------------------------------------------------------

    @api.model
    def _get_definition_fields(self):
        return [
            *super()._get_definition_fields(),
            "name",
            "kind",
            "is_hard",
            "on_lost",
            "field_paths",
            "check_format",
            "domain",
            "activity_type_id",
            "document_pattern",
            "help",
        ]

    def _get_error(self):
        """Why this requirement cannot be checked; ``None`` when it can."""
        self.ensure_one()
        values = {
            name: self[name] for name in ("kind", "name", "field_paths", "domain")
        }
        return self._get_values_error(self.model_name, values)

    @api.model
    def _get_values_error(self, model_name, values):
        """Why a requirement of such values cannot be checked.

        :param str model_name: of the records that stand in its stage
        :param dict values: as the definition has them
        """
        # sudo: requirements may ask for fields their author does not see
        host = self.env[model_name].sudo()
        kind = values.get("kind", "fields")
        try:
            if kind == "domain":
                Domain(literal_eval(values.get("domain") or "[]")).validate(host)
                if not values.get("name"):
                    return self.env._("Say in words what the condition asks for.")
            elif kind == "fields":
                paths = split_paths(values.get("field_paths"))
                if not paths:
                    return self.env._("Choose at least one field.")
                for path in paths:
                    get_steps(host, path)
        except Exception as error:
            return str(error)
        return None

    @api.model
    def _get_fitting_errors(self, label, phase, parts):
        """Why well-formed requirements of a definition file cannot be used.

        :param str label: the stage or move they belong to
        :param str phase: of that stage
        :param list parts: as read
        """
        model_name = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()[phase]
        values = [{**part, "name": bool(part.get("name"))} for part in parts]
        return [
            self.env._(
                "A requirement of “%(part)s” cannot be used: %(error)s",
                part=label,
                error=error,
            )
            for line in values
            if (error := self._get_values_error(model_name, line))
        ]

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["crm.lifecycle.transition"]
        vals_list = [
            {"stage_id": moves.browse(vals["transition_id"]).source_id.id, **vals}
            if vals.get("transition_id") and not vals.get("stage_id")
            else vals
            for vals in vals_list
        ]
        requirements = super().create(vals_list)
        self.env.registry.clear_cache()
        return requirements

    def write(self, vals):
        if "transition_id" in vals:
            self.process_id._check_definition_editable()
        result = super().write(vals)
        if vals.keys() - {"last_error"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------
    # For the gateway
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_process_ids(self):
        """The processes that ask for anything; where none does, nothing is checked."""
        # sudo: the engine runs the processes of every company
        found = self.sudo()._read_group([], ["process_id"])
        return frozenset(process.id for (process,) in found)

    @api.model
    def _get_list_action(self, domain, name):
        """The list of the requirements of ``domain``."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_requirement_action"
        )
        return dict(
            action,
            domain=domain,
            context={"create": False},
            name=self.env._("Requirements: %s", name),
        )
