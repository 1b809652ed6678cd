from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..tools.link import read, sign
from ..tools.nps import GROUPS, get_group, get_points, get_scores

LEADER_GROUP = "crm_lifecycle.group_crm_lifecycle_team_manager"
OPEN_STATES = ("to_send", "sent")


class CrmFeedbackResponse(models.Model):
    """One customer asked once, and what he answered.

    A score of 0 is an answer: ``answered_date`` tells whether there is one. How it is
    mailed lies in ``crm_feedback_response_mail.py``, how the answer is taken in
    ``crm_feedback_response_answer.py``.
    """

    _name = "crm.feedback.response"
    _description = "Survey Response"
    _order = "answered_date desc nulls last, id desc"
    _rec_name = "survey_id"

    survey_id = fields.Many2one(
        "crm.feedback.survey",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        related="survey_id.kind", store=True, precompute=True, index=True
    )
    is_anonymous = fields.Boolean(related="survey_id.is_anonymous")
    state = fields.Selection(
        [
            ("to_send", "To Send"),
            ("sent", "Waiting"),
            ("answered", "Answered"),
            ("expired", "No Answer"),
            ("cancelled", "Not Asked"),
        ],
        required=True,
        default="to_send",
        readonly=True,
        index=True,
    )
    cancel_reason = fields.Selection(
        [
            ("no_mail", "No e-mail address"),
            ("archived", "Contact is archived"),
            ("opted_out", "Wants no surveys"),
            ("blacklisted", "Blacklisted address"),
            ("failed", "The mail could not be made"),
            ("manual", "Taken back by us"),
        ],
        "Why Not",
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Customer",
        store=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    feedback_id = fields.Many2one(
        "crm.feedback",
        "About the Case",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    feedback_round = fields.Integer("Solution Number", readonly=True)
    order_id = fields.Many2one(
        "sale.order",
        "About the Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    lifecycle_stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Stage at the Time",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    user_id = fields.Many2one(
        "res.users",
        "Employee",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=LEADER_GROUP,
        help="Who served the customer.",
    )
    event_key = fields.Char(readonly=True, copy=False, groups="base.group_system")
    is_on_page = fields.Boolean("Asked on the Page", readonly=True)
    sent_date = fields.Datetime("Asked on", readonly=True)
    remind_date = fields.Datetime("Reminded on", readonly=True)
    expire_date = fields.Datetime("Answers Until", readonly=True)
    answered_date = fields.Datetime("Answered on", readonly=True, index=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    comment = fields.Text(readonly=True, help="In the customer's words.")
    answer_group = fields.Selection(
        [
            ("promoter", "Promoter"),
            ("passive", "Passive"),
            ("detractor", "Detractor"),
            ("satisfied", "Satisfied"),
            ("neutral", "Neutral"),
            ("unhappy", "Unhappy"),
        ],
        "Group",
        compute="_compute_answer_group",
        store=True,
        index="btree_not_null",
    )
    points = fields.Integer(
        "Net Points",
        compute="_compute_answer_group",
        store=True,
        aggregator="avg",
        help="+100 for promoters and satisfied, -100 for detractors and unhappy: the "
        "mean of recommendation surveys is the Net Promoter Score.",
    )
    case_id = fields.Many2one(
        "crm.feedback",
        "Opened",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The complaint or the praise that the answer has become.",
    )

    _event_uniq = models.UniqueIndex(
        "(survey_id, event_key) WHERE event_key IS NOT NULL",
        "A survey asks once about one event.",
    )
    _feedback_uniq = models.UniqueIndex(
        "(feedback_id, feedback_round) WHERE feedback_id IS NOT NULL",
        "A solution is asked about once.",
    )
    _due_idx = models.Index("(sent_date) WHERE state = 'sent'")

    @api.depends("answered_date", "score", "kind")
    def _compute_answer_group(self):
        for response in self:
            answered = response.answered_date and response.kind
            score = response.score
            response.answer_group = answered and get_group(response.kind, score)
            response.points = answered and get_points(response.kind, score)

    @api.depends("survey_id", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for response in self:
            names = (response.survey_id.name, response.partner_id.name)
            response.display_name = ": ".join(name for name in names if name)

    def _is_good(self):
        """Whether the customer is as content as one can be."""
        return self.answer_group == GROUPS[self.kind][-1]

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _get_ask_url(self):
        """The page of this question, for the customer alone."""
        self.ensure_one()
        return self.get_base_url() + self._get_ask_path()

    def _get_ask_path(self):
        env = self.sudo().env  # sudo: the secret that signs
        token = sign(env, "ask", [self.id], self.sudo().survey_id.valid_days + 1)
        return f"/feedback/ask/{token}"

    def _get_stop_url(self):
        """The page where a customer says that he wants no more surveys."""
        self.ensure_one()
        env = self.sudo().env  # sudo: the secret that signs
        token = sign(env, "stop", [self.partner_id.id], 365)
        return f"{self.get_base_url()}/feedback/stop/{token}"

    def _get_scores(self):
        """The answers there are, for mails and pages."""
        return get_scores(self.kind)

    @api.model
    def _find_by_link(self, token):
        """The response a link is for; none when it does not hold or is too late."""
        # sudo: who has the link is let in, for this one question
        response = self.sudo()
        values = read(response.env, "ask", token)
        now = fields.Datetime.now()
        return (
            response.browse(values)
            .exists()
            .filtered(
                lambda r: r.state == "answered"
                or (r.state in OPEN_STATES and not (r.expire_date or now) < now)
            )
        )

    # ------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------

    def action_cancel(self):
        """Take questions back that nobody has answered yet; their links end."""
        self._check_leader()
        self.check_access("read")
        answered = self.filtered(lambda r: r.state not in OPEN_STATES)[:1]
        if answered:
            raise UserError(
                self.env._("Only questions without an answer can be taken back.")
            )
        # sudo: recorded by the system
        self.sudo().write({"state": "cancelled", "cancel_reason": "manual"})

    def action_view_case(self):
        """Open the case that the answer has become."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.feedback",
            "res_id": self.case_id.id,
            "views": [(False, "form")],
        }

    def _check_leader(self):
        if not self.env.user.has_group(LEADER_GROUP):
            raise AccessError(self.env._("Only team managers take questions back."))

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _read_group_select(self, aggregate_spec, query):
        """Means count answers only; without one the database holds a 0."""
        selected = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec in ("score:avg", "points:avg"):
            answered = self._field_to_sql(self._table, "answered_date", query)
            return SQL("%s FILTER (WHERE %s IS NOT NULL)", selected, answered)
        return selected

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Figures of people have a list of their own, with the size of the sample."""
        grouped = super()._read_group_groupby(alias, groupby_spec, query)
        if groupby_spec == "user_id" and not self.env.su:
            raise UserError(
                self.env._(
                    "Figures of employees are under Reporting, “Satisfaction by "
                    "Employee”, where too few answers show none."
                )
            )
        return grouped

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        result = super().fields_get(allfields, attributes)
        if "groupable" in result.get("user_id", ()):
            result["user_id"]["groupable"] = False
        return result
