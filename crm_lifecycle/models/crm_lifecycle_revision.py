from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLifecycleRevision(models.Model):
    """What a process was when it was published; never changed afterwards."""

    _name = "crm.lifecycle.revision"
    _description = "Lifecycle Process Revision"
    _order = "process_id, number desc"
    _rec_name = "number"

    process_id = fields.Many2one(
        "crm.lifecycle.process",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    number = fields.Integer(required=True, readonly=True)
    definition = fields.Json(required=True, readonly=True)
    note = fields.Char(readonly=True)
    change_summary = fields.Html("Changes", compute="_compute_change_summary")
    create_uid = fields.Many2one("res.users", "Published by", readonly=True)
    create_date = fields.Datetime("Published on", readonly=True)

    _number_uniq = models.UniqueIndex(
        "(process_id, number)", "A revision number is used once per process."
    )

    @api.depends("number", "process_id")
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = self.env._(
                "%(process)s, revision %(number)s",
                process=revision.process_id.name,
                number=revision.number,
            )

    @api.depends("definition")
    def _compute_change_summary(self):
        for revision in self:
            previous = self.search(
                [
                    ("process_id", "=", revision.process_id.id),
                    ("number", "<", revision.number),
                ],
                limit=1,
            )
            revision.change_summary = self.env["ir.qweb"]._render(
                "crm_lifecycle.differences",
                {
                    "differences": self.env["crm.lifecycle.process"]._get_differences(
                        previous.definition or {}, revision.definition
                    )
                },
            )

    def write(self, vals):
        if "definition" in vals or "number" in vals:
            raise UserError(
                self.env._("A published revision is history and cannot be changed.")
            )
        return super().write(vals)
