import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 100


class CrmFeedbackResponse(models.Model):
    """Mailing the questions, reminding once, and ending what nobody answered."""

    _inherit = "crm.feedback.response"

    @api.model
    def _work_off(self):
        """Send, remind and expire what is due, in batches.

        :return: whether time was left
        """
        now = fields.Datetime.now()
        self._expire(now)
        return self._mail_all(
            Domain("state", "=", "to_send"), "mail_template_survey", "sent_date"
        ) and self._mail_all(
            Domain("id", "in", self._find_silent(now)),
            "mail_template_survey_reminder",
            "remind_date",
        )

    @api.model
    def _find_silent(self, now):
        """Who was asked by mail, has been silent for the days set, and is reminded."""
        self.env.flush_all()
        query = SQL(
            """
            SELECT r.id FROM crm_feedback_response r
              JOIN crm_feedback_survey s ON s.id = r.survey_id
             WHERE r.state = 'sent' AND r.remind_date IS NULL
               AND r.is_on_page IS NOT TRUE
               AND s.active AND s.remind_days > 0
               AND r.sent_date + s.remind_days * interval '1 day' <= %s
            """,
            now,
        )
        return [row[0] for row in self.env.execute_query(query)]

    @api.model
    def _expire(self, now):
        late = Domain("state", "=", "sent") & Domain("expire_date", "<", now)
        self.search(late).write({"state": "expired"})

    # ------------------------------------------------------------
    # Mailing
    # ------------------------------------------------------------

    @api.model
    def _mail_all(self, domain, template, date_field):
        """Mail all of a domain, batch by batch.

        :return: whether time was left
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        ids = self.search(domain, order="id").ids
        commit_progress(remaining=len(ids))
        for start in range(0, len(ids), BATCH):
            batch = self.browse(ids[start : start + BATCH])
            locked = batch.try_lock_for_update().filtered_domain(domain)
            locked._mail(template, date_field)
            if not commit_progress(len(batch)):
                return False
        return True

    def _mail(self, name, date_field):
        """Mail these responses; whoever cannot be mailed by now is left out."""
        template = self.env.ref(f"crm_feedback.{name}", raise_if_not_found=False)
        reachable = self._drop_unreachable()
        if not template or not reachable:
            return
        if not reachable._make_mails(template):
            # one of them is broken: the others get theirs
            for response in reachable:
                if not response._make_mails(template):
                    response._cancel("failed")
        made = reachable.filtered(lambda response: response.state != "cancelled")
        made._note_mailed(date_field)

    def _make_mails(self, template):
        try:
            with self.env.cr.savepoint():
                template.send_mail_batch(self.ids)
        except Exception:
            _logger.exception("Survey mails %s could not be made", self.ids)
            return False
        return True

    def _note_mailed(self, date_field):
        now = fields.Datetime.now()
        for survey, responses in self.grouped("survey_id").items():
            values = {date_field: now, "state": "sent"}
            if date_field == "sent_date":
                values["expire_date"] = now + timedelta(days=survey.valid_days)
            responses.write(values)

    def _drop_unreachable(self):
        """Who can be mailed: things may have changed since they were chosen."""
        # sudo: who is on the list
        blacklist = self.env["mail.blacklist"].sudo()
        mails = [mail for mail in self.partner_id.mapped("email_normalized") if mail]
        listed = set(blacklist.search([("email", "in", mails)]).mapped("email"))
        partners = self.env["res.partner"].with_context(active_test=False)
        opted_out = partners.search(
            [("email_normalized", "in", mails), ("feedback_opt_out", "=", True)]
        )
        stopped = set(opted_out.mapped("email_normalized"))
        reachable = self.browse()
        for response in self:
            obstacle = response._get_obstacle(listed, stopped)
            if obstacle:
                response._cancel(obstacle)
            else:
                reachable += response
        return reachable

    def _get_obstacle(self, listed, stopped):
        """Why one customer is not mailed; nothing when he is.

        :param set listed: addresses on the blacklist
        :param set stopped: addresses of who wants no surveys
        """
        partner = self.partner_id
        if not partner.active:
            return "archived"
        if not partner.email_normalized:
            return "no_mail"
        if partner.email_normalized in stopped:
            return "opted_out"
        return "blacklisted" if partner.email_normalized in listed else ""

    def _cancel(self, reason):
        self.write({"state": "cancelled", "cancel_reason": reason})
