from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, format_datetime

from ..tools.link import read, sign
from ..tools.text import clean_line, clean_text
from .crm_feedback import SUBJECT_LENGTH
from .crm_feedback_clock import ANSWER
from .crm_feedback_closing import CLOSING_ACTIVITY

FOREVER_DAYS = 3650
ACK_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
TALK = ("comment", "email", "email_outgoing", "sms")


class CrmFeedback(models.Model):
    """What comes in from outside: kept as it is said, acknowledged once."""

    _inherit = "crm.feedback"

    is_unverified = fields.Boolean(
        "Sender Not Verified",
        readonly=True,
        copy=False,
        help="Anybody can write any address into a form or a mail.",
    )
    intake_key = fields.Char(readonly=True, copy=False)
    ack_date = fields.Datetime("Acknowledged on", readonly=True, copy=False)
    expected_answer = fields.Char(compute="_compute_expected_answer")

    _intake_key_uniq = models.UniqueIndex(
        "(intake_key) WHERE intake_key IS NOT NULL", "This has been sent already."
    )

    @api.depends("timer_ids.deadline", "partner_id.tz", "partner_id.lang")
    def _compute_expected_answer(self):
        """By when the customer has an answer, in his own time and language.

        Nothing when that is past: nobody is promised what was not kept.
        """
        now = fields.Datetime.now()
        for feedback in self:
            # sudo: a promise to the customer, whoever reads it
            clock = feedback.sudo().timer_ids.filtered(lambda t: t.kind == ANSWER)[:1]
            partner = feedback.partner_id
            due = clock.deadline
            feedback.expected_answer = (
                due
                and due > now
                and format_datetime(
                    self.env(context=dict(self.env.context, lang=partner.lang or None)),
                    due,
                    tz=partner.tz or self.env.company.partner_id.tz or "UTC",
                    dt_format="short",
                )
            )

    # ------------------------------------------------------------
    # Taking it in
    # ------------------------------------------------------------

    @api.model
    def _take_in(self, values):
        """Record what somebody outside says.

        :param dict values: of the feedback, from a list of names that may be given
            from outside; ``name`` may be empty then the description says it
        :return: the feedback, with sudo; the one there is when it was sent before
        """
        # sudo: nobody outside has rights; root, so that it belongs to whom rules name
        inbox = self.with_user(self.env.ref("base.user_root")).sudo()
        key = values.get("intake_key")
        known = key and inbox.search([("intake_key", "=", key)], limit=1)
        if known:
            return known
        text = clean_text(values.get("description") or "")
        name = clean_line(values.get("name") or "") or clean_line(text[:80])
        return inbox.create(
            {
                **values,
                "name": name[:SUBJECT_LENGTH] or self.env._("Without words"),
                "description": text,
            }
        )

    @api.model
    def _match_sender(self, email):
        """The customer with a mail address; nobody when of several, or a colleague.

        The match is for colleagues who read the case. It is never shown outside.
        """
        normalized = email_normalize(email or "")
        if not normalized:
            return self.env["res.partner"]
        # sudo: who it may be, whoever may see the customer
        partners = self.env["res.partner"].sudo()
        found = partners.search([("email_normalized", "=", normalized)], limit=10)
        if len(found.commercial_partner_id) != 1:
            return partners
        if any(not user.share for user in found.user_ids):
            return partners
        return (found.filtered("parent_id") or found)[:1]

    def _acknowledge(self):
        """Tell the customer, once, the number and when to expect an answer."""
        template = self.env.ref(
            "crm_feedback.mail_template_received", raise_if_not_found=False
        )
        log = self.env["crm.feedback.intake.log"]
        for feedback in self.filtered(lambda r: not r.ack_date and template):
            if feedback._get_mail_obstacle() or not log._let_in(mail=feedback.mail_to):
                continue
            template.send_mail(feedback.id, email_values={"headers": repr(ACK_HEADERS)})
            feedback._write_step({"ack_date": fields.Datetime.now()})

    # ------------------------------------------------------------
    # Talking with who has the link
    # ------------------------------------------------------------

    def _get_case_url(self):
        return self._get_link("case", "/feedback/case/")

    def _get_talk(self):
        """What the customer may read of the talk: no notes, no system messages."""
        self.ensure_one()
        comment = self.env.ref("mail.mt_comment")
        return self.message_ids.filtered(
            lambda m: (
                m.message_type in TALK and m.subtype_id == comment and not m.is_internal
            )
        ).sorted("id")

    def _take_words(self, words, attachments=()):
        """What the customer adds to a case.

        :param words: plain text
        :param attachments: pairs of name and content, checked before
        """
        self.ensure_one()
        author = self.partner_id or self.env.ref("base.public_partner")
        lines = clean_text(words or "").split("\n")
        return self.message_post(
            body=Markup("<p>%s</p>") % Markup("<br/>").join(lines),
            author_id=author.id,
            email_from=self.mail_to or author.email_formatted,
            attachments=list(attachments),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _customer_spoke(self):
        result = super()._customer_spoke()
        # what has been solved is not opened by any word: its owner reads, and decides
        self.filtered(lambda r: r.state in ("solved", "closed"))._ask_owners(
            CLOSING_ACTIVITY
        )
        return result

    def _settle_by_customer(self):
        """The customer says that an open case is settled: its owner ends it."""
        self.ensure_one()
        self._take_words(self.env._("It is settled for me, thank you."))
        self._ask_owners(CLOSING_ACTIVITY)

    def action_verify_sender(self):
        """Somebody has made sure who wrote it."""
        self.check_access("write")
        self.sudo()._write_step({"is_unverified": False})  # sudo: kept by the system

    def action_acknowledge(self):
        """Send the customer the number and when to expect an answer."""
        self.check_access("write")
        self.sudo()._acknowledge()  # sudo: kept by the system


class ResCompany(models.Model):
    _inherit = "res.company"

    feedback_url = fields.Char("Public Feedback Page", compute="_compute_feedback_url")

    def _compute_feedback_url(self):
        for company in self:
            env = self.sudo().env  # sudo: the secret that signs
            token = sign(env, "company", [company.id], FOREVER_DAYS)
            company.feedback_url = f"{company.get_base_url()}/feedback/to/{token}"

    @api.model
    def _find_by_feedback_link(self, token):
        values = read(self.sudo().env, "company", token)  # sudo: the secret
        return self.sudo().browse(values or []).exists()


class ResPartner(models.Model):
    _inherit = "res.partner"

    feedback_url = fields.Char(
        "Personal Feedback Link",
        compute="_compute_feedback_url",
        groups="base.group_user",
        help="Whoever has it writes in the name of this contact.",
    )

    def _compute_feedback_url(self):
        for partner in self:
            partner.feedback_url = (
                partner._origin.id and partner._origin._get_feedback_url()
            )

    def _get_feedback_url(self):
        env = self.sudo().env  # sudo: the secret that signs
        token = sign(env, "partner", [self.id], FOREVER_DAYS)
        return f"{self.get_base_url()}/feedback/from/{token}"

    @api.model
    def _find_by_feedback_link(self, token):
        """The contact a personal link is of; nobody when archived since."""
        # sudo: who has the link writes for this contact
        partners = self.sudo()
        found = partners.browse(read(partners.env, "partner", token) or []).exists()
        return found.filtered("active")

    def action_feedback_link(self):
        """Show the personal link of the contact, to be copied."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal Feedback Link"),
            "res_model": "res.partner",
            "res_id": self.id,
            "view_mode": "form",
            "views": [
                (self.env.ref("crm_feedback.res_partner_view_form_link").id, "form")
            ],
            "target": "new",
        }


class CrmFeedbackCategory(models.Model):
    _inherit = "crm.feedback.category"

    is_public = fields.Boolean(
        "On the Public Form", default=True, help="Customers can choose it there."
    )
