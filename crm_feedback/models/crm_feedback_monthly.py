from datetime import datetime, time

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.settings import is_on
from .crm_feedback_figures import Period

READERS = "crm_lifecycle.group_crm_lifecycle_team_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    feedback_monthly_date = fields.Date(
        "Feedback Reported Until", readonly=True, copy=False
    )


class CrmFeedbackMonthly(models.AbstractModel):
    """The monthly report: on the 1st, what customers said in the month before.

    It is made of sections, dicts with ``title`` and, where they apply, ``head`` (titles
    of columns), ``rows`` (dicts with ``cells`` and ``mood``), ``points`` (a list of
    sentences), ``notes`` and ``links`` (pairs of label and path). See
    :meth:`_get_monthly_sections` for adding one.
    """

    _name = "crm.feedback.monthly"
    _description = "Monthly Feedback Report"

    # ------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send each company's report once a month, also when it runs again."""
        if is_on(self.env, "skip_monthly"):
            return
        commit_progress = self.env["ir.cron"]._commit_progress
        first = fields.Date.today().replace(day=1)
        due = Domain("feedback_monthly_date", "=", False)
        due |= Domain("feedback_monthly_date", "<", first)
        # sudo: every company's own report
        companies = self.env["res.company"].sudo().search(due)
        commit_progress(remaining=len(companies))
        for company in companies:
            self._send(company)
            company.feedback_monthly_date = first
            if not commit_progress(1):
                break

    @api.model
    def _send(self, company):
        """Mail the report of the last month to those who lead a company's teams.

        :return: ``mail.mail``; none when there is nothing to tell
        """
        readers = self._get_readers(company)
        mails = []
        for lang, users in readers.grouped("lang").items():
            there = self._for_company(company, lang)
            month = there._get_month(company, 1)
            sections = there._get_monthly_sections(company, month)
            if not sections:
                continue
            name = there._format_month(company, month)
            values = {"company": company, "month": name, "sections": sections}
            body = there.env["ir.qweb"]._render(
                "crm_feedback.monthly_mail", values, lang=lang
            )
            subject = there.env._(
                "Feedback of %(month)s: %(company)s", month=name, company=company.name
            )
            mails += [
                {
                    "subject": subject,
                    "body_html": body,
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "recipient_ids": [(4, user.partner_id.id)],
                    "auto_delete": True,
                }
                for user in users
            ]
        return self.env["mail.mail"].sudo().create(mails)  # sudo: nobody's own mail

    @api.model
    def _for_company(self, company, lang):
        """This model as all of the company see it, in a language."""
        # sudo: figures of the whole company for those who lead its teams
        return self.sudo().with_context(
            lang=lang, tz=self._get_zone(company), allowed_company_ids=company.ids
        )

    @api.model
    def _get_readers(self, company):
        """Team and process managers of a company who have not switched it off."""
        # sudo: the group of others
        people = self.env.ref(READERS).sudo().all_user_ids
        return people.filtered(
            lambda user: (
                user.active
                and not user.share
                and user.feedback_monthly
                and user.email_normalized
                and company in user.company_ids
            )
        )

    # ------------------------------------------------------------
    # Months
    # ------------------------------------------------------------

    @api.model
    def _get_zone(self, company):
        return company.resource_calendar_id.tz or company.partner_id.tz or "UTC"

    @api.model
    def _get_month(self, company, months):
        """A month as the company's calendar has it.

        :param int months: how many months ago
        :return: :class:`Period`
        """
        zone = pytz.timezone(self._get_zone(company))
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date()
        first = fields.Date.subtract(today.replace(day=1), months=months)
        days = (first, fields.Date.add(first, months=1))
        local = (zone.localize(datetime.combine(day, time.min)) for day in days)
        return Period(*(m.astimezone(pytz.utc).replace(tzinfo=None) for m in local))

    @api.model
    def _format_month(self, company, month):
        zone = pytz.timezone(self._get_zone(company))
        first = pytz.utc.localize(month.start).astimezone(zone).date()
        return format_date(self.env, first, date_format="MMMM y")

    # ------------------------------------------------------------
    # Sections
    # ------------------------------------------------------------

    @api.model
    def _get_monthly_sections(self, company, month):
        """Hook: what is told, in the language of the context.

        Others extend the list. A mail is sent when there is any section, so that one
        without anything to tell is left out.

        :param Period month: the month that is reported, UTC
        :return: list of sections, see the class
        """
        before = self._get_month_before(company, month)
        report = self.env["crm.feedback.report"]
        now, old = (report._get_figures(p, company) for p in (month, before))
        sections = []
        if now["complaints"][1] or old["complaints"][1]:
            sections.append(self._get_figures_section(now, old))
            weak = self._get_weak_spots(company, month, before)
            if weak["points"]:
                sections.append(weak)
        sections += self._get_suggestions_section(company, month)
        if sections:
            leaving = self.env["crm.feedback.leaving"]
            section = leaving._get_relation_section(company)
            label = self.env._("Customers")
            links = [(label, "/odoo/complaints-and-leaving-customers")]
            sections.append({**section, "links": links})
            sections.append(leaving._get_satisfaction_section(company))
        return sections

    @api.model
    def _get_month_before(self, company, month):
        zone = pytz.timezone(self._get_zone(company))
        first = pytz.utc.localize(month.start).astimezone(zone).date()
        earlier = datetime.combine(fields.Date.subtract(first, months=1), time.min)
        start = zone.localize(earlier).astimezone(pytz.utc).replace(tzinfo=None)
        return Period(start, month.start)

    @api.model
    def _get_figures_section(self, now, old):
        report = self.env["crm.feedback.report"]
        return {
            "title": self.env._("The month in figures"),
            "head": [
                "",
                self.env._("Month"),
                self.env._("Month before"),
                self.env._("Change"),
            ],
            "rows": report._get_figure_rows(now, old),
            "links": [
                (self.env._("Feedback of the month"), "/odoo/feedback-last-month"),
                (self.env._("Analysis"), "/odoo/feedback-analysis"),
                (self.env._("Complaint rates"), "/odoo/complaint-rates"),
            ],
        }
