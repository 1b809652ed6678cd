from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from ..models.crm_lifecycle_mixin_advance import BATCH


class CrmLifecycleRelocate(models.TransientModel):
    """Asks where records of vanishing stages go; the gateway moves them."""

    _name = "crm.lifecycle.relocate"
    _description = "Move Records of Lifecycle Stages"

    process_id = fields.Many2one(
        "crm.lifecycle.process", required=True, ondelete="cascade"
    )
    successor_id = fields.Many2one(
        "crm.lifecycle.process", "Published Process", ondelete="cascade"
    )
    then = fields.Selection(
        [
            ("publish", "Publish"),
            ("retire", "Retire"),
            ("replace", "Replace"),
            ("archive", "Archive"),
        ],
        required=True,
    )
    line_ids = fields.One2many("crm.lifecycle.relocate.line", "relocate_id", "Stages")
    record_count = fields.Integer(compute="_compute_record_count")

    @api.depends("line_ids.record_count")
    def _compute_record_count(self):
        for relocate in self:
            relocate.record_count = sum(relocate.line_ids.mapped("record_count"))

    @api.model
    def _open(self, process, stages, then, successor=None):
        """The dialog for ``stages`` of ``process``.

        :param str then: what it is opened for: publish, retire, replace or archive
        :param successor: the process that is being published
        """
        by_key = {
            (stage.key, stage.phase): stage.id
            for stage in (successor.stage_ids if then == "replace" else ())
        }
        wizard = self.create(
            {
                "process_id": process.id,
                "successor_id": successor.id if successor else False,
                "then": then,
                "line_ids": [
                    fields.Command.create(
                        {
                            "stage_id": stage.id,
                            "target_id": by_key.get((stage.key, stage.phase)),
                        }
                    )
                    for stage in stages
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Where do these records go?"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _move_all(self, process, targets, reason):
        """Move all records of some stages, without asking.

        :param process: the process they stand in
        :param dict targets: ``{stage: stage to move to}``
        """
        lines = [
            fields.Command.create({"stage_id": stage.id, "target_id": target.id})
            for stage, target in targets.items()
        ]
        dialog = self.create(
            {"process_id": process.id, "then": "retire", "line_ids": lines}
        )
        for line in dialog.line_ids:
            line._move_records(reason)

    def action_apply(self):
        """Move the records, then do what the dialog was opened for."""
        self.ensure_one()
        self.process_id.check_access("write")
        if missing := self.line_ids.filtered(lambda line: not line.target_id):
            raise UserError(
                self.env._(
                    "Choose where the records of “%s” go.", missing[0].stage_id.name
                )
            )
        for line in self.line_ids:
            line._check_target()
        if self.then == "replace":
            self.process_id._end()
            self.successor_id._check_scope_is_free()
            self.successor_id._publish()
        for line in self.line_ids:
            line._move_records(self.env._("“%s” was removed", line.stage_id.name))
        return getattr(self, f"_finish_{self.then}")()

    def _finish_publish(self):
        return self.successor_id.action_publish()

    def _finish_replace(self):
        return self.successor_id._get_form_action()

    def _finish_retire(self):
        self.process_id._retire()
        return self.process_id._get_form_action()

    def _finish_archive(self):
        stages = self.line_ids.stage_id
        # sudo: the dialog is the way to take a stage out of a running process
        stages.sudo()._remove_from_process()
        names = ", ".join(stages.mapped("name"))
        self.process_id._write_revision(self.env._("Removed: %s", names))
        return self.process_id._get_form_action()


class CrmLifecycleRelocateLine(models.TransientModel):
    _name = "crm.lifecycle.relocate.line"
    _description = "Move Records of a Lifecycle Stage"

    relocate_id = fields.Many2one(
        "crm.lifecycle.relocate", required=True, ondelete="cascade"
    )
    then = fields.Selection(related="relocate_id.then")
    stage_id = fields.Many2one(
        "crm.lifecycle.stage", "From", required=True, readonly=True, ondelete="cascade"
    )
    record_count = fields.Integer(related="stage_id.record_count")
    allowed_stage_ids = fields.Many2many(
        "crm.lifecycle.stage", compute="_compute_allowed_stage_ids"
    )
    target_id = fields.Many2one(
        "crm.lifecycle.stage",
        "To",
        domain="[('id', 'in', allowed_stage_ids)]",
        context={"lifecycle_show_process": True},
        ondelete="cascade",
    )

    @api.depends("stage_id", "relocate_id.then")
    def _compute_allowed_stage_ids(self):
        """Same phase; of the process that goes on."""
        process = self.env["crm.lifecycle.process"]
        for line in self:
            successor = line.relocate_id.successor_id
            scope = Domain("process_id", "=", line.stage_id.process_id.id)
            if line.then == "retire":
                scope = ~scope & Domain(
                    "process_id", "any", process._get_running_domain()
                )
            elif line.then == "replace":
                scope = Domain("process_id", "=", successor.id)
            elif successor:
                scope &= Domain("key", "in", successor.stage_ids.mapped("key"))
            line.allowed_stage_ids = self.env["crm.lifecycle.stage"].search(
                scope
                & Domain("phase", "=", line.stage_id.phase)
                & Domain("id", "not in", line.relocate_id.line_ids.stage_id.ids)
            )

    def _check_target(self):
        self.ensure_one()
        if self.target_id not in self.allowed_stage_ids:
            raise UserError(
                self.env._(
                    "“%s” cannot take these records.", self.target_id.display_name
                )
            )

    def _move_records(self, reason):
        self.ensure_one()
        model_name = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()[
            self.stage_id.phase
        ]
        # sudo: a change of the process moves all records, also those the manager does
        # not see
        host = self.env[model_name].sudo().with_context(active_test=False)
        ids = host.search(host._lifecycle_get_standing_domain(self.stage_id)).ids
        for batch in split_every(BATCH, ids):
            host.browse(batch)._lifecycle_move(
                self.target_id, reason=reason, origin="migration"
            )
