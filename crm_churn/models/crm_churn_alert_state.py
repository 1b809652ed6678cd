from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OPEN_STATES = ("new", "working")
CLOSED_STATES = ("saved", "lost", "false_alarm")
EXPLAINED_STATES = ("lost", "false_alarm")
# The one place that says from where to where an alert may go.
NEXT_STATES = {
    "new": {"working", *CLOSED_STATES},
    "working": {"new", *CLOSED_STATES},
    "saved": {"working"},
    "lost": {"working"},
    "false_alarm": {"working"},
}
CLOSING_FIELDS = ("closed_date", "recovered_date", "closed_by_itself")
# What was known when the alert was raised: evidence, written by the system alone.
EVIDENCE = {
    "partner_id",
    "company_id",
    "stage_id",
    "reason",
    "signal_id",
    "score",
    "limit_days",
    "silence_days",
    "last_purchase_date",
    "raised_date",
    *CLOSING_FIELDS,
}
CALL = "crm_churn.mail_activity_type_silent_customer"


class CrmChurnAlert(models.Model):
    """How an alert moves, and the call that goes with it."""

    _inherit = "crm.churn.alert"

    state = fields.Selection(
        [
            ("new", "New"),
            ("working", "Working"),
            ("saved", "Saved"),
            ("lost", "Lost"),
            ("false_alarm", "False Alarm"),
        ],
        "Status",
        default="new",
        required=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    is_open = fields.Boolean(
        "Open", compute="_compute_is_open", search="_search_is_open"
    )

    _open_uniq = models.UniqueIndex(
        "(partner_id, company_id, reason,"
        " COALESCE(CASE WHEN reason = 'signal' THEN signal_id END, 0))"
        f" WHERE state IN {OPEN_STATES}",
        "This customer already has an open alert for the same reason.",
    )
    _closed_idx = models.Index(
        f"(partner_id, company_id) WHERE state IN {CLOSED_STATES}"
    )

    @api.model
    def _get_open_domain(self):
        """The definition of "open", for Python and for searches."""
        return Domain("state", "in", OPEN_STATES)

    @api.depends("state")
    def _compute_is_open(self):
        still_open = self.filtered_domain(self._get_open_domain())
        still_open.is_open = True
        (self - still_open).is_open = False

    def _search_is_open(self, operator, value):
        return self._get_open_domain() if operator == "in" else NotImplemented

    # ------------------------------------------------------------
    # Moving
    # ------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and vals.keys() & EVIDENCE:
            raise UserError(
                self.env._("What an alert is based on is evidence and is not changed.")
            )
        moving = self.filtered(lambda a: a.state != vals.get("state", a.state))
        moving._check_next_state(vals.get("state"), vals)
        result = super(CrmChurnAlert, self - moving).write(vals)
        if moving:
            super(CrmChurnAlert, moving).write(moving._add_state_values(vals))
        if vals.keys() & {"state", "user_id"}:
            self._plan_calls()
        if vals.get("deadline"):
            # sudo: whoever may move the deadline moves the owner's call along
            self.sudo().activity_reschedule([CALL], date_deadline=vals["deadline"])
        return result

    def _add_state_values(self, vals):
        """``vals`` with what goes with moving these alerts to ``vals["state"]``."""
        if vals["state"] in CLOSED_STATES:
            return {"closed_date": fields.Datetime.now(), **vals}
        vals = {**vals, **dict.fromkeys(CLOSING_FIELDS, False)}
        if vals["state"] == "working" and not self.user_id and not self.env.su:
            vals.setdefault("user_id", self.env.uid)  # who begins answers for it
        return vals

    def _check_next_state(self, state, vals):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for alert in self:
            if state not in NEXT_STATES[alert.state]:
                raise UserError(
                    self.env._(
                        "“%(alert)s” is “%(old)s” and cannot become “%(new)s”.",
                        alert=alert.display_name,
                        old=labels[alert.state],
                        new=labels.get(state, state),
                    )
                )
            note = vals.get("note", alert.note) or ""
            if state in EXPLAINED_STATES and not note.strip():
                raise UserError(
                    self.env._(
                        "Say in the note why “%(alert)s” is “%(state)s”, so that "
                        "others learn from it.",
                        alert=alert.display_name,
                        state=labels[state],
                    )
                )

    def action_start(self):
        """Begin to work on alerts, or begin again on closed ones."""
        self.write({"state": "working"})

    def action_save_customer(self):
        """The customer stays."""
        self.write({"state": "saved"})

    # ------------------------------------------------------------
    # The call
    # ------------------------------------------------------------

    def _plan_calls(self):
        """Let the planned calls follow: done when closed, with the owner while open."""
        self = self.sudo()  # sudo: who hands an alert over sees it no longer
        calls = self.activity_search([CALL])
        closed = self.filtered(lambda a: not a.is_open)
        for alert in closed:
            done = calls.filtered(lambda call, alert=alert: call.res_id == alert.id)
            done._action_done(feedback=alert.note)
        calls = calls.exists()
        for owner, alerts in (self - closed).grouped("user_id").items():
            planned = calls.filtered(lambda call, a=alerts: call.res_id in a.ids)
            if not owner:
                planned.unlink()
                continue
            planned.filtered(lambda c, o=owner: c.user_id != o).user_id = owner
            (alerts - alerts.browse(planned.mapped("res_id")))._schedule_call()

    def _schedule_call(self):
        """Plan the call for the owners; no mail for each, they see it in Odoo."""
        self.mapped("display_name")  # together, as activities ask for them one by one
        for owner, alerts in self.filtered("user_id").grouped("user_id").items():
            for deadline, due in alerts.grouped("deadline").items():
                due.with_context(mail_activity_quick_update=True).activity_schedule(
                    CALL, date_deadline=deadline, user_id=owner.id
                )
