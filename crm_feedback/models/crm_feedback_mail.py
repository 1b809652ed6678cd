import logging
import re
from ast import literal_eval

from odoo import api, fields, models
from odoo.tools import email_normalize, html2plaintext, parse_contact_from_email

_logger = logging.getLogger(__name__)

NUMBER = re.compile(r"\b[A-Z]{1,8}[-/]?\d{3,}\b")
BULK = ("bulk", "junk", "list", "auto_reply")
TEXT_LIMIT = 20_000


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        return self.env["crm.feedback"]._check_routes(message, message_dict, routes)


class CrmFeedback(models.Model):
    """Feedback by mail: replies find their case, machines open none."""

    _inherit = "crm.feedback"
    _primary_email = "sender_email"  # for Odoo's detection of loops

    @api.model
    def _check_routes(self, message, message_dict, routes):
        """Lead mails to the case they are about, and leave those of machines alone.

        :param message: the ``email.message.EmailMessage``
        :param dict message_dict: what Odoo has read of it; changed in place
        :param list routes: as ``mail.thread.message_route`` returns them
        """
        if not any(route[0] == self._name for route in routes or ()):
            return routes
        is_machine = self._is_from_machine(message)
        checked = []
        for model, thread_id, values, user_id, alias in routes:
            if model == self._name and not thread_id:
                thread_id = self._find_by_subject(message_dict).id
                if is_machine and not thread_id:
                    _logger.info(
                        "Automatic mail %s opens no feedback",
                        message_dict.get("message_id"),
                    )
                    continue
            if model == self._name and is_machine:
                # kept as a note: it is no answer, and no clock goes on for it
                message_dict["is_internal"] = True
            checked.append((model, thread_id, values, user_id, alias))
        return checked

    @api.model
    def _is_from_machine(self, message):
        """Tell automatic mails by their headers (RFC 3834, and what others use)."""

        def header(name):
            return str(message.get(name) or "").strip().lower()

        return (
            header("Auto-Submitted") not in ("", "no")
            or header("Precedence") in BULK
            or any(
                message.get(name)
                for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "List-Id")
            )
        )

    @api.model
    def _find_by_subject(self, message_dict):
        """The case whose number a subject names, when its customer writes.

        The number alone opens nothing: it is easily guessed.
        """
        numbers = NUMBER.findall(message_dict.get("subject") or "")
        sender = email_normalize(message_dict.get("email_from") or "")
        if not numbers or not sender:
            return self.browse()
        # sudo: whoever fetches the mail
        found = self.sudo().search([("number", "in", numbers)])
        return found.filtered(lambda case: sender in case._get_addresses())[:1]

    def _get_addresses(self):
        """The mail addresses from which the customer of one case may write."""
        customer = self.commercial_partner_id
        partners = customer | customer.child_ids | self.partner_id
        return {*partners.mapped("email_normalized"), self.mail_to} - {False}

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to one of our addresses is a new case.

        The sender's address names the customer for colleagues who read the case, and
        gives no rights: who is a colleague by his address is not believed.
        """
        name, email = parse_contact_from_email(msg_dict.get("email_from") or "")
        text = html2plaintext(msg_dict.get("body") or "")
        partner = self._match_sender(email)
        values = {
            **(custom_values or {}),
            "name": msg_dict.get("subject") or "",
            "description": text[:TEXT_LIMIT],
            "channel": "mail",
            "sender_name": name or email,
            "sender_email": email,
            "partner_id": partner.id,
            "is_unverified": True,
        }
        if partner and partner.company_id:
            values["company_id"] = partner.company_id.id
        feedback = self._take_in(values)
        feedback._acknowledge()
        return feedback


class CrmFeedbackCategory(models.Model):
    """A category may have an address of its own: what is sent there is of it."""

    _name = "crm.feedback.category"
    _inherit = ["crm.feedback.category", "mail.alias.mixin.optional"]

    default_kind = fields.Selection(
        lambda self: self.env["crm.feedback"]
        ._fields["kind"]
        ._description_selection(self.env),
        "Mails Are",
        default="complaint",
        help="The kind that mails to its address have at first.",
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("crm.feedback")
        if self.id:
            defaults = literal_eval(self.alias_defaults or "{}")
            company = self.company_id or self.env.company
            values["alias_defaults"] = {
                **defaults,
                "category_id": self.id,
                "kind": self.default_kind or "complaint",
                "company_id": company.id,
            }
        return values

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"default_kind", "company_id"}:
            for category in self.filtered("alias_id"):
                # sudo: who may change a category may change what its mails become
                alias = category.alias_id.sudo()
                defaults = category._alias_get_creation_values()["alias_defaults"]
                alias.alias_defaults = defaults
        return result
