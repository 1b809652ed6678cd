from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.text import clean_line, is_blank

MEASURE_ACTIVITY = "crm_feedback.mail_activity_type_measure"


class CrmFeedbackMeasure(models.Model):
    """What is done so that a cause of complaints does not come again."""

    _name = "crm.feedback.measure"
    _description = "Corrective Action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "done_date desc, date_deadline, id"
    _check_company_auto = True

    name = fields.Char("Corrective Action", required=True, tracking=True)
    feedback_id = fields.Many2one("crm.feedback", index=True, ondelete="cascade")
    cause_id = fields.Many2one(
        "crm.feedback.cause",
        compute="_compute_cause_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
    )
    date_deadline = fields.Date(
        "Due",
        required=True,
        tracking=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=14),
    )
    done_date = fields.Date("Done on", readonly=True, copy=False, tracking=True)
    effect = fields.Text(help="What became better, and what shows it.")
    state = fields.Selection(
        [("open", "Open"), ("late", "Late"), ("done", "Done")],
        "Status",
        compute="_compute_state",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
    )

    @api.depends("feedback_id.cause_id")
    def _compute_cause_id(self):
        for measure in self:
            measure.cause_id = measure.feedback_id.cause_id or measure.cause_id

    @api.depends("feedback_id.company_id")
    def _compute_company_id(self):
        for measure in self:
            measure.company_id = (
                measure.feedback_id.company_id or measure.company_id or self.env.company
            )

    @api.depends("done_date", "date_deadline")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for measure in self:
            due = measure.date_deadline
            late = due and due < today
            measure.state = "done" if measure.done_date else "late" if late else "open"

    @api.constrains("name")
    def _check_name(self):
        if any(is_blank(measure.name) for measure in self):
            raise ValidationError(self.env._("Say what is to be done."))

    @api.constrains("user_id")
    def _check_user(self):
        self.user_id._feedback_check_owner()

    @api.model_create_multi
    def create(self, vals_list):
        measures = super().create([self._clean_values(vals) for vals in vals_list])
        measures._remind()
        measures.feedback_id.sudo()._close_settled()  # sudo: may be a colleague's
        return measures

    def write(self, vals):
        result = super().write(self._clean_values(vals))
        if vals.keys() & {"user_id", "date_deadline"}:
            self.activity_unlink([MEASURE_ACTIVITY])
            self._remind()
        return result

    @api.model
    def _clean_values(self, vals):
        if isinstance(vals.get("name"), str):
            return {**vals, "name": clean_line(vals["name"])}
        return vals

    def _remind(self):
        """Each owner has one reminder per open action."""
        waiting = self.filtered(lambda measure: not measure.done_date)
        for (user, due), measures in waiting.grouped(
            lambda measure: (measure.user_id, measure.date_deadline)
        ).items():
            measures.activity_schedule(
                MEASURE_ACTIVITY, date_deadline=due, user_id=user.id
            )

    def action_done(self):
        """It has been done."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        self.filtered(lambda measure: not measure.done_date).done_date = today
        self.activity_feedback([MEASURE_ACTIVITY])

    def action_undo(self):
        """It is to be done again."""
        self.check_access("write")
        self.done_date = False
        self._remind()
