from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.text import is_blank
from .crm_feedback_owner import ANSWER_ACTIVITY

# The steps there are: from each state to those that may follow it.
TRANSITIONS = {
    "new": ("assigned",),
    "assigned": ("solved", "new"),
    "solved": ("closed", "assigned"),
    "closed": ("assigned",),
}
SOLVED_STATES = ("solved", "closed")


class CrmFeedback(models.Model):
    """How a feedback goes from state to state: one table, one judge, one gate.

    Buttons, drags, edits, imports and other programs all write ``state`` or
    ``user_id``, and every such write ends in :meth:`_pass_gate`. A feedback is new
    as long as nobody owns it, and has an owner from then on.
    """

    _inherit = "crm.feedback"

    state = fields.Selection(
        [
            ("new", "New"),
            ("assigned", "Assigned"),
            ("solved", "Solved"),
            ("closed", "Closed"),
        ],
        required=True,
        copy=False,
        default="new",
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", search="_search_is_open")
    solution = fields.Text(
        copy=False, tracking=True, help="What was done for the customer, and answered."
    )
    assigned_date = fields.Datetime("Assigned on", copy=False, readonly=True)
    solved_date = fields.Datetime("Solved on", copy=False, readonly=True)
    close_date = fields.Datetime("Closed on", copy=False, readonly=True)
    reopen_count = fields.Integer("Times Reopened", copy=False, readonly=True)

    @api.depends("state")
    def _compute_is_open(self):
        opened = self.filtered_domain(self._get_open_domain())
        opened.is_open = True
        (self - opened).is_open = False

    def _search_is_open(self, operator, value):
        return self._get_open_domain() if operator == "in" else NotImplemented

    @api.constrains("solution", "state")
    def _check_solution(self):
        for feedback in self:
            if feedback.state in SOLVED_STATES and is_blank(feedback.solution):
                raise ValidationError(
                    self.env._(
                        "“%s” is solved: its solution stays.", feedback.display_name
                    )
                )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_assign_to_me(self):
        """Take the feedback."""
        self.write({"user_id": self.env.uid})

    def action_solve(self):
        """Say that the customer has been helped; the solution tells how."""
        self.write({"state": "solved"})

    def action_close(self):
        """End it."""
        self.write({"state": "closed"})

    def action_reopen(self):
        """Work on it again: the solution did not hold."""
        self.write({"state": "assigned"})

    # ------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------

    def write(self, vals):
        vals = self._clean_values(vals)
        self._check_recorded(vals)
        if not vals.keys() & {"state", "user_id"}:
            return super().write(vals)
        self.check_access("write")
        target = self._fields["state"].convert_to_cache(vals.pop("state", None), self)
        owners = {feedback.id: feedback.user_id for feedback in self}
        self._follow_handover(vals.get("user_id"))
        # the values first: what is asked of a feedback is judged as it will be
        result = super().write(vals)
        records = (
            self.sudo()
        )  # sudo: whoever hands it over may have no more rights on it
        for state, movers in records._get_destinations(target).items():
            if state == target:
                movers._pass_gate(state)
            else:  # written like any other step, so that automations see it
                movers.write({"state": state})
        records.filtered(
            lambda r: r.state == "assigned" and r.user_id != owners[r.id]
        )._schedule_answer()
        return result

    def _get_destinations(self, target):
        """Where records go now that their values are written.

        Being new and having no owner are one thing, so an owner who is named or
        taken away decides when no other state is asked for.

        :param target: the state asked for, if any
        :return: ``{state: records}``
        """
        destinations = defaultdict(self.browse)
        for feedback in self:
            state = feedback.state
            if target and target != state:
                destinations[target] |= feedback
            elif not feedback.user_id:
                destinations["new"] |= feedback
            elif state == "new":
                destinations["assigned"] |= feedback
        return destinations

    def _pass_gate(self, target):
        """The gate every step goes through: judge, record, remind.

        :raise UserError: when the judge refuses, with every reason
        """
        movers = self.filtered(lambda feedback: feedback.state != target)
        movers._check_step(target)
        alike = movers.grouped(
            lambda r: (r.state, r.reopen_count, r.solved_date, r.close_date)
        )
        for records in alike.values():
            values = records[:1]._prepare_step_values(target)
            records._write_step({**values, "state": target})
        movers._entered(target)

    def _write_step(self, values):
        """Write what a step changes, past the gate it has just passed."""
        return super().write(values)

    def _prepare_start_values(self, user_id):
        """The state a new feedback starts in."""
        if not user_id:
            return {"state": "new"}
        return {"state": "assigned", "assigned_date": fields.Datetime.now()}

    def _settle_new(self, asked):
        """Let new records pass on to the states they were asked for, step by step.

        :param list asked: one state per record
        """
        order = list(TRANSITIONS)
        for feedback, target in zip(self, asked, strict=True):
            start = order.index(feedback.state) + 1
            for state in order[start : order.index(target) + 1]:
                feedback._pass_gate(state)
        self.filtered(lambda feedback: feedback.state == "assigned")._schedule_answer()

    def _prepare_step_values(self, target):
        """Hook: what a step of one record records beside the state itself.

        History that server code imports brings its dates along.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        if target == "new":
            return {"user_id": False, "assigned_date": False}
        if target == "solved":
            return {"solved_date": self.solved_date or now}
        if target == "closed":
            return {"close_date": self.close_date or now}
        if self.state == "new":
            return {"assigned_date": now}
        return {
            "reopen_count": self.reopen_count + 1,
            "solution": False,  # its text stays in the history
            "solved_date": False,
            "close_date": False,
        }

    def _entered(self, target):
        """Hook: records have come to ``target``."""
        if target == "assigned":
            self._schedule_answer()
        elif target == "new":
            self.activity_unlink([ANSWER_ACTIVITY])
        elif target == "solved":
            self.activity_feedback([ANSWER_ACTIVITY])

    # ------------------------------------------------------------
    # Judge
    # ------------------------------------------------------------

    def _get_blockers(self, target):
        """Hook: why records may not come to ``target``: the only judge of a step.

        :return: ``{record: [reason, …]}``, only records that may not
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        refused = defaultdict(list)
        for feedback in self:
            if target not in TRANSITIONS[feedback.state]:
                refused[feedback].append(
                    self.env._("no step leads there from “%s”.", labels[feedback.state])
                )
                continue
            if target != "new":
                refused[feedback] += feedback._get_owner_blockers()
            if target in SOLVED_STATES and is_blank(feedback.solution):
                refused[feedback].append(
                    self.env._("it cannot be solved without a solution text.")
                )
        return {feedback: reasons for feedback, reasons in refused.items() if reasons}

    def _get_owner_blockers(self):
        """Why the owner of one feedback cannot work on it."""
        if not self.user_id:
            return [self.env._("it has no owner. Name one, or take it yourself.")]
        if not self.user_id.active:
            return [
                self.env._(
                    "its owner %s is archived. Name another one.", self.user_id.name
                )
            ]
        return []

    def _check_step(self, target):
        """Raise when the judge names a reason against the step of any record."""
        refused = self._get_blockers(target)
        if not refused:
            return
        labels = dict(self._fields["state"]._description_selection(self.env))
        lines = [
            self.env._(
                "“%(record)s” cannot become “%(state)s”: %(reasons)s",
                record=feedback.display_name,
                state=labels[target],
                reasons=" ".join(reasons),
            )
            for feedback, reasons in list(refused.items())[:10]
        ]
        if len(refused) > 10:
            lines.append(self.env._("… and %s more.", len(refused) - 10))
        raise UserError("\n".join(lines))
