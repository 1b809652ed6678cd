import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.settings import get_number

_logger = logging.getLogger(__name__)

WINDOW_DAYS = 14  # how late after its day an event is still asked about
SPREAD_DAYS = 28  # over which the customers of a period are spread
ACTIVE_MONTHS = 12  # who ordered since is a customer who can be asked
CHUNK = 1000

# Who of a set of events may be asked; one address is one person, whatever contacts
# share it. The draw is md5 of survey and event, which is
# the same on every server and every night.
CANDIDATES = """
    SELECT DISTINCT ON (COALESCE(p.email_normalized, p.id::text)) e.*,
           CASE WHEN NOT p.active THEN 'archived'
                WHEN p.email_normalized IS NULL THEN 'no_mail'
                WHEN EXISTS (SELECT 1 FROM res_partner q
                              WHERE q.email_normalized = p.email_normalized
                                AND q.feedback_opt_out IS TRUE) THEN 'opted_out'
                WHEN EXISTS (SELECT 1 FROM mail_blacklist b
                              WHERE b.active AND b.email = p.email_normalized)
                THEN 'blacklisted'
           END AS obstacle
      FROM (%(events)s) e
      JOIN res_partner p ON p.id = e.partner_id
     WHERE (p.feedback_ask_date IS NULL
            OR p.feedback_ask_date <= %(quiet)s
               AND (%(keeps)s OR p.feedback_ask_date <= e.event_date))
       AND mod(('x' || substr(md5(%(survey)s || '/' || e.event_key), 1, 7))
               ::bit(28)::int, 100) < %(percent)s
       AND NOT EXISTS (SELECT 1 FROM crm_feedback_response r
                        WHERE r.survey_id = %(survey)s AND r.event_key = e.event_key)
       AND NOT EXISTS (SELECT 1 FROM res_partner q
                        WHERE q.email_normalized = p.email_normalized
                          AND q.feedback_ask_date > %(quiet)s)
     ORDER BY COALESCE(p.email_normalized, p.id::text), e.event_date DESC, e.event_key
     LIMIT %(limit)s
"""


