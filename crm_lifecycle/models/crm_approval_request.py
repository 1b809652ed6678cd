from odoo import api, fields, models
from odoo.fields import Domain


class CrmApprovalRequest(models.Model):
    """One question to all who have to agree to one record.

    Written by the engine alone: people decide by :meth:`action_approve` and
    :meth:`action_reject`. The people asked find an activity on the request, so that
    they need no right to see more than what they decide about.
    """

    _name = "crm.approval.request"
    _description = "Approval"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char("About", required=True, readonly=True)
    kind = fields.Selection("_get_kind_selection", required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True
    )
    requester_id = fields.Many2one(
        "res.users", "Asked by", required=True, readonly=True, index=True
    )
    reason = fields.Text("Reason Given", readonly=True)
    why = fields.Text("Why it is Asked", readonly=True)
    summary = fields.Html(
        "What it is About",
        readonly=True,
        help="As it was when approval was asked, for who may not open the record.",
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    team_id = fields.Many2one(
        "crm.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Withdrawn"),
            ("voided", "Void: Content Changed"),
        ],
        default="pending",
        required=True,
        readonly=True,
        tracking=True,
    )
    line_ids = fields.One2many(
        "crm.approval.line", "request_id", "Approvers", readonly=True
    )
    approver_ids = fields.Many2many(
        "res.users",
        "crm_approval_request_approver_rel",
        string="May See and Decide",
        readonly=True,
    )
    rule_ids = fields.Many2many("crm.approval.rule", string="Rules", readonly=True)
    fingerprint = fields.Char(readonly=True)
    requested_date = fields.Datetime("Asked", readonly=True)
    ended_date = fields.Datetime("Decided", readonly=True)
    elapsed_hours = fields.Float(
        "Hours Elapsed",
        readonly=True,
        aggregator="avg",
        help="From the question to the outcome.",
    )
    serial_hours = fields.Float(
        "Hours One by One",
        readonly=True,
        aggregator="avg",
        help="What it would have taken to ask the same people one after another.",
    )
    saved_hours = fields.Float(
        "Hours Saved",
        readonly=True,
        aggregator="sum",
        help="By asking at once instead of one after another.",
    )
    decision_count = fields.Integer(readonly=True)
    missing = fields.Char("Still Missing", compute="_compute_missing")
    is_my_turn = fields.Boolean(
        "Waits for Me", compute="_compute_is_my_turn", search="_search_is_my_turn"
    )
    can_cancel = fields.Boolean(compute="_compute_can_cancel")

    _target_idx = models.Index("(res_model, res_id)")
    _pending_idx = models.Index("(requested_date) WHERE state = 'pending'")
    _pending_uniq = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'pending'",
        "Approval has been asked for already.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.model
    def _get_kind_selection(self):
        return (
            self.env["crm.approval.rule"]
            ._fields["kind"]
            ._description_selection(self.env)
        )

    @api.depends("line_ids.state")
    def _compute_missing(self):
        for request in self:
            waiting = request.line_ids.filtered(
                lambda line: line.state in ("asked", "waiting")
            )
            names = (", ".join(line.user_ids.mapped("name")) for line in waiting)
            request.missing = "; ".join(dict.fromkeys(names)) or False

    @api.depends_context("uid")
    @api.depends("line_ids.state")
    def _compute_is_my_turn(self):
        mine = self.filtered_domain(self._get_my_turn_domain())
        mine.is_my_turn = True
        (self - mine).is_my_turn = False

    def _search_is_my_turn(self, operator, value):
        return self._get_my_turn_domain() if operator == "in" else NotImplemented

    @api.model
    def _get_my_turn_domain(self):
        """The definition of "waits for me", for Python and for searches."""
        me = Domain("user_ids", "in", self.env.uid)
        # the one who was meant may still decide while a substitute is asked
        me |= Domain("approver_ids", "in", self.env.uid)
        return Domain("line_ids", "any", Domain("state", "=", "asked") & me)

    @api.depends_context("uid")
    @api.depends("state", "requester_id")
    def _compute_can_cancel(self):
        is_manager = self.env.user.has_group(
            "crm_lifecycle.group_crm_lifecycle_manager"
        )
        for request in self:
            request.can_cancel = request.state == "pending" and (
                is_manager or request.requester_id == self.env.user
            )

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _open(self, target, requester, reason, rules):
        """Ask everybody who has to agree to ``target``.

        :param target: one record with ``crm.approval.mixin``
        :param requester: ``res.users``, who will not be asked
        :param str reason: may be empty
        :param dict rules: ``{rule: [why, …]}``
        :return: the new request
        :raise UserError: nobody can be asked
        """
        company = target._approval_get_company()
        excluded = requester | target._approval_get_excluded()
        request = self.create(
            {
                "name": target._approval_get_title(),
                "kind": target._approval_kind,
                "res_model": target._name,
                "res_id": target.id,
                "requester_id": requester.id,
                "reason": (reason or "").strip(),
                "why": "\n".join(why for whys in rules.values() for why in whys),
                "summary": target._approval_get_summary(),
                "amount": target._approval_get_amount(),
                "currency_id": company.currency_id.id,
                "company_id": company.id,
                "team_id": target._approval_get_team().id,
                "rule_ids": [rule.id for rule in rules],
                "fingerprint": target._approval_get_fingerprint(),
                "requested_date": fields.Datetime.now(),
            }
        )
        target.approval_request_id = request
        self.env["crm.approval.line"]._open(request, target, list(rules), excluded)
        request._start_clocks()
        request._advance()
        if request.state == "pending":
            target._approval_stamp(request._describe_question())
        return request

    def _describe_question(self):
        """What the chatter says when approval is asked for."""
        names = ", ".join(self.line_ids.user_ids.mapped("name"))
        if self.reason:
            return self.env._(
                "Approval asked of %(names)s: %(reason)s",
                names=names,
                reason=self.reason,
            )
        return self.env._("Approval asked of %s.", names)

    def _get_target(self):
        """The record it is about; empty when it is gone."""
        self.ensure_one()
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_excluded(self):
        """Who may not decide: nobody agrees to what is their own."""
        target = self._get_target()
        return self.requester_id | (
            target._approval_get_excluded() if target else self.env["res.users"]
        )

    # ------------------------------------------------------------
    # Following the decisions
    # ------------------------------------------------------------

    def _advance(self):
        """Ask whose turn it is, and end the request when nobody is missing."""
        for request in self.filtered(lambda r: r.state == "pending"):
            lines = request.line_ids
            if any(line.state == "rejected" for line in lines):
                request._end("rejected")
                continue
            for group in lines.grouped("rule_id").values():
                group._ask_next()
            if all(line.state in ("approved", "skipped") for line in lines):
                request._end("approved")
            else:
                request._follow_activities()

    def _end(self, state, note=None):
        """End requests, measure them, tell the requester and the target."""
        now = fields.Datetime.now()
        for request in self.filtered(lambda r: r.state == "pending"):
            request.line_ids.filtered(
                lambda line: line.state in ("asked", "waiting")
            ).state = "skipped"
            elapsed = (now - request.requested_date).total_seconds() / 3600
            serial = sum(request.line_ids.mapped("hours"))
            request.write(
                {
                    "state": state,
                    "ended_date": now,
                    "elapsed_hours": elapsed,
                    "serial_hours": serial,
                    "saved_hours": max(serial - elapsed, 0)
                    if state in ("approved", "rejected")
                    else 0,
                }
            )
            request._stop_clocks()
            request._follow_activities()
            if target := request._get_target():
                request._tell_outcome(target, note)
                target._approval_ended(request)

    def _tell_outcome(self, target, note):
        """Stamp the outcome on the target; the requester is notified."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        body = self.env._("Approval: %s", labels[self.state])
        requester = self.requester_id - self.env.user
        target._approval_stamp(
            f"{body}. {note}" if note else body, notify=requester.filtered("active")
        )
