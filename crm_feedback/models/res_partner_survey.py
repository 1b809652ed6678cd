from odoo import api, fields, models

from .res_users import FEEDBACK_GROUP


class ResPartner(models.Model):
    """Whether and when somebody is asked."""

    _inherit = "res.partner"

    feedback_opt_out = fields.Boolean(
        "No Surveys",
        groups="base.group_user",
        help="Is never asked how content he is; the link in each survey sets it.",
    )
    feedback_ask_date = fields.Datetime(
        "Last Survey",
        readonly=True,
        copy=False,
        groups=FEEDBACK_GROUP,
        help="Nobody is asked again before the quiet days are over.",
    )
    _feedback_opt_out_idx = models.Index(
        "(email_normalized) WHERE feedback_opt_out IS TRUE"
    )
    _feedback_ask_date_idx = models.Index(
        "(email_normalized, feedback_ask_date) WHERE feedback_ask_date IS NOT NULL"
    )

    feedback_response_count = fields.Integer(
        "Answers to Surveys",
        compute="_compute_feedback_responses",
        groups=FEEDBACK_GROUP,
    )
    feedback_last_answer = fields.Char(
        "Last Answer", compute="_compute_feedback_responses", groups=FEEDBACK_GROUP
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_responses(self):
        """How many answers the whole company gave, and how content the last one was."""
        self.feedback_response_count = 0
        self.feedback_last_answer = ""
        responses = self.env["crm.feedback.response"]
        groups = responses._read_group(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id._origin.ids),
                ("answered_date", "!=", False),
            ],
            ["commercial_partner_id"],
            ["__count", "id:recordset"],
        )
        found = {company: (count, answers) for company, count, answers in groups}
        for partner in self:
            company = partner.commercial_partner_id._origin
            count, answers = found.get(company, (0, responses))
            last = answers.sorted("answered_date")[-1:]
            partner.feedback_response_count = count
            if last:
                partner.feedback_last_answer = f"{last.score}/{last._get_scores()[-1]}"

    def _feedback_note_asked(self):
        """These people have just been asked: the quiet days begin."""
        # sudo: recorded by the system
        self.sudo().write({"feedback_ask_date": fields.Datetime.now()})

    def action_view_feedback_responses(self):
        """Open what the customer was asked and answered."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_response_action"
        )
        action["domain"] = [
            ("commercial_partner_id", "=", self.commercial_partner_id.id)
        ]
        return action
