from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.settings import get_number, is_on
from ..tools.text import is_blank

CLOSING_ACTIVITY = "crm_feedback.mail_activity_type_closing"
REVISIT_ACTIVITY = "crm_feedback.mail_activity_type_revisit"
CAUSE_FIELDS = {"cause_id", "measure_ids", "no_measure_reason"}


class CrmFeedback(models.Model):
    """How a feedback ends: what is asked before, and what it ended with.

    Only the customer can confirm. Whoever stays silent has not confirmed, and a
    complaint does not end before its cause and what is done about it are named.
    """

    _inherit = "crm.feedback"

    outcome = fields.Selection(
        [
            ("confirmed", "Confirmed by the Customer"),
            ("reported", "Confirmed by Word of Mouth"),
            ("no_answer", "No Answer"),
            ("closed", "Closed by Us"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    confirmed_date = fields.Datetime("Confirmed on", readonly=True, copy=False)
    ask_date = fields.Datetime("Asked on", readonly=True, copy=False)
    remind_date = fields.Datetime("Reminded on", readonly=True, copy=False)
    cause_id = fields.Many2one(
        "crm.feedback.cause",
        "Root Cause",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    measure_ids = fields.One2many(
        "crm.feedback.measure", "feedback_id", "Corrective Actions"
    )
    no_measure_reason = fields.Char(
        "Why No Corrective Action",
        tracking=True,
        help="e.g. the first case of its kind",
    )
    closing_hint = fields.Char(compute="_compute_closing_hint")

    @api.depends(
        "state",
        "outcome",
        "confirmed_date",
        "ask_date",
        "remind_date",
        "kind",
        *CAUSE_FIELDS,
    )
    @api.depends_context("lang", "tz")
    def _compute_closing_hint(self):
        """Where a solved feedback stands, in one sentence."""
        for feedback in self:
            feedback.closing_hint = (
                feedback.state == "solved" and feedback._explain_closing()
            )

    def _explain_closing(self):
        missing = " ".join(self._get_closing_gaps())
        if self.confirmed_date:
            return self.env._("The customer has confirmed. To close: %s", missing)
        if self.remind_date:
            return self.env._(
                "Reminded on %(date)s; without an answer it ends on %(end)s.",
                date=format_date(self.env, self.remind_date),
                end=format_date(self.env, self._get_silence_end()),
            )
        if self.is_unreachable or not self.mail_to:
            return self.env._(
                "The customer cannot be asked by mail: ask by phone, or copy the link."
            )
        if self.ask_date:
            return self.env._(
                "The customer was asked on %s and has not answered yet.",
                format_date(self.env, self.ask_date),
            )
        return self.env._("The customer will be asked whether it is solved.")

    # ------------------------------------------------------------
    # What is asked before it ends
    # ------------------------------------------------------------

    def _get_blockers(self, target):
        refused = super()._get_blockers(target)
        if target == "closed":
            for feedback in self - self.browse().concat(*refused):
                if gaps := feedback._get_closing_gaps():
                    refused[feedback] = gaps
        return refused

    def _get_closing_gaps(self):
        """What is missing before one complaint can end; other kinds need nothing."""
        self.ensure_one()
        gaps = []
        if self.kind != "complaint" or is_on(self.env, "close_without_cause"):
            return gaps
        if not self.cause_id:
            gaps.append(self.env._("name its root cause."))
        if not self.measure_ids and is_blank(self.no_measure_reason):
            gaps.append(
                self.env._("name a corrective action, or say why none is needed.")
            )
        return gaps

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & (CAUSE_FIELDS | {"kind"}):
            self.sudo()._close_settled()  # sudo: what ends it has been decided
        return result

    # ------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------

    def _get_silence_end(self):
        days = get_number(self.env, "silence_days")
        return self.remind_date and self.remind_date + timedelta(days=days)

    def _is_silent(self):
        end = self._get_silence_end()
        return bool(end) and end <= fields.Datetime.now()

    def _prepare_step_values(self, target):
        values = super()._prepare_step_values(target)
        if target == "closed":
            ended = "no_answer" if self._is_silent() else "closed"
            confirmed = self.confirmed_date and (self.outcome or "confirmed")
            values["outcome"] = self.outcome or confirmed or ended
        elif self.state in ("solved", "closed"):
            names = ("outcome", "confirmed_date", "ask_date", "remind_date")
            values.update(dict.fromkeys((*names, "is_unreachable"), False))
        return values

    def _close_settled(self):
        """End what the customer has confirmed, or has stayed silent about.

        Where something is missing, the owner is asked for it once.
        """
        settled = self.filtered(
            lambda r: (
                r.state == "solved"
                and (
                    r.confirmed_date
                    or (r._is_silent() and not r.category_id.is_closed_by_hand)
                )
            )
        )
        refused = settled._get_blockers("closed")
        waiting = settled.browse().concat(*refused)
        (settled - waiting).write({"state": "closed"})
        waiting._ask_owners(CLOSING_ACTIVITY)

    def _ask_owners(self, xmlid, days=0):
        """Give each owner an activity of a kind, unless there is one."""
        known = set(self.activity_search([xmlid]).mapped("res_id"))
        due = fields.Date.add(fields.Date.context_today(self), days=days)
        asked = self.filtered(lambda r: r.id not in known and r.user_id.active)
        for user, records in asked.grouped("user_id").items():
            records.activity_schedule(xmlid, date_deadline=due, user_id=user.id)

    def _entered(self, target):
        result = super()._entered(target)
        if target == "closed":
            self.activity_feedback([CLOSING_ACTIVITY])
            self._plan_revisit()
        elif target == "assigned":
            self.activity_unlink([CLOSING_ACTIVITY, REVISIT_ACTIVITY])
        return result

    def _plan_revisit(self):
        """Whoever answered a complaint asks some time later how things are."""
        if is_on(self.env, "skip_revisit"):
            return
        since = fields.Datetime.now() - timedelta(days=1)
        ended = self.filtered(
            lambda r: r.kind == "complaint" and r.partner_id and r.close_date >= since
        )
        ended._ask_owners(REVISIT_ACTIVITY, get_number(self.env, "revisit_days"))

    def action_record_confirmation(self):
        """The customer has said, on the phone or in person, that it is solved."""
        self.check_access("write")
        self._check_solved()
        open_ = self.sudo().filtered(lambda r: not r.confirmed_date)  # sudo: recorded
        open_._write_step(
            {"confirmed_date": fields.Datetime.now(), "outcome": "reported"}
        )
        for feedback in open_.with_env(self.env):
            feedback.message_post(
                body=self.env._("The customer has confirmed by word of mouth.")
            )
        open_._confirmed()
        open_._close_settled()

    def _confirmed(self):
        """Hook: customers have confirmed that they have been helped."""
