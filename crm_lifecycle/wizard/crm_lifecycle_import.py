import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.translations import pick_text, set_translations


class CrmLifecycleImport(models.TransientModel):
    """Reads a definition file into a draft, after showing what it would change."""

    _name = "crm.lifecycle.import"
    _description = "Import a Lifecycle Process"

    file = fields.Binary(required=True, attachment=False)
    filename = fields.Char()
    process_id = fields.Many2one(
        "crm.lifecycle.process",
        "Change this Process",
        domain="[('state', 'in', ('draft', 'published')), ('draft_of_id', '=', False)]",
        help="Leave empty to make a new process of the file.",
    )
    error = fields.Text(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview")

    @api.depends("file", "process_id")
    def _compute_preview(self):
        for wizard in self:
            wizard.error = wizard.preview = False
            if not wizard.file:
                continue
            try:
                definition = wizard._read_definition()
            except UserError as error:
                wizard.error = str(error)
                continue
            process = wizard.process_id
            wizard.preview = self.env["ir.qweb"]._render(
                "crm_lifecycle.differences",
                {
                    "differences": process._get_differences(
                        process._get_definition() if process else {}, definition
                    )
                },
            )

    def _read_definition(self):
        """The definition in the file.

        :raise UserError: the file cannot be used, or describes another process
        """
        self.ensure_one()
        process = self.env["crm.lifecycle.process"]
        try:
            content = base64.b64decode(self.file, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError(self.env._("The file could not be read.")) from None
        definition = process._parse_definition(content)
        if self.process_id and definition.get("key") != self.process_id.key:
            raise UserError(
                self.env._(
                    "The file describes another process, “%(other)s”. Leave “Change "
                    "this Process” "
                    "empty to make a new process of it.",
                    other=pick_text(definition.get("name") or "?", self.env.lang),
                )
            )
        return definition

    def action_import(self):
        """Write the file into a draft and open it."""
        self.ensure_one()
        definition = self._read_definition()
        process = self.process_id
        if process.state == "published":
            process = process.browse(process.action_new_draft()["res_id"])
        elif not process:
            process = self._create_process(definition)
        process._apply_definition(definition)
        return process._get_form_action()

    def _create_process(self, definition):
        process = self.env["crm.lifecycle.process"]
        name = definition.get("name") or self.env._("Imported Process")
        key = definition.get("key")
        if not isinstance(key, str) or process.with_context(
            active_test=False
        ).search_count([("key", "=", key)], limit=1):
            key = False
        process.check_access("create")
        # sudo: the key is written by the engine alone
        process = process.sudo().create(
            {
                "name": pick_text(name, self.env.lang),
                "key": key,
                "user_id": self.env.uid,
            }
        )
        set_translations(process, "name", name)
        return process.sudo(False)
