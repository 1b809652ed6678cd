from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# what people see on the record until an exception is settled
FLAGS = [
    ("waiting", "Exception Asked For"),
    ("emergency", "Moved, Approval Pending"),
    ("rejected", "Moved, but Rejected"),
    ("stuck", "Approved, but Could Not Move"),
]


class CrmLifecycleException(models.Model):
    """A move that the process does not allow, asked for with a reason.

    Approved, the record passes the gate of its process; what cannot be (a stage
    that no longer exists) stays impossible and is said here. An emergency moves
    first and is approved afterwards. Each host adds its own key, as to the stays.
    """

    _name = "crm.lifecycle.exception"
    _description = "Exception from a Lifecycle Process"
    _inherit = ["crm.approval.mixin"]
    _order = "id desc"

    _approval_kind = "exception"

    kind_id = fields.Many2one(
        "crm.lifecycle.exception.kind",
        "Kind",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    is_emergency = fields.Boolean("Emergency", readonly=True)
    reason = fields.Text(required=True, readonly=True)
    process_id = fields.Many2one(
        "crm.lifecycle.process",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    source_stage_id = fields.Many2one(
        "crm.lifecycle.stage", "From", required=True, readonly=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "To",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    phase = fields.Selection(related="stage_id.phase")
    skipped_stage_ids = fields.Many2many(
        "crm.lifecycle.stage",
        "crm_lifecycle_exception_skipped_rel",
        string="Skipped Stages",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", "Asked by", required=True, readonly=True, index=True
    )
    team_id = fields.Many2one(
        "crm.team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting for Approval"),
            ("done", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Withdrawn"),
            ("stuck", "Could Not Move"),
        ],
        "Outcome",
        default="waiting",
        required=True,
        readonly=True,
    )
    flag = fields.Selection(FLAGS, readonly=True)
    error = fields.Text("Why it Could Not Move", readonly=True)
    moved_date = fields.Datetime("Moved", readonly=True)
    settled_by_id = fields.Many2one("res.users", "Settled by", readonly=True)
    elapsed_hours = fields.Float(
        related="approval_request_id.elapsed_hours", aggregator="avg", store=True
    )
    visit_ids = fields.One2many("crm.lifecycle.visit", "exception_id", "Stays")

    _process_idx = models.Index("(source_stage_id, stage_id, create_date)")

    @api.depends("source_stage_id.name", "stage_id.name")
    def _compute_display_name(self):
        for exception in self:
            record = exception._get_record()
            name = f"{record.display_name}: " if record else ""
            source, target = exception.source_stage_id, exception.stage_id
            exception.display_name = f"{name}{source.name or ''} → {target.name or ''}"

    @api.constrains("reason")
    def _check_reason(self):
        for exception in self:
            if not (exception.reason or "").strip():
                raise ValidationError(
                    self.env._("Say why an exception is needed: it is analysed later.")
                )

    # ------------------------------------------------------------
    # The record
    # ------------------------------------------------------------

    def _get_record(self):
        """The lead or customer; ``None`` without."""
        for model_name in (
            self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        ):
            key = self.env[model_name]._lifecycle_visit_key
            if self[key]:
                return self[key]
        return None

    def action_view_record(self):
        self.ensure_one()
        return self._get_record().get_formview_action()

    def _follow_flag(self):
        """Let records show what is pending about them."""
        for exception in self:
            flag = False
            if exception.state == "waiting":
                flag = "emergency" if exception.moved_date else "waiting"
            elif exception.state == "stuck" or exception.moved_date:
                flag = exception.state if exception.state != "done" else False
            if exception.settled_by_id or flag == "cancelled":
                flag = False
            exception.flag = flag
            if record := exception._get_record():
                record._lifecycle_show_exception(flag)

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _open(self, record, stage, kind, reason):
        """Ask for an exception; what was checked is checked by the caller.

        :param record: the lead or customer, in the environment of who asks
        :return: the new exception
        """
        source = record.lifecycle_stage_id
        company = record.company_id or self.env.company
        # sudo: exceptions are written by the engine alone
        exception = self.sudo().create(
            {
                record._lifecycle_visit_key: record.id,
                "kind_id": kind.id,
                "is_emergency": kind.is_emergency,
                "reason": (reason or "").strip(),
                "process_id": stage.process_id.id,
                "source_stage_id": source.id,
                "stage_id": stage.id,
                "skipped_stage_ids": source._get_stages_between(stage).ids,
                "user_id": self.env.uid,
                "team_id": record._lifecycle_get_team().id,
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "amount": record._lifecycle_get_amount(),
            }
        )
        if kind.is_emergency:
            record._lifecycle_move(stage, reason=exception.reason, exception=exception)
            exception.moved_date = fields.Datetime.now()
        exception._follow_flag()
        rules = self.env["crm.approval.rule"]._judge(exception)
        exception._approval_ask(exception.reason, rules.get(exception))
        return exception.sudo(False)

    # ------------------------------------------------------------
    # For the approval engine
    # ------------------------------------------------------------

    def _approval_get_amount(self):
        return self.amount

    def _approval_get_team(self):
        return self.team_id

    def _approval_get_lifecycle_record(self):
        return self._get_record()

    def _approval_get_chatter_records(self):
        record = self._get_record()
        return [record] if record else []

    def _approval_get_summary(self):
        rows = [
            (self.env._("Kind"), self.kind_id.name),
            (self.env._("From"), self.source_stage_id.name),
            (self.env._("To"), self.stage_id.name),
        ]
        if self.skipped_stage_ids:
            skipped = ", ".join(self.skipped_stage_ids.mapped("name"))
            rows.append((self.env._("Skips"), skipped))
        if self.moved_date:
            rows.append((self.env._("Emergency"), self.env._("It has moved already.")))
        return Markup("<table class='table table-sm mb-0'>%s</table>") % Markup(
            ""
        ).join(Markup("<tr><th>%s</th><td>%s</td></tr>") % row for row in rows)

    def _approval_get_reasons(self, rule):
        if rule.exception_stage_ids and self.stage_id not in rule.exception_stage_ids:
            return []
        kinds = rule.exception_kind_ids
        if kinds and self.kind_id not in kinds:
            return []
        return [f"{rule.name}: {self.kind_id.name}"]
