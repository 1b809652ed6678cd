from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .crm_lifecycle_exception import FLAGS


class CrmLifecycleVisit(models.Model):
    _inherit = "crm.lifecycle.visit"

    exception_id = fields.Many2one(
        "crm.lifecycle.exception",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The approved exception, or emergency, by which it came here.",
    )

    def _get_path_marks(self):
        """Exceptions are marked with their kind and the stages they skipped."""
        marks = super()._get_path_marks()
        # sudo: who may read the stay may know by which exception it came about
        exception = self.sudo().exception_id
        if not exception:
            return marks
        states = dict(exception._fields["state"]._description_selection(self.env))
        marks.append(
            {
                "label": self.env._("Exception: %s", exception.kind_id.name),
                "icon": "bolt",
                "style": "danger" if exception.state == "rejected" else "warning",
                "title": states[exception.state],
            }
        )
        if skipped := exception.skipped_stage_ids.mapped("name"):
            marks.append(
                {
                    "label": self.env._("Skipped: %s", ", ".join(skipped)),
                    "icon": "fast-forward",
                    "style": "secondary",
                    "title": "",
                }
            )
        return marks


class CrmLifecycleMixin(models.AbstractModel):
    """The exception channel of a host."""

    _inherit = "crm.lifecycle.mixin"

    lifecycle_exception_flag = fields.Selection(
        FLAGS,
        "Exception",
        copy=False,
        readonly=True,
        groups="base.group_user",
        help="What is pending about an exception from the process.",
    )

    def _has_field_access(self, field, operation):
        """What is pending is shown by the engine alone."""
        if (
            operation == "write"
            and field.name == "lifecycle_exception_flag"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def request_lifecycle_exception(self, stage_id, kind_id, reason):
        """Ask for an exception: a move that the process does not allow.

        :param int stage_id: any stage of the process the record is in
        :param int kind_id: ``crm.lifecycle.exception.kind``
        :param str reason: required
        :return: id of the ``crm.lifecycle.exception``
        :raise UserError: it cannot be asked for, or nobody can be asked
        """
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        stage = self.env["crm.lifecycle.stage"].browse(stage_id).exists()
        kind = self.env["crm.lifecycle.exception.kind"].browse(kind_id).exists()
        record._lifecycle_check_exception(stage, kind, reason)
        exceptions = self.env["crm.lifecycle.exception"]
        return exceptions._open(record, stage, kind, reason).id

    def _lifecycle_check_exception(self, stage, kind, reason):
        """Raise when an exception cannot be asked for."""
        if not self.env["crm.lifecycle.exception.kind"].has_access("read"):
            raise AccessError(self.env._("You do not work with the process."))
        self.check_access("write")
        if not (reason or "").strip() or not kind.active:
            raise UserError(self.env._("Choose the kind of exception and say why."))
        source = self.lifecycle_stage_id
        if not source or stage.process_id != source.process_id or stage == source:
            raise UserError(
                self.env._("Choose another stage of the process the record is in.")
            )
        self._lifecycle_refuse(self._lifecycle_get_structural_blockers(stage), stage)
        if self._lifecycle_get_open_exception():
            raise UserError(
                self.env._(
                    "An exception has been asked for “%s” already. Withdraw it first, "
                    "or wait for the decision.",
                    self.display_name,
                )
            )

    def _lifecycle_get_open_exception(self):
        """The exception of one record that waits for approval."""
        self.ensure_one()
        # sudo: there is one at a time, whoever asked
        exceptions = self.env["crm.lifecycle.exception"].sudo()
        return exceptions.search(
            [(self._lifecycle_visit_key, "=", self.id), ("state", "=", "waiting")],
            limit=1,
        )

    def action_request_lifecycle_exception(self):
        """Open the dialog that asks for an exception."""
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exception"),
            "res_model": "crm.lifecycle.exception.request",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_res_model": record._name,
                "default_res_id": record.id,
            },
        }

    def action_view_lifecycle_exceptions(self):
        """Open the exceptions of the record; the open one when there is one."""
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_exception_action"
        )
        domain = [(record._lifecycle_visit_key, "=", record.id)]
        flagged = self.env["crm.lifecycle.exception"].search(
            [*domain, ("flag", "!=", False)]
        )
        if len(flagged) == 1:
            return {**flagged.get_formview_action(), "name": action["name"]}
        return dict(action, domain=domain, context={})

    # ------------------------------------------------------------
    # In the engine
    # ------------------------------------------------------------

    def _lifecycle_show_exception(self, flag):
        """Write what is pending, through the base method as where a record stands."""
        # sudo: shown on records that the approver may not edit
        models.BaseModel.write(self.sudo(), {"lifecycle_exception_flag": flag})

    def _lifecycle_prepare_visit(self, stage, move, now):
        values = super()._lifecycle_prepare_visit(stage, move, now)
        if move.exception_id:
            values["exception_id"] = move.exception_id
        return values

    def _lifecycle_left(self, visits):
        """Who leaves the stage of a rejected emergency is no longer out of line."""
        # sudo: employees alone see the flag, customers make records move as well
        flagged = self.sudo().filtered(
            lambda record: record.lifecycle_exception_flag == "rejected"
        )
        if flagged:
            # sudo: flags are kept by the engine alone
            exceptions = visits.sudo().exception_id
            exceptions.filtered("flag").flag = False
            flagged._lifecycle_show_exception(False)
        return super()._lifecycle_left(visits)

    def _lifecycle_get_amount(self):
        """Hook: what one record is worth, in the currency of its company."""
        return 0.0

    def _lifecycle_get_kit(self):
        kit = super()._lifecycle_get_kit()
        exception = self._lifecycle_get_open_exception()
        kit["exceptions"] = {
            "flag": self.lifecycle_exception_flag or False,
            "can_request": not exception and self.has_access("write"),
            "open": bool(exception)
            and {
                "id": exception.id,
                "stage": exception.stage_id.name,
                "kind": exception.kind_id.name,
                "reason": exception.reason,
                "missing": exception.approval_missing or False,
                "is_my_turn": exception.is_my_approval,
            },
        }
        return kit

    @api.model
    def _lifecycle_merge_exceptions(self, record_ids, keeper_id):
        """Records become one: a single exception stays open, the others are withdrawn.

        :param list record_ids: all of them, the keeper included
        :param int keeper_id: the record that remains
        """
        key = self._lifecycle_visit_key
        # sudo: exceptions are written by the engine alone
        exceptions = self.env["crm.lifecycle.exception"].sudo()
        if not exceptions._is_used():
            return
        exceptions = exceptions.search([(key, "in", record_ids)])
        if not exceptions:
            return
        waiting = exceptions.filtered(lambda e: e.state == "waiting")
        keep = waiting.sorted(lambda e: (e[key].id != keeper_id, e.id))[:1]
        (waiting - keep).approval_request_id._end(
            "cancelled", self.env._("The record was merged into another.")
        )
        exceptions.write({key: keeper_id})
        flagged = exceptions.filtered("flag").sorted(lambda e: e != keep)
        self.browse(keeper_id)._lifecycle_show_exception(flagged[:1].flag)
