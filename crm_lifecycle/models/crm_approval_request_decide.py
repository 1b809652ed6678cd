import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CrmApprovalRequest(models.Model):
    """What people do with a request, and the activities that ask them."""

    _inherit = "crm.approval.request"

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_approve(self):
        """Open the dialog in which the current user approves."""
        return self._open_decision("approve")

    def action_reject(self):
        """Open the dialog in which the current user rejects, with the reason."""
        return self._open_decision("reject")

    def _open_decision(self, decision):
        self.ensure_one()
        if answer := self._get_late_answer():
            return answer
        is_approval = decision == "approve"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approve") if is_approval else self.env._("Reject"),
            "res_model": "crm.approval.decide",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_request_id": self.id,
                "default_decision": decision,
            },
        }

    def action_cancel(self):
        """Withdraw the question: its requester or a process manager may."""
        for request in self:
            if request.state == "pending" and not request.can_cancel:
                raise AccessError(
                    self.env._("Only who asked for an approval can withdraw it.")
                )
        # sudo: requests are written by the engine alone
        requests = self.sudo()
        requests._lock()
        for request in requests:
            if target := request._get_target():
                target._approval_check_cancel()
        requests._end("cancelled")
        return True

    def action_view_target(self):
        """Open what has to be approved."""
        self.ensure_one()
        target = self._get_target()
        if not target:
            raise UserError(self.env._("“%s” has been deleted.", self.name))
        record = target._approval_get_chatter_records()[0]
        if not record.has_access("read"):
            raise UserError(
                self.env._(
                    "You may decide about it, but not open it. What it is about is "
                    "written here."
                )
            )
        return record.get_formview_action()

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _decide(self, is_approval, comment=None):
        """The decision of the current user.

        Of decisions taken at the same moment one comes first; the others are told
        kindly what has been decided.

        :param bool is_approval: False to reject
        :param str comment: required to reject
        :return: a client action that says so when it was decided before; else None
        :raise UserError: the user is not asked, or may not decide
        """
        self.ensure_one()
        comment = (comment or "").strip()
        if not is_approval and not comment:
            raise UserError(self.env._("Say why you reject it."))
        # sudo: requests are written by the engine alone, for who was asked
        request = self.sudo()
        request._lock()
        if answer := request._get_late_answer():
            return answer
        lines = request._get_lines_to_decide()
        lines._set_decision(is_approval, comment)
        if target := request._get_target():
            target._approval_stamp(lines._describe_decision(is_approval, comment))
        request._advance()
        return None

    def _void(self, note):
        """What was or is to be agreed to has changed."""
        self._lock()
        for request in self.filtered(lambda r: r.state in ("pending", "approved")):
            target = request._get_target()
            if request.state == "pending":
                request._end("voided", note)
            else:
                request.state = "voided"
                if target:
                    target._approval_stamp(note)
                    target._approval_ended(request)

    def _lock(self):
        """Let one decision at a time be taken on a request.

        The row is written as well: under Odoo's isolation a decision taken at the
        same moment then starts anew and sees this one.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE crm_approval_request"
                " SET decision_count = COALESCE(decision_count, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        self.invalidate_recordset()
        self.line_ids.invalidate_recordset()

    def _get_lines_to_decide(self):
        """The lines on which the current user is asked.

        :raise UserError: there is none, or it is the user's own request
        """
        user = self.env.user
        if user in self._get_excluded():
            raise UserError(
                self.env._("Nobody can decide about what they asked for themselves.")
            )
        lines = self.line_ids.filtered(lambda line: line._concerns(user))
        asked = lines.filtered(lambda line: line.state == "asked")
        if asked:
            return asked
        if lines.filtered(lambda line: line.state == "waiting"):
            raise UserError(
                self.env._("Others decide before you. You will be asked then.")
            )
        if lines:
            raise UserError(self.env._("You have decided about this already."))
        raise AccessError(self.env._("You are not asked to decide about this."))

    def _get_late_answer(self):
        """What somebody is told who decides about what has been decided."""
        if self.state == "pending":
            return None
        labels = dict(self._fields["state"]._description_selection(self.env))
        # sudo: who decided is told to who was asked as well
        line = self.sudo().line_ids.filtered("decided_by_id").sorted("decided_date")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": labels[self.state],
                "message": self.env._(
                    "This has been decided already%(by)s.",
                    by=f" ({line[-1].decided_by_id.name})" if line else "",
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _follow_activities(self):
        """Give everybody who is asked one activity, and nobody else."""
        kind = self.env.ref("crm_lifecycle.mail_activity_type_approval")
        for request in self:
            lines = request.line_ids
            asked = lines.filtered(lambda line: line.state == "asked").user_ids
            open_ones = request.activity_ids.filtered(
                lambda activity: activity.activity_type_id == kind
            )
            missing = asked - open_ones.user_id
            open_ones.filtered(lambda a, u=asked: a.user_id not in u).unlink()
            for user in missing:
                request.activity_schedule(
                    "crm_lifecycle.mail_activity_type_approval",
                    date_deadline=request._get_deadline(user),
                    summary=request.name,
                    user_id=user.id,
                )
            everybody = request.approver_ids | lines.user_ids | lines.approver_ids
            if everybody != request.approver_ids:
                request.approver_ids = everybody

    def _start_clocks(self):
        """Hook: the time to decide begins."""

    def _stop_clocks(self):
        """Hook: the time to decide is over."""

    def _get_deadline(self, user):
        """Hook: the day by which ``user`` should have decided."""
        return fields.Date.context_today(self.with_context(tz=user.tz))

    @api.model
    def _cron_follow_absences(self):
        """Ask those who are there now; one broken request stops nobody."""
        commit_progress = self.env["ir.cron"]._commit_progress
        requests = self.search([("state", "=", "pending")], order="id")
        commit_progress(remaining=len(requests))
        for request in requests:
            for locked in request.try_lock_for_update():
                try:
                    with self.env.cr.savepoint():
                        locked.line_ids._reassign()
                except Exception:
                    _logger.exception("Approval %s skipped", locked.name)
            if not commit_progress(1):
                break
