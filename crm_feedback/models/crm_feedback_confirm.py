import logging
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.link import read, sign
from ..tools.settings import get_number, is_on
from ..tools.text import clean_text, is_blank
from .crm_feedback_closing import CLOSING_ACTIVITY

_logger = logging.getLogger(__name__)

BATCH = 100
FRESH_DAYS = 3  # what was solved before is history: nobody is asked about it
WORDS_LIMIT = 5000


class CrmFeedback(models.Model):
    """Asking the customer whether it is solved, and taking the answer.

    The link in the mail is signed, holds for this solution alone and for a time, and
    does nothing by being opened: it takes a click on the page behind it.
    """

    _inherit = "crm.feedback"

    is_unreachable = fields.Boolean(readonly=True, copy=False)
    link_version = fields.Integer(readonly=True, copy=False)
    confirm_url = fields.Char("Link for the Customer", compute="_compute_confirm_url")

    @api.depends("state", "reopen_count", "link_version")
    def _compute_confirm_url(self):
        for feedback in self:
            solved = feedback.state == "solved" and feedback._origin
            feedback.confirm_url = solved and feedback._get_confirm_url()

    # ------------------------------------------------------------
    # Links
    # ------------------------------------------------------------

    def _get_link(self, purpose, path):
        """An address for the customer alone.

        :param purpose: what it is for; a link for one is none for another
        :param path: the page, e.g. ``/feedback/confirm/``
        """
        self.ensure_one()
        env = self.sudo().env  # sudo: the secret that signs
        values = [self.id, self.link_version, self.reopen_count]
        token = sign(env, purpose, values, get_number(env, "link_days"))
        return f"{self.get_base_url()}{path}{token}"

    def _get_confirm_url(self):
        return self._get_link("confirm", "/feedback/confirm/")

    @api.model
    def _find_by_link(self, purpose, token):
        """The feedback a link is for.

        :return: ``(feedback with sudo, round)``, where round counts how often it had
            been reopened when the link was made; nothing for all other links
        """
        # sudo: who has the link is let in, for this one feedback
        feedback = self.sudo()
        values = read(feedback.env, purpose, token)
        if not values:
            return feedback, 0
        res_id, version, lap = values
        feedback = feedback.browse(res_id).exists()
        feedback = feedback.filtered(lambda r: r.link_version == version)
        return feedback, lap

    def action_revoke_links(self):
        """Make all links that customers have to these feedbacks worthless."""
        self.check_access("write")
        for feedback in self.sudo():  # sudo: recorded by the system
            feedback._write_step({"link_version": feedback.link_version + 1})

    # ------------------------------------------------------------
    # The answer
    # ------------------------------------------------------------

    def _take_verdict(self, lap, solved, words=""):
        """What the customer answers by the link; only the first answer counts.

        :param lap: for which solution, see :meth:`_find_by_link`
        :param bool solved: whether it helped
        :param words: the customer's own, plain text
        :return: "confirmed" or "reopened"; "past" when nothing is asked any more
        """
        self.ensure_one()
        self.lock_for_update()
        if lap != self.reopen_count or self.state != "solved" or self.confirmed_date:
            return "past"
        words = clean_text(words or "")[:WORDS_LIMIT]
        self._post_words(words, solved)
        if solved:
            now = fields.Datetime.now()
            self._write_step({"confirmed_date": now, "outcome": "confirmed"})
            self._confirmed()
            self._close_settled()
            return "confirmed"
        self._replace_absent_owner()
        self.write({"state": "assigned"})
        return "reopened"

    def _post_words(self, words, solved):
        """Put the customer's words where all see them, as the customer's."""
        title = (
            self.env._("The customer has confirmed: it is solved.")
            if solved
            else self.env._("The customer says: it is not solved.")
        )
        body = Markup("<p>%s</p>") % title
        if not is_blank(words):
            body += Markup("<p>%s</p>") % Markup("<br/>").join(words.split("\n"))
        author = self.partner_id or self.env.ref("base.public_partner")
        self.message_post(
            body=body,
            author_id=author.id,
            email_from=self.mail_to or author.email_formatted,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            notify_author=False,
        )

    def _replace_absent_owner(self):
        """The customer's complaint comes to somebody, whoever has left since."""
        if not self._get_owner_blockers():
            return
        group = self.env.ref("crm_lifecycle.group_crm_lifecycle_team_manager")
        leaders = group.all_user_ids.sorted("id")
        owner = self._find_owner(
            self.category_id, self.partner_id, self.company_id, leaders
        )
        self._write_step({"user_id": owner.id or self.env.uid})

    def _check_solved(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for feedback in self.filtered(lambda r: r.state != "solved"):
            raise UserError(
                self.env._(
                    "“%(record)s” is “%(state)s”: only what is solved is confirmed.",
                    record=feedback.display_name,
                    state=labels[feedback.state],
                )
            )

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _cron_ask_customers(self):
        """Ask, remind, and end what nobody answered; goes on where it stopped."""
        now = fields.Datetime.now()
        asks = not is_on(self.env, "skip_confirmation")
        waits = Domain("state", "=", "solved") & Domain("confirmed_date", "=", False)
        waits &= Domain("is_unreachable", "=", False)
        remind = now - timedelta(days=get_number(self.env, "remind_days"))
        silent = now - timedelta(days=get_number(self.env, "silence_days"))
        fresh = now - timedelta(days=FRESH_DAYS)
        steps = [
            (Domain("remind_date", "<=", silent), type(self)._close_settled),
            (
                Domain("remind_date", "=", False) & Domain("ask_date", "<=", remind),
                type(self)._remind_customer,
            ),
        ]
        if asks:
            ask = Domain("ask_date", "=", False) & Domain("solved_date", ">=", fresh)
            ask &= Domain("kind", "!=", "praise")
            steps.append((ask, type(self)._ask_customer))
        for domain, step in steps:
            if not self._work_through(waits & domain, step):
                break

    @api.model
    def _work_through(self, domain, step):
        """Do a step for all records of a domain, one by one, in batches.

        One that fails is logged by its name and leaves the others alone.

        :return: whether time was left
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        # sudo: for every company
        ids = self.sudo().search(domain, order="id").ids
        commit_progress(remaining=len(ids))
        for start in range(0, len(ids), BATCH):
            batch = self.sudo().browse(ids[start : start + BATCH])  # sudo: as above
            for record in batch.try_lock_for_update():
                try:
                    with self.env.cr.savepoint():
                        step(record)
                except Exception:
                    _logger.exception("Feedback %s could not be worked on", record.id)
            if not commit_progress(len(batch)):
                return False
        return True

    def _ask_customer(self):
        self._mail_customer("crm_feedback.mail_template_confirm", "ask_date")

    def _remind_customer(self):
        self._mail_customer(
            "crm_feedback.mail_template_confirm_reminder", "remind_date"
        )

    def _mail_customer(self, template, date_field):
        """Send one customer a mail, or note why none was sent."""
        self.ensure_one()
        reason = self._get_mail_obstacle()
        now = fields.Datetime.now()
        mail = self.env.ref(template, raise_if_not_found=False)
        if reason:
            self.message_post(body=reason)
            self._ask_owners(CLOSING_ACTIVITY)
        elif mail:
            mail.send_mail(self.id)
            self._answer(now)
        self._write_step({date_field: now, "is_unreachable": bool(reason)})

    def _get_mail_obstacle(self):
        """Why the customer of one feedback is not mailed; nothing when he is."""
        if not self.mail_to:
            return self.env._("The customer was not asked: no e-mail address.")
        if self.partner_id and not self.partner_id.active:
            return self.env._("The customer was not asked: the contact is archived.")
        # sudo: who is on the list
        blacklist = self.env["mail.blacklist"].sudo()
        if blacklist.search_count([("email", "=", self.mail_to)], limit=1):
            return self.env._("The customer was not asked: blacklisted address.")
        return ""
