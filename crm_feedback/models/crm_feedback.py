from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.text import clean_line, clean_text, is_blank

SUBJECT_LENGTH = 200
CLOSED_STATES = ("closed",)
# Written by the steps of the flow and by the records they come from, never by hand.
RECORDED_FIELDS = {
    "number",
    "commercial_partner_id",
    "lifecycle_stage_id",
    "assigned_date",
    "solved_date",
    "close_date",
    "reopen_count",
    "answered_date",
    "is_waiting",
    "outcome",
    "confirmed_date",
    "ask_date",
    "remind_date",
    "link_version",
    "is_unreachable",
    "is_unverified",
    "intake_key",
    "ack_date",
}


class CrmFeedback(models.Model):
    """One thing a customer said, and what became of it.

    What it is lies here; where it came from in ``crm_feedback_origin.py``, who answers
    for it in ``crm_feedback_owner.py``, how it goes from state to state in
    ``crm_feedback_flow.py``, how it ends in ``crm_feedback_closing.py``.
    """

    _name = "crm.feedback"
    _description = "Customer Feedback"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True
    _mail_post_access = (
        "read"  # followers take part in the talk without owning the case
    )

    name = fields.Char("Subject", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False)
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
            ("question", "Question"),
        ],
        required=True,
        default="complaint",
        tracking=True,
    )
    severity = fields.Selection(
        [
            ("low", "Low"),
            ("normal", "Normal"),
            ("high", "High"),
            ("critical", "Critical"),
        ],
        required=True,
        default="normal",
        tracking=True,
    )
    description = fields.Text(help="What the customer said, in the customer's words.")
    date = fields.Datetime(
        "Received on",
        required=True,
        index=True,
        copy=False,
        default=fields.Datetime.now,
    )
    category_id = fields.Many2one(
        "crm.feedback.category",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
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
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Customer",
        store=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    lifecycle_stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Stage at the Time",
        compute="_compute_lifecycle_stage_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Where the customer stood when the feedback was recorded.",
    )

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "A feedback number is used once per company."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_company_id(self):
        """The customer's company; else what it was, else the company at work."""
        for feedback in self:
            feedback.company_id = (
                feedback.partner_id.company_id
                or feedback.company_id
                or self.env.company
            )

    @api.depends("partner_id")
    def _compute_lifecycle_stage_id(self):
        """Copied when the customer is named: later moves do not change the past."""
        for feedback in self:
            feedback.lifecycle_stage_id = feedback.partner_id.lifecycle_stage_id

    @api.depends("number", "name")
    def _compute_display_name(self):
        for feedback in self:
            parts = (feedback.number, feedback.name)
            feedback.display_name = " ".join(part for part in parts if part)

    # ------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------

    @api.constrains("name")
    def _check_name(self):
        for feedback in self:
            if is_blank(feedback.name):
                raise ValidationError(
                    self.env._("Say in a few words what it is about.")
                )
            if len(feedback.name) > SUBJECT_LENGTH:
                raise ValidationError(
                    self.env._(
                        "The subject has %(count)s characters, at most %(limit)s are "
                        "allowed. The details belong into the description.",
                        count=len(feedback.name),
                        limit=SUBJECT_LENGTH,
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        tomorrow = fields.Datetime.now() + timedelta(days=1)  # clocks and zones differ
        if late := self.filtered(lambda feedback: feedback.date > tomorrow)[:1]:
            raise ValidationError(
                self.env._("“%s” cannot have been received in the future.", late.name)
            )

    # ------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = [vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
        asked, prepared = [], []
        named = [self._prepare_new_values(vals) for vals in vals_list]
        self._name_owners(named, partners)
        for values in named:
            state = self._fields["state"].convert_to_cache(values.pop("state"), self)
            asked.append(state or "new")
            prepared.append({**self._prepare_start_values(values["user_id"]), **values})
        records = super().create(prepared)
        # sudo: its owner may be a colleague of the one who records it
        records.sudo()._settle_new(asked)
        return records

    def _prepare_new_values(self, vals):
        """Complete the values of one new feedback: its company and number."""
        vals = self._clean_values(self._add_missing_default_values(vals))
        self._check_recorded(vals)
        # sudo: the company of a customer, whoever may see it
        partner = self.env["res.partner"].browse(vals.get("partner_id")).sudo()
        company_id = (
            vals.get("company_id") or partner.company_id.id or self.env.company.id
        )
        if not vals.get("number"):
            company = self.env["res.company"].browse(company_id)
            sequence = self.env["ir.sequence"].with_company(company)
            vals["number"] = sequence.next_by_code("crm.feedback")
        return {**vals, "company_id": company_id}

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if default and "name" in default:
            return vals_list
        for feedback, vals in zip(self, vals_list, strict=True):
            subject = feedback.name[: SUBJECT_LENGTH - 20]
            vals["name"] = self.env._("%s (copy)", subject)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handled(self):
        handled = self.filtered(lambda feedback: feedback.state != "new")[:1]
        if handled:
            raise UserError(
                self.env._(
                    "“%s” cannot be deleted: somebody has taken care of it, and its "
                    "history is kept. Only new feedback can be deleted.",
                    handled.display_name,
                )
            )

    @api.model
    def _clean_values(self, vals):
        """Make what was typed fit to be stored."""
        cleaned = dict(vals)
        for name, clean in (
            ("name", clean_line),
            ("description", clean_text),
            ("solution", clean_text),
            ("no_measure_reason", clean_line),
            ("sender_name", clean_line),
            ("sender_email", clean_line),
        ):
            if isinstance(vals.get(name), str):
                cleaned[name] = clean(vals[name])
        return cleaned

    @api.model
    def _check_recorded(self, vals):
        """Refuse to be told by hand what the steps record.

        :raise UserError: naming the field; server code may import history by ``sudo``
        """
        names = sorted(vals.keys() & RECORDED_FIELDS)
        if names and not self.env.su:
            label = self._fields[names[0]]._description_string(self.env)
            raise UserError(
                self.env._(
                    "“%s” is recorded by the system and cannot be written.", label
                )
            )

    # ------------------------------------------------------------
    # What is open
    # ------------------------------------------------------------

    @api.model
    def _get_open_domain(self):
        """The definition of "open", for fields, searches and counts."""
        return Domain("state", "not in", CLOSED_STATES)
