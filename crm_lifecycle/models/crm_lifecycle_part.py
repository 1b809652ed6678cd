import uuid

from odoo import api, fields, models

from ..tools.references import export_value, get_value_error, import_values
from ..tools.translations import SOURCE_LANG, pick_text, set_translations


class CrmLifecyclePart(models.AbstractModel):
    """A line of a stage that belongs to the definition: a requirement, a role.

    It is frozen while its process runs, and goes with the stage through drafts,
    revisions, export and import. A part's model inherits this, names the fields
    that make its definition, and joins
    ``crm.lifecycle.stage._get_definition_parts``.
    """

    _name = "crm.lifecycle.part"
    _description = "Part of a Lifecycle Stage"
    _order = "stage_id, sequence, id"

    key = fields.Char(
        readonly=True,
        copy=False,
        help="Technical name that stays the same through export, import and revisions.",
    )
    sequence = fields.Integer(default=10)
    stage_id = fields.Many2one(
        "crm.lifecycle.stage", required=True, index=True, ondelete="cascade"
    )
    # goes with the process as the stage does: an update in between would find no stage
    process_id = fields.Many2one(
        related="stage_id.process_id", store=True, index=True, ondelete="cascade"
    )

    @api.model
    def _get_definition_fields(self):
        """Fields that make the definition; frozen while the process runs.

        Hook: a part extends this list. References and translated texts may be
        among them.
        """
        return ["sequence"]

    @api.model
    def _get_live_fields(self):
        """Fields of the definition that may change while the process runs.

        Hook: a part names what is no matter of the chart, as the person in a role.
        """
        return set()

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stages = self.env["crm.lifecycle.stage"].browse(
            {vals["stage_id"] for vals in vals_list if vals.get("stage_id")}
        )
        stages.process_id._check_definition_editable()
        return super().create(
            [{**vals, "key": vals.get("key") or uuid.uuid4().hex} for vals in vals_list]
        )

    def write(self, vals):
        frozen = {*self._get_definition_fields(), "key", "stage_id"}
        if vals.keys() & (frozen - self._get_live_fields()):
            self.process_id._check_definition_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        self.process_id._check_definition_editable()

    # ------------------------------------------------------------
    # Definition
    # ------------------------------------------------------------

    def _get_definition(self):
        """This part as plain data, see ``crm.lifecycle.process._get_definition``."""
        self.ensure_one()
        names = self._get_definition_fields()
        return {"key": self.key, **{name: export_value(self, name) for name in names}}

    @api.model
    def _get_definition_errors(self, parts):
        """Why the parts of a stage in a definition file cannot be applied.

        :param parts: as read; a list of dicts when it is well formed
        """
        if not isinstance(parts, list):
            return [self.env._("They are not written as a list.")]
        errors, keys = [], set()
        for values in parts:
            key = values.get("key") if isinstance(values, dict) else None
            if not isinstance(key, str) or not key or key in keys:
                errors.append(self.env._("A line has no technical name of its own."))
                continue
            keys.add(key)
            for name in self._get_definition_fields():
                if error := get_value_error(self, name, values.get(name)):
                    errors.append(error)
        return errors

    @api.model
    def _apply_definition(self, stage, parts, known, **owner):
        """Make the parts of one stage equal to ``parts``.

        :param list parts: as :meth:`_get_definition` writes them
        :param known: the parts the stage has; those of the same key are kept
        :param owner: values of new parts that belong to something within the stage
        """
        by_key = {part.key: part for part in known}
        kept = self.browse()
        for values in parts:
            kept |= self._apply_part_definition(
                stage, by_key.get(values["key"], self.browse()), values, **owner
            )
        (known - kept).unlink()

    @api.model
    def _apply_part_definition(self, stage, part, values, **owner):
        """Create or update one part.

        :param part: the part of the same key, may be empty
        :param dict values: as :meth:`_get_definition` writes them
        :param owner: see :meth:`_apply_definition`
        :return: the part
        """
        plain, texts = import_values(self, self._get_definition_fields(), values)
        if part:
            part.write(plain)
        else:
            first = {name: pick_text(text, SOURCE_LANG) for name, text in texts.items()}
            part = self.create(
                {**plain, **first, **owner, "stage_id": stage.id, "key": values["key"]}
            )
        for name, text in texts.items():
            set_translations(part, name, text)
        return part