class CrmFeedbackSurvey(models.Model):
    """Finding whom to ask: one query per survey, whatever the number of customers."""

    _inherit = "crm.feedback.survey"

    @api.model
    def _cron_ask(self):
        """Choose, mail, remind and end; goes on where it stopped."""
        # sudo: for every company
        surveys = self.sudo().search(
            [("active", "=", True)], order="company_id, sequence, id"
        )
        for survey in surveys:
            if not survey._choose():
                return
        surveys.env["crm.feedback.response"]._work_off()

    def _choose(self):
        """Note for one survey whom it asks today, in chunks.

        :return: whether time was left
        """
        self.ensure_one()
        commit_progress = self.env["ir.cron"]._commit_progress
        try:
            with self.env.cr.savepoint():
                rows = self._find_candidates()
        except Exception:
            _logger.exception("Survey %s found nobody", self.id)
            return True
        while rows:
            self._note_asked(rows)
            if not commit_progress(len(rows)):
                return False
            rows = len(rows) == CHUNK and self._find_candidates()
        return True

    def _note_asked(self, rows):
        """Record responses to send, or why somebody is not asked."""
        responses = self.env["crm.feedback.response"].create(
            [self._prepare_response(row) for row in rows]
        )
        asked = responses.filtered(lambda response: response.state == "to_send")
        asked.partner_id._feedback_note_asked()

    def _prepare_response(self, row):
        obstacle = row["obstacle"]
        company_id = row["company_id"] or self.company_id.id or self.env.company.id
        return {
            "survey_id": self.id,
            "state": "cancelled" if obstacle else "to_send",
            "cancel_reason": obstacle,
            "company_id": company_id,
            **{
                name: row[name]
                for name in (
                    "partner_id",
                    "feedback_id",
                    "feedback_round",
                    "order_id",
                    "lifecycle_stage_id",
                    "user_id",
                    "event_key",
                )
            },
        }

    def _find_candidates(self, limit=CHUNK):
        """Whom this survey asks now.

        :return: dicts with the values of a response, and the obstacle if any
        """
        self.env.flush_all()
        days = get_number(self.env, "quiet_days")
        query = SQL(
            CANDIDATES,
            events=self._get_events(),
            quiet=fields.Datetime.now() - timedelta(days=days),
            keeps=not self.is_anonymous,  # else the answer forgets its event
            survey=self.id,
            percent=self.sample_percent,
            limit=limit,
        )
        return self.env.execute_query_dict(query)

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    def _get_events(self):
        """Hook: the query of what this survey asks about."""
        until = fields.Datetime.now() - timedelta(days=self.delay_days)
        since = max(self.start_date or until, until - timedelta(days=WINDOW_DAYS))
        return getattr(self, f"_get_events_{self.trigger}")(since, until)

    def _in_company(self, column):
        """A condition: this survey is for the company of a row."""
        if not self.company_id:
            return SQL("TRUE")
        return SQL("%s = %s", column, self.company_id.id)

    def _get_events_solution(self, since, until):
        """Solutions that customers confirmed in another way than on our page."""
        return SQL(
            """
            SELECT f.partner_id, f.confirmed_date AS event_date,
                   f.id AS feedback_id, COALESCE(f.reopen_count, 0) AS feedback_round,
                   f.order_id,
                   f.lifecycle_stage_id,
                   COALESCE(f.handler_id, f.user_id) AS user_id, f.company_id,
                   f.id || '/' || COALESCE(f.reopen_count, 0) AS event_key
              FROM crm_feedback f
             WHERE f.confirmed_date >= %(since)s AND f.confirmed_date <= %(until)s
               AND f.outcome IN ('confirmed', 'reported')
               AND f.kind != 'praise'
               AND f.partner_id IS NOT NULL
               AND %(company)s
               AND NOT EXISTS (SELECT 1 FROM crm_feedback_response r
                                WHERE r.feedback_id = f.id
                                  AND r.feedback_round = COALESCE(f.reopen_count, 0))
            """,
            since=since,
            until=until,
            company=self._in_company(SQL("f.company_id")),
        )

    def _get_events_stage(self, since, until):
        """Customers who entered the stages; whoever ordered last is asked."""
        company = SQL(
            "COALESCE(p.company_id, v.company_id, o.company_id, %s)",
            self.company_id.id or None,
        )
        return SQL(
            """
            SELECT COALESCE(o.partner_id, p.id) AS partner_id,
                   v.entered_date AS event_date,
                   NULL::int AS feedback_id, 0 AS feedback_round,
                   NULL::int AS order_id, v.stage_id AS lifecycle_stage_id,
                   COALESCE(p.user_id, v.owner_id) AS user_id,
                   %(company_id)s AS company_id,
                   v.id::text AS event_key
              FROM crm_lifecycle_visit v
              JOIN res_partner p ON p.id = v.partner_id
              LEFT JOIN LATERAL (%(last)s) o ON TRUE
             WHERE v.stage_id IN %(stages)s
               AND v.entered_date >= %(since)s AND v.entered_date <= %(until)s
               AND v.origin NOT IN ('history', 'migration')
               AND %(company)s
            """,
            company_id=company,
            last=self._get_last_order(),
            stages=tuple(self.stage_ids.ids),
            since=since,
            until=until,
            company=self._in_company(company),
        )

    def _get_last_order(self):
        """Who of a customer ``p`` ordered last, of this company where it has one."""
        return SQL(
            """
            SELECT s.partner_id, s.company_id, s.user_id, s.date_order
              FROM sale_order s JOIN res_partner c ON c.id = s.partner_id
             WHERE c.commercial_partner_id = p.id AND c.active AND s.state = 'sale'
               AND %s
             ORDER BY s.date_order DESC, s.id DESC
             LIMIT 1
            """,
            self._in_company(SQL("s.company_id")),
        )

    def _get_events_order(self, since, until):
        return SQL(
            """
            SELECT s.partner_id, s.date_order AS event_date,
                   NULL::int AS feedback_id, 0 AS feedback_round, s.id AS order_id,
                   c.lifecycle_stage_id, s.user_id, s.company_id,
                   s.id::text AS event_key
              FROM sale_order s
              JOIN res_partner p ON p.id = s.partner_id
              JOIN res_partner c ON c.id = p.commercial_partner_id
             WHERE s.state = 'sale'
               AND s.date_order >= %(since)s AND s.date_order <= %(until)s
               AND %(company)s
            """,
            since=since,
            until=until,
            company=self._in_company(SQL("s.company_id")),
        )

    def _get_events_period(self, since, until):
        """Who ordered in the last year, each customer once per period.

        Periods count from the day the survey was switched on. Each customer has a day
        in the first four weeks of a period, so that not all are asked in one night.
        """
        now = fields.Datetime.now()
        start = self.start_date or now
        passed = (now.year - start.year) * 12 + now.month - start.month
        if fields.Datetime.add(start, months=passed) > now:
            passed -= 1
        period = passed // self.months
        begin = fields.Datetime.add(start, months=period * self.months)
        stages = SQL("TRUE")
        if self.stage_ids:
            stages = SQL("c.lifecycle_stage_id IN %s", tuple(self.stage_ids.ids))
        return SQL(
            """
            SELECT DISTINCT ON (c.id) s.partner_id, %(begin)s::timestamp AS event_date,
                   NULL::int AS feedback_id, 0 AS feedback_round,
                   NULL::int AS order_id, c.lifecycle_stage_id,
                   COALESCE(c.user_id, s.user_id) AS user_id, s.company_id,
                   %(period)s || '/' || c.id AS event_key
              FROM sale_order s
              JOIN res_partner p ON p.id = s.partner_id AND p.active
              JOIN res_partner c ON c.id = p.commercial_partner_id AND c.active
             WHERE s.state = 'sale' AND s.date_order >= %(active)s
               AND %(company)s AND %(stages)s
               AND mod(c.id, %(spread)s) <= %(day)s
             ORDER BY c.id, s.date_order DESC, s.id DESC
            """,
            begin=begin,
            period=period,
            active=fields.Datetime.subtract(now, months=ACTIVE_MONTHS),
            company=self._in_company(SQL("s.company_id")),
            stages=stages,
            spread=SPREAD_DAYS,
            day=(now - begin).days,
        )
