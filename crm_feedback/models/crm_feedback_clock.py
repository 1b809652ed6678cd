from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ANSWER, SOLUTION = "feedback_answer", "feedback_solution"
DONE_STATES = ("solved", "closed")
OUTGOING = ("comment", "email", "email_outgoing", "sms")


class CrmSlaTimer(models.Model):
    """The clocks of a feedback: its first answer, and its solution."""

    _inherit = "crm.sla.timer"

    kind = fields.Selection(
        selection_add=[
            (ANSWER, "First Answer to Feedback"),
            (SOLUTION, "Solution of Feedback"),
        ],
        ondelete={ANSWER: "cascade", SOLUTION: "cascade"},
    )
    feedback_id = fields.Many2one(
        "crm.feedback", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    @api.model
    def _get_host_keys(self):
        return {**super()._get_host_keys(), "feedback_id": "crm.feedback"}

    def _get_tiers(self):
        tiers = super()._get_tiers()
        for timer in self.filtered("feedback_id"):
            # sudo: a target holds, whoever looks
            customer = timer.feedback_id.sudo().commercial_partner_id
            tiers[timer] = customer.customer_tier_id
        return tiers

    @api.model
    def _get_of_customers_domain(self, customers):
        ours = Domain("feedback_id.commercial_partner_id", "in", customers.ids)
        return super()._get_of_customers_domain(customers) | ours


class CrmFeedback(models.Model):
    """When a feedback is due, and whether it waits for the customer."""

    _inherit = "crm.feedback"

    timer_ids = fields.One2many("crm.sla.timer", "feedback_id", "Clocks")
    answered_date = fields.Datetime("First Answer", readonly=True, copy=False)
    is_waiting = fields.Boolean(
        "Waiting for the Customer",
        readonly=True,
        copy=False,
        help="The clock of the solution stands still.",
    )
    timer_state = fields.Selection(
        lambda self: self.env["crm.sla.timer"]._selection_state(),
        "Time Limit",
        compute="_compute_timer",
        search="_search_timer_state",
    )
    deadline = fields.Datetime(compute="_compute_timer")
    deadline_explanation = fields.Text("Why It Is Due Then", compute="_compute_timer")

    @api.depends("timer_ids.deadline", "timer_ids.done_date", "timer_ids.paused_date")
    @api.depends_context("lang", "tz")
    def _compute_timer(self):
        """The running clock that is due first; a paused one comes last."""
        # sudo: who sees a feedback sees its clocks
        timers = self.env["crm.sla.timer"].sudo()
        running = timers.search(
            timers._get_running_domain() & Domain("feedback_id", "in", self.ids),
            order="deadline, id",
        )
        first = {}
        for timer in running:
            first.setdefault(timer.feedback_id.id, timer)
        for feedback in self:
            timer = first.get(feedback.id, timers)
            feedback.timer_state = timer.state
            feedback.deadline = timer.deadline
            feedback.deadline_explanation = timer and timer._get_explanation()

    def _search_timer_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as above
        timers = self.env["crm.sla.timer"].sudo()
        domain = timers._get_running_domain() & Domain("state", "in", list(value))
        return Domain("timer_ids", "any!", domain)

    # ------------------------------------------------------------
    # Starting and following
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.sudo()._start_clocks((ANSWER, SOLUTION))  # sudo: kept by the engine
        return records

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"user_id", "company_id", "kind", "severity", "partner_id"}:
            self.sudo()._follow_clocks()  # sudo: as above
        return result

    def _entered(self, target):
        result = super()._entered(target)
        records = self.sudo()  # sudo: as above
        if target in DONE_STATES:
            records._find_clocks((ANSWER, SOLUTION))._stop()
            records.filtered("is_waiting")._write_step({"is_waiting": False})
        elif target == "assigned":
            reopened = records.filtered(lambda r: r.reopen_count)
            timed = reopened._find_clocks((SOLUTION,)).feedback_id
            (reopened - timed)._start_clocks((SOLUTION,))
        return result

    def _find_clocks(self, kinds):
        timers = self.env["crm.sla.timer"]
        return timers.search(
            timers._get_running_domain()
            & Domain("feedback_id", "in", self.ids)
            & Domain("kind", "in", kinds)
        )

    def _start_clocks(self, kinds):
        """Start clocks of open feedback, as the limits say.

        :param kinds: of the clocks
        """
        limits = self.env["crm.feedback.limit"]
        waiting = self.filtered(lambda feedback: feedback.state not in DONE_STATES)
        found = {feedback: limits._find_policies(feedback) for feedback in waiting}
        for position, kind in enumerate((ANSWER, SOLUTION)):
            if kind not in kinds:
                continue
            for policy, records in waiting.grouped(
                lambda r, p=position: found[r][p]
            ).items():
                rows = [
                    {**record._prepare_clock(), "start_date": record._get_clock_start()}
                    for record in records
                ]
                self.env["crm.sla.timer"]._start(kind, policy, rows, skip_past=True)
        self.invalidate_recordset(["timer_ids"], flush=False)

    def _prepare_clock(self):
        self.ensure_one()
        return {
            "feedback_id": self.id,
            "owner_id": self.user_id.id,
            "team_id": self.user_id.sale_team_id.id,
            "company_id": self.company_id.id,
        }

    def _get_clock_start(self):
        """When the customer said it, which may be before it was recorded."""
        now = fields.Datetime.now()
        return now if self.reopen_count else min(self.date, now)

    def _follow_clocks(self):
        """Another owner answers; another kind or severity may have another limit."""
        limits = self.env["crm.feedback.limit"]
        for clock in self._find_clocks((ANSWER, SOLUTION)):
            feedback = clock.feedback_id
            clock.write(feedback._prepare_clock())
            answer, solution = limits._find_policies(feedback)
            policy = answer if clock.kind == ANSWER else solution
            if not policy:
                clock._stop(cancelled=True)
            elif policy != clock.policy_id:
                clock.policy_id = policy
                clock._replan()

    # ------------------------------------------------------------
    # Answers, and waiting for the customer
    # ------------------------------------------------------------

    def action_wait(self):
        """The customer has to answer first: the clock of the solution stands still.

        :raise UserError: it is solved already
        """
        self.check_access("write")
        if done := self.filtered(lambda r: r.state in DONE_STATES)[:1]:
            raise UserError(
                self.env._("“%s” is solved; nothing waits.", done.display_name)
            )
        records = self.sudo()  # sudo: clocks are kept by the engine alone
        records._write_step({"is_waiting": True})
        records._find_clocks((SOLUTION,))._pause()

    def action_resume(self):
        """Go on: the clock of the solution runs again."""
        self.check_access("write")
        self.sudo()._resume_clocks()  # sudo: as above

    def _resume_clocks(self):
        waiting = self.filtered("is_waiting")
        if waiting:
            waiting._write_step({"is_waiting": False})
            waiting._find_clocks((SOLUTION,))._resume()

    def _message_post_after_hook(self, message, msg_values):
        """A mail to the customer is the answer; one by the customer ends waiting."""
        message_sudo = message.sudo()  # sudo: who wrote it
        author = message_sudo.author_id.with_context(active_test=False)
        internal = author.user_ids.filtered(lambda user: not user.share)
        is_talk = (
            message_sudo.message_type in OUTGOING
            and not message_sudo.is_internal
            and not message_sudo.subtype_id.internal
        )
        records = self.sudo()  # sudo: as above
        if is_talk and internal and records._reaches_customer(message_sudo):
            records._answer(message_sudo.date)
        elif is_talk and not internal:
            records._customer_spoke()
        return super()._message_post_after_hook(message, msg_values)

    def _customer_spoke(self):
        """Hook: the customer has written; nothing waits for that any more."""
        self._resume_clocks()

    def _reaches_customer(self, message):
        if message.message_type == "sms" or message.outgoing_email_to:
            return True
        readers = message.partner_ids | self.message_partner_ids
        return any(readers.mapped("partner_share"))

    def _answer(self, when):
        """The first answer to the customer ends its clock.

        :param datetime when: UTC
        """
        first = self.filtered(lambda feedback: not feedback.answered_date)
        if first:
            first._write_step({"answered_date": when})
            first._find_clocks((ANSWER,))._stop(when)
