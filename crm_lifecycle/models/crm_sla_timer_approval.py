from odoo import api, fields, models


class CrmSlaTimer(models.Model):
    """The clock of an approval: by when everybody should have decided."""

    _inherit = "crm.sla.timer"

    kind = fields.Selection(
        selection_add=[("approval", "Approval")], ondelete={"approval": "cascade"}
    )
    approval_request_id = fields.Many2one(
        "crm.approval.request",
        "Approval",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.model
    def _get_host_keys(self):
        return {
            **super()._get_host_keys(),
            "approval_request_id": "crm.approval.request",
        }


class CrmApprovalRule(models.Model):
    _inherit = "crm.approval.rule"

    sla_policy_id = fields.Many2one(
        "crm.sla.policy",
        "Time Limit",
        index="btree_not_null",
        ondelete="restrict",
        help="By when everybody should have decided, and who is told when it is late.",
    )


class CrmApprovalRequest(models.Model):
    _inherit = "crm.approval.request"

    timer_ids = fields.One2many("crm.sla.timer", "approval_request_id", "Clocks")
    deadline = fields.Datetime(
        "Decide by", compute="_compute_deadline", compute_sudo=True
    )

    @api.depends("timer_ids.deadline")
    def _compute_deadline(self):
        """The first of the deadlines that the rules set."""
        for request in self:
            dates = request.timer_ids.filtered("deadline").mapped("deadline")
            request.deadline = min(dates, default=False)

    def _start_clocks(self):
        """Start one clock for each time limit of the rules that ask."""
        timers = self.env["crm.sla.timer"]
        for request in self:
            lines = request.line_ids
            for policy, asking in lines.grouped(
                lambda line: line.rule_id.sla_policy_id
            ).items():
                row = {
                    "approval_request_id": request.id,
                    "owner_id": asking.user_ids[:1].id,
                    "team_id": request.team_id.id,
                    "company_id": request.company_id.id,
                }
                timers._start("approval", policy, [row])
        self.invalidate_recordset(["timer_ids", "deadline"])

    def _stop_clocks(self):
        """End the clocks; what was never decided is left out of the reports."""
        for request in self:
            decided = request.state in ("approved", "rejected")
            request.timer_ids._stop(cancelled=not decided)

    def _get_deadline(self, user):
        if not self.deadline:
            return super()._get_deadline(user)
        there = self.with_context(tz=user.tz)
        return fields.Datetime.context_timestamp(there, self.deadline).date()
