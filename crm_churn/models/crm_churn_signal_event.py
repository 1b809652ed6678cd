from odoo import api, models
from odoo.tools import SQL

from .crm_churn_signal_source import SignalSource

EVENT_DATE = SQL("e.date::date")


class CrmChurnSignal(models.Model):
    """What can be read from documents; those of optional apps only where they are.

    The one place that asks what else is installed.
    """

    _inherit = "crm.churn.signal"

    @api.model
    def _get_event_sources(self, today):
        return [
            self._get_lost_source(today),
            self._get_contact_gone_source(today),
            self._get_portal_source(today),
            self._get_rating_source(today),
            self._get_complaint_source(today),
            self._get_mailing_source(today),
        ]

    @api.model
    def _group_events(self, select, today, days):
        """Events up to a day and not older than ``days``, counted per customer.

        :param SQL select: partner_id, company_id, value, date
        """
        return SQL(
            "SELECT partner_id, company_id, sum(value)::float8 AS value,"
            " max(date) AS date FROM (%s) AS found"
            " WHERE date < %s::date + 1 AND date >= %s::date - %s::int GROUP BY 1, 2",
            select,
            today,
            today,
            days,
        )

    def _get_lost_source(self, today):
        def events(days, among):
            orders = SQL(
                "SELECT p.commercial_partner_id AS partner_id, d.company_id,"
                " 1 AS value, d.date_order AS date FROM sale_order d"
                " JOIN res_partner p ON p.id = d.partner_id"
                " WHERE (d.state = 'cancel' OR d.state IN ('draft', 'sent')"
                " AND d.validity_date < %s) AND %s",
                today,
                among,
            )
            leads = SQL(
                "SELECT p.commercial_partner_id, d.company_id, 1, d.date_closed"
                " FROM crm_lead d JOIN res_partner p ON p.id = d.partner_id"
                " WHERE d.won_status = 'lost' AND d.date_closed IS NOT NULL AND %s",
                among,
            )
            both = SQL("%s UNION ALL %s", orders, leads)
            return self._group_events(both, today, days)

        return SignalSource(
            key="lost",
            name=self.env._("Quotations and opportunities lost"),
            value=SQL("e.value"),
            events=events,
            date=EVENT_DATE,
            words=lambda row: self.env._(
                "%s quotations or opportunities lost", round(row.value)
            ),
            advice=self.env._("Win the next quotation"),
            changeable=False,
            historic=False,
        )

    def _get_contact_gone_source(self, today):
        def events(days, among):
            gone = SQL(
                "SELECT p.commercial_partner_id AS partner_id,"
                " NULL::int AS company_id, 1 AS value, p.write_date AS date"
                " FROM res_partner p WHERE p.commercial_partner_id <> p.id"
                " AND p.type = 'contact' AND (NOT p.active OR p.message_bounce > 0)"
                " AND %s",
                among,
            )
            return self._group_events(gone, today, days)

        return SignalSource(
            key="contact_gone",
            name=self.env._("Contacts who left or cannot be reached"),
            value=SQL("e.value"),
            events=events,
            by_company=False,
            date=EVENT_DATE,
            words=lambda row: self.env._(
                "%s contacts left or their mails come back", round(row.value)
            ),
            advice=self.env._("Find the new person to talk to"),
            historic=False,
        )

    def _get_portal_source(self, today):
        def events(days, among):
            visits = SQL(
                "SELECT p.commercial_partner_id AS partner_id,"
                " NULL::int AS company_id, 1 AS value, d.create_date AS date"
                " FROM res_users_log d JOIN res_users u ON u.id = d.create_uid"
                " AND u.share JOIN res_partner p ON p.id = u.partner_id WHERE %s",
                among,
            )
            return self._group_events(visits, today, days)

        return SignalSource(
            key="portal",
            name=self.env._("Days since the last visit of the portal"),
            value=self._days(SQL("e.date"), today),
            events=events,
            by_company=False,
            words=lambda row: self.env._(
                "Has not visited the portal for %s days", round(row.value)
            ),
            advice=self.env._("Show what is new in the portal"),
            historic=False,  # Odoo keeps the last visit only
        )

    def _get_rating_source(self, today):
        """Bad ratings, and bad answers to surveys that name the customer."""
        missing = ""
        has_ratings = "rating.rating" in self.env
        has_surveys = "crm.feedback.response" in self.env
        if not has_ratings and not has_surveys:
            missing = self.env._("Install “Customer Feedback” to read answers.")

        def events(days, among):
            ratings = SQL(
                "SELECT p.commercial_partner_id AS partner_id,"
                " NULL::int AS company_id, 1 AS value,"
                " COALESCE(d.rated_on, d.write_date) AS date FROM rating_rating d"
                " JOIN res_partner p ON p.id = d.partner_id"
                " WHERE d.consumed AND d.rating > 0 AND d.rating < 3 AND %s",
                among,
            )
            answers = SQL(
                "SELECT p.commercial_partner_id AS partner_id,"
                " NULL::int AS company_id, 1 AS value, d.answered_date AS date"
                " FROM crm_feedback_response d"
                " JOIN res_partner p ON p.id = d.partner_id"
                " WHERE d.answered_date IS NOT NULL AND d.points < 0 AND %s",
                among,
            )
            found = [ratings] * has_ratings + [answers] * has_surveys
            return self._group_events(SQL(" UNION ALL ").join(found), today, days)

        return SignalSource(
            key="rating",
            name=self.env._("Bad ratings and answers to surveys"),
            value=SQL("e.value"),
            events=events,
            by_company=False,
            date=EVENT_DATE,
            words=lambda row: self.env._("%s bad ratings or answers", round(row.value)),
            advice=self.env._("Ask what was wrong, repair it, and ask again"),
            changeable=False,
            missing=missing,
        )

    def _get_complaint_source(self, today):
        """An open complaint weighs twice a solved one."""
        missing = ""
        if "crm.feedback" not in self.env:
            missing = self.env._("Install “Customer Feedback” to read complaints.")

        def events(days, among):
            complaints = SQL(
                "SELECT p.commercial_partner_id AS partner_id, d.company_id,"
                " CASE WHEN d.state IN ('solved', 'closed') THEN 1 ELSE 2 END"
                " AS value, d.date FROM crm_feedback d"
                " JOIN res_partner p ON p.id = d.partner_id"
                " WHERE d.kind = 'complaint' AND %s",
                among,
            )
            return self._group_events(complaints, today, days)

        return SignalSource(
            key="complaint",
            name=self.env._("Complaints (an open one counts twice)"),
            value=SQL("e.value"),
            events=events,
            date=EVENT_DATE,
            words=lambda row: self.env._(
                "Complaints: %s (an open one counts twice)", round(row.value)
            ),
            advice=self.env._("Solve the open complaints"),
            historic=False,
            missing=missing,
        )

    def _get_mailing_source(self, today):
        """Clicks and answers are reactions; who opens only has half reacted."""
        missing = ""
        if "mailing.trace" not in self.env:
            missing = self.env._("Install “Email Marketing” to read reactions.")

        def events(days, among):
            silent = SQL(
                "SELECT p.commercial_partner_id AS partner_id,"
                " NULL::int AS company_id, d.sent_datetime AS date,"
                " CASE WHEN COALESCE(d.reply_datetime, d.links_click_datetime)"
                " IS NOT NULL THEN -1000 WHEN d.open_datetime IS NOT NULL THEN 0.5"
                " ELSE 1 END AS value FROM mailing_trace d JOIN res_partner p"
                " ON d.model = 'res.partner' AND p.id = d.res_id"
                " WHERE d.sent_datetime IS NOT NULL AND %s",
                among,
            )
            return self._group_events(silent, today, days)

        return SignalSource(
            key="mailing",
            name=self.env._("Mailings without any reaction"),
            value=SQL("GREATEST(e.value, 0)"),
            events=events,
            by_company=False,
            words=lambda row: self.env._(
                "No click and no answer to the last mailings (%s)", round(row.value)
            ),
            advice=self.env._("Write or call in person"),
            historic=False,  # when somebody has not yet reacted is not kept
            missing=missing,
        )
