from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmApprovalLine(models.Model):
    """One who has to agree, and what came of it."""

    _name = "crm.approval.line"
    _description = "Approval by One Approver"
    _order = "request_id, sequence, id"

    request_id = fields.Many2one(
        "crm.approval.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    rule_id = fields.Many2one(
        "crm.approval.rule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    rule_line_id = fields.Many2one(
        "crm.approval.rule.line", readonly=True, ondelete="set null"
    )
    mode = fields.Selection(related="rule_id.mode")
    sequence = fields.Integer(readonly=True)
    role = fields.Char("As", readonly=True)
    approver_ids = fields.Many2many(
        "res.users",
        "crm_approval_line_approver_rel",
        string="Meant",
        readonly=True,
        context={"active_test": False},
        help="Who has to agree.",
    )
    user_ids = fields.Many2many(
        "res.users",
        "crm_approval_line_user_rel",
        string="Asked",
        readonly=True,
        help="Who is asked; a substitute while the approver is away.",
    )
    state = fields.Selection(
        [
            ("waiting", "Not Asked Yet"),
            ("asked", "Asked"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("skipped", "Not Needed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    comment = fields.Text(readonly=True)
    asked_date = fields.Datetime("Asked on", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="restrict", index=True
    )
    on_behalf = fields.Char("On Behalf of", readonly=True)
    decided_date = fields.Datetime("Decided on", readonly=True)
    hours = fields.Float(
        readonly=True, aggregator="avg", help="From the question to the decision."
    )
    kind = fields.Selection(related="request_id.kind", store=True)
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    team_id = fields.Many2one(related="request_id.team_id", store=True)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _open(self, request, target, rules, excluded):
        """Make the lines of a request; nobody is asked yet.

        :param list rules: the rules that ask; who is accountable when empty
        """
        slots = [slot for rule in rules for slot in rule.line_ids]
        if not slots:
            slots = [
                self.env["crm.approval.rule.line"].new({"approver_type": "accountable"})
            ]
        rows = []
        for sequence, slot in enumerate(slots):
            approvers, asked = slot._resolve(target, excluded)
            rows.append(
                {
                    "request_id": request.id,
                    "rule_id": slot.rule_id.id,
                    "rule_line_id": slot._origin.id,
                    "sequence": sequence,
                    "role": slot.display_name,
                    "approver_ids": approvers.ids,
                    "user_ids": asked.ids,
                }
            )
        return self.create(rows)

    def _ask_next(self):
        """Ask those lines of one rule whose turn it is; skip those not needed."""
        mode = self[:1].rule_id.mode
        waiting = self.filtered(lambda line: line.state == "waiting")
        open_lines = self.filtered(lambda line: line.state in ("waiting", "asked"))
        if mode == "any" and any(line.state == "approved" for line in self):
            open_lines.state = "skipped"
        elif mode == "sequence":
            if waiting and open_lines == waiting:
                waiting[0]._ask()
        else:
            waiting._ask()

    def _ask(self):
        self.write({"state": "asked", "asked_date": fields.Datetime.now()})

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _concerns(self, user):
        """Whether the decision of ``user`` counts here."""
        self.ensure_one()
        return user in self.user_ids or user in self.approver_ids

    def _set_decision(self, is_approval, comment):
        """Note the decision of the current user."""
        user, now = self.env.user, fields.Datetime.now()
        for line in self:
            others = line.approver_ids if user not in line.approver_ids else user - user
            line.write(
                {
                    "state": "approved" if is_approval else "rejected",
                    "comment": comment or False,
                    "decided_by_id": user.id,
                    "on_behalf": ", ".join(others.mapped("name")) or False,
                    "decided_date": now,
                    "hours": (now - line.asked_date).total_seconds() / 3600,
                }
            )

    def _describe_decision(self, is_approval, comment):
        """What the chatter says of a decision: who, as what, on behalf of whom."""
        user = self[:1].decided_by_id.name
        roles = [role for role in dict.fromkeys(self.mapped("role")) if role != user]
        parts = [self.env._("Approved") if is_approval else self.env._("Rejected")]
        parts.append(self.env._("by %s", user))
        if roles:
            parts.append(f"({', '.join(roles)})")
        if behalf := self.filtered("on_behalf"):
            parts.append(self.env._("on behalf of %s", behalf[0].on_behalf))
        text = " ".join(parts)
        return f"{text}: {comment}" if comment else f"{text}."

    # ------------------------------------------------------------
    # Absences
    # ------------------------------------------------------------

    @api.model
    def _reassign_of(self, users):
        """The presence of users changed: ask who is there now."""
        open_lines = Domain("state", "in", ("waiting", "asked"))
        involved = Domain("user_ids", "in", users.ids) | Domain(
            "approver_ids", "in", users.ids
        )
        everybody = self.with_context(active_test=False)
        everybody.search(open_lines & involved)._reassign()

    def _reassign(self):
        """Resolve anew who is asked.

        Who was meant stays; a question that nobody can be found for stays with
        whom it was asked, so that it is not lost.
        """
        for line in self.filtered(lambda line: line.state in ("waiting", "asked")):
            request = line.request_id
            target = request._get_target()
            if not target:
                continue
            slot = line.rule_line_id or line._get_slot()
            try:
                approvers, asked = slot._resolve(target, request._get_excluded())
            except UserError:
                continue
            if asked != line.user_ids:
                line.write({"user_ids": asked.ids, "approver_ids": approvers.ids})
        self.request_id.filtered(lambda r: r.state == "pending")._follow_activities()

    def _get_slot(self):
        """What a line without its rule asks: who was meant, or the accountable."""
        slots = self.env["crm.approval.rule.line"]
        if len(self.approver_ids) == 1:
            return slots.new({"approver_type": "user", "user_id": self.approver_ids.id})
        return slots.new({"approver_type": "accountable"})
