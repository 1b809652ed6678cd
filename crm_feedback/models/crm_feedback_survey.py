from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.nps import SCALES
from ..tools.text import is_blank

KINDS = [
    ("csat", "Satisfaction (1 to 5)"),
    ("nps", "Recommendation (0 to 10)"),
    ("ces", "Ease (1 to 7)"),
]
LOW_SCORES = {kind: bad for kind, (_low, _high, _good, bad) in SCALES.items()}


class CrmFeedbackSurvey(models.Model):
    """One question, and whom it is put to: when, how often, how many.

    Whom it finds lies in ``crm_feedback_survey_ask.py``, what came of it in
    ``crm_feedback_survey_figure.py``; each asking is a ``crm.feedback.response``.
    """

    _name = "crm.feedback.survey"
    _description = "Customer Survey"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="csat")
    question = fields.Char(
        required=True, translate=True, help="What the customer is asked."
    )
    trigger = fields.Selection(
        [
            ("solution", "After a confirmed solution"),
            ("stage", "After entering a stage"),
            ("order", "After an order"),
            ("period", "Every few months"),
        ],
        "Asked When",
        required=True,
        default="solution",
    )
    stage_ids = fields.Many2many(
        "crm.lifecycle.stage",
        string="Stages",
        domain="[('phase', '=', 'customer')]",
        help="The stages entered; for a survey every few months: only customers who "
        "stand in one of them, empty for all who ordered in the last 12 months.",
    )
    delay_days = fields.Integer(
        "Days After",
        help="How long after the solution, the stage or the order the mail goes out. "
        "After a solution that the customer confirms on our page the question is "
        "on that page at once.",
    )
    months = fields.Integer("Every (Months)", default=6)
    sample_percent = fields.Integer(
        "Share Asked (%)",
        default=100,
        help="Drawn by chance for each occasion; who is drawn does not change.",
    )
    is_anonymous = fields.Boolean(
        "Anonymous",
        help="Answers keep neither the customer nor the employee.",
    )
    remind_days = fields.Integer(
        "Reminder After (Days)", default=5, help="Once; 0 for none."
    )
    valid_days = fields.Integer("Answers Taken for (Days)", default=30)
    opens_case = fields.Boolean(
        "Low Scores Open a Case",
        default=True,
        help="A complaint with an owner, found by the same rules as for all feedback.",
    )
    low_score = fields.Integer(
        "Low Is up to",
        compute="_compute_low_score",
        store=True,
        readonly=False,
    )
    category_id = fields.Many2one(
        "crm.feedback.category",
        "Category of These Cases",
        ondelete="restrict",
        check_company=True,
    )
    is_shared = fields.Boolean(
        "Praise Is Shared with the Team",
        default=True,
        help="Words of satisfied customers become praise, and the team of the "
        "employee is told.",
    )
    start_date = fields.Datetime(
        "Asks Since",
        readonly=True,
        copy=False,
        help="What happened before the survey was switched on is not asked about.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: for all companies.",
    )

    _sample_range = models.Constraint(
        "CHECK (sample_percent BETWEEN 1 AND 100)",
        "The share asked goes from 1 to 100 %.",
    )
    _months_range = models.Constraint(
        "CHECK (months BETWEEN 1 AND 60)", "Ask every 1 to 60 months."
    )
    _days_range = models.Constraint(
        "CHECK (delay_days BETWEEN 0 AND 365 AND remind_days BETWEEN 0 AND 365"
        " AND valid_days BETWEEN 1 AND 365)",
        "Days go from 0 to 365; answers are taken for at least one day.",
    )

    @api.depends("kind")
    def _compute_low_score(self):
        for survey in self:
            survey.low_score = LOW_SCORES[survey.kind or "csat"]

    @api.constrains("question", "name")
    def _check_question(self):
        for survey in self:
            if is_blank(survey.question) or is_blank(survey.name):
                raise ValidationError(
                    self.env._("Give the survey a name and a question.")
                )

    @api.constrains("trigger", "stage_ids", "is_anonymous")
    def _check_trigger(self):
        for survey in self:
            if survey.trigger == "stage" and not survey.stage_ids:
                raise ValidationError(
                    self.env._("“%s”: choose the stages it asks after.", survey.name)
                )
            if survey.trigger == "solution" and survey.is_anonymous:
                raise ValidationError(
                    self.env._(
                        "“%s” asks about one case, which names its customer: it cannot "
                        "be anonymous.",
                        survey.name,
                    )
                )

    @api.constrains("low_score", "kind")
    def _check_low_score(self):
        for survey in self:
            low, high, _good, _bad = SCALES[survey.kind]
            if not low <= survey.low_score < high:
                raise ValidationError(
                    self.env._(
                        "“%(survey)s”: low scores go from %(low)s to %(high)s.",
                        survey=survey.name,
                        low=low,
                        high=high - 1,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        surveys = super().create(vals_list)
        surveys.filtered("active")._start()
        return surveys

    def _check_unanswered(self, vals):
        """What answers mean does not change after they were given.

        :raise ValidationError: naming the survey
        """
        changed = self.filtered(
            lambda survey: any(
                name in vals and vals[name] != survey[name]
                for name in ("kind", "is_anonymous")
            )
        )
        # sudo: answers of every company count
        responses = self.env["crm.feedback.response"].sudo()
        domain = [("survey_id", "in", changed.ids), ("answered_date", "!=", False)]
        if known := changed and responses.search(domain, limit=1).survey_id:
            raise ValidationError(
                self.env._(
                    "“%s” has answers: neither its kind nor whether it is anonymous "
                    "can be changed. Archive it and make another one.",
                    known.name,
                )
            )

    def write(self, vals):
        self._check_unanswered(vals)
        idle = self.filtered(lambda survey: not survey.active)
        result = super().write(vals)
        if "trigger" in vals or "stage_ids" in vals:
            self._start()
        elif vals.get("active"):
            idle._start()
        return result

    def _start(self):
        """From now on it asks; earlier events are history."""
        self.start_date = fields.Datetime.now()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%s (copy)", survey.name)}
            for survey, vals in zip(self, vals_list, strict=True)
        ]

    def action_view_responses(self):
        """Open what was asked and answered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_response_action"
        )
        action["domain"] = [("survey_id", "=", self.id)]
        action["context"] = {"search_default_answered": 1}
        return action
