from odoo import fields, models
from odoo.exceptions import UserError


class CrmLifecycleException(models.Model):
    """What comes of an exception: the move, the flag, its end."""

    _inherit = "crm.lifecycle.exception"

    def _approval_ended(self, request):
        outcome = {"approved": "done", "rejected": "rejected"}
        self.state = outcome.get(request.state, "cancelled")
        if request.state == "approved" and not self.moved_date:
            self._execute()
        elif request.state == "rejected" and self.moved_date:
            self._approval_stamp(
                self.env._(
                    "The emergency was rejected after the move: %s", self.reason
                ),
                notify=self._approval_get_accountable(),
            )
        self._follow_flag()
        return super()._approval_ended(request)

    def _execute(self):
        """Move the record past the gate, as who asked for it."""
        record = self._get_record()
        mover = self.user_id if self.user_id.active else self.env.user
        try:
            if record.lifecycle_stage_id != self.source_stage_id:
                raise UserError(
                    self.env._(
                        "It stands in “%(stage)s” now, no longer in “%(before)s”.",
                        stage=record.lifecycle_stage_id.name or "",
                        before=self.source_stage_id.name,
                    )
                )
            with self.env.cr.savepoint():
                # sudo: approved is approved, whatever the requester may edit now
                record.with_user(mover).sudo()._lifecycle_move(
                    self.stage_id, reason=self.reason, exception=self
                )
        except UserError as error:
            self.write({"state": "stuck", "error": str(error)})
            self._approval_stamp(
                self.env._("Approved, but it could not move: %s", error),
                notify=self.user_id.filtered("active"),
            )
        else:
            self.moved_date = fields.Datetime.now()

    def action_cancel(self):
        """Withdraw a request that has not been decided."""
        return self.approval_request_id.action_cancel()

    def _approval_check_cancel(self):
        if self.moved_date:
            raise UserError(
                self.env._("An emergency that has moved is decided, not withdrawn.")
            )
        return super()._approval_check_cancel()

    def action_settle(self):
        """Take the flag off the record: what had to be done about it is done."""
        for exception in self.sudo():  # sudo: written by the engine alone
            exception._check_may_settle()
            exception.settled_by_id = self.env.user
            exception._approval_stamp(self.env._("The exception has been settled."))
            exception._follow_flag()

    def _check_may_settle(self):
        """Who asked for an exception does not settle it."""
        user = self.env.user
        is_manager = user.has_group("crm_lifecycle.group_crm_lifecycle_manager")
        if self.flag not in ("rejected", "stuck"):
            raise UserError(self.env._("There is nothing to settle."))
        if self.flag == "stuck" or (is_manager and user != self.user_id):
            return
        if user == self.user_id or user != self._approval_get_accountable():
            raise UserError(
                self.env._(
                    "Who is accountable for the stage or a process manager settles it."
                )
            )
