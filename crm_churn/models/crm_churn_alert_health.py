from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_churn_alert_outdated import Outdated
from .crm_churn_alert_owner import OWNERS
from .crm_churn_alert_raise import BATCH
from .crm_churn_alert_state import CLOSED_STATES, OPEN_STATES

UNWELL = """
    WITH unwell AS (
        SELECT s.id AS score_id, 0 AS place, s.partner_id, s.company_id,
               'health' AS reason, s.signal_id, s.score
          FROM crm_churn_score s JOIN res_company c ON c.id = s.company_id
         WHERE s.level IN ('critical', 'at_risk')
           AND (c.churn_alert_level = 'at_risk' OR c.churn_alert_level = s.level)
         UNION ALL
        SELECT s.id, k.id, s.partner_id, s.company_id, 'signal', k.id, s.score
          FROM crm_churn_signal k JOIN crm_churn_score s
            ON s.contributions ? k.id::text
           AND (s.contributions ->> k.id::text)::int >= k.alert_points
         WHERE k.active AND k.alert_points > 0
    )
    SELECT u.score_id, u.place, u.partner_id, u.company_id, u.reason, u.signal_id,
           u.score, p.lifecycle_stage_id AS stage_id, m.last_purchase_date,
           %(days)s AS silence_days, %(owners)s
      FROM unwell u
      JOIN res_partner p ON p.id = u.partner_id
      JOIN res_company c ON c.id = u.company_id
      LEFT JOIN crm_customer_metrics m
        ON m.partner_id = u.partner_id AND m.company_id = u.company_id
      LEFT JOIN crm_lifecycle_stage s ON s.id = p.lifecycle_stage_id
      LEFT JOIN crm_customer_tier tier ON tier.id = p.customer_tier_id
      LEFT JOIN res_users seller ON seller.id = p.user_id
              LEFT JOIN crm_team team ON team.id = seller.sale_team_id
     WHERE (u.score_id, u.place) > %(after)s AND p.active AND c.active
       AND %(days)s <= c.churn_gone_days
       AND NOT EXISTS (
            SELECT FROM crm_churn_alert a
             WHERE a.partner_id = u.partner_id AND a.company_id = u.company_id
               AND (a.state IN %(open)s
                    AND (u.reason = 'health' OR a.reason = u.reason
                                                AND a.signal_id = u.signal_id)
                    OR a.state IN %(closed)s AND a.closed_by_itself IS NOT TRUE
                    AND a.reason = u.reason
                    AND (u.reason = 'health' OR a.signal_id = u.signal_id)
                    AND %(since)s <= c.churn_quiet_days))
     ORDER BY u.score_id, u.place
     LIMIT %(limit)s
"""


class Unwell(NamedTuple):
    """One customer in poor health, or with a signal that alarms."""

    score_id: int
    place: int
    partner_id: int
    company_id: int
    reason: str
    signal_id: int
    score: int
    stage_id: int
    last_purchase_date: object
    silence_days: int
    salesperson_id: int
    tier_owner_id: int
    stage_owner_id: int
    leader_id: int


class CrmChurnAlert(models.Model):
    """Alerts by health, and by single signals that raise one themselves."""

    _inherit = "crm.churn.alert"

    def _get_reason_key(self):
        """Of what only one alert may be open."""
        self.ensure_one()
        signal = self.signal_id if self.reason == "signal" else None
        return self.company_id, self.reason, signal

    # ------------------------------------------------------------
    # Raising
    # ------------------------------------------------------------

    @api.model
    def _fetch_unwell(self, after, limit):
        """The next customers who need an alert and have none.

        Whose alert somebody has closed is left in peace for the days the company says.

        :param after: ``(score id, place)`` of the last one
        :return: list of :class:`Unwell`
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                UNWELL,
                days=self._get_days_since("m.last_purchase_date"),
                owners=OWNERS,
                after=tuple(after),
                open=OPEN_STATES,
                closed=CLOSED_STATES,
                since=self._get_days_since("a.closed_date"),
                limit=limit,
            )
        )
        return [Unwell(*row) for row in rows]

    @api.model
    def _raise_unwell(self, commit=None):
        """Raise alerts by health and signals, batch by batch."""
        after = (0, 0)
        while rows := self._fetch_unwell(after, BATCH):
            after = rows[-1][:2]
            if commit:
                commit(remaining=len(rows))
            self._in_savepoint(self._raise_unwell_rows, rows)
            if commit and not commit(len(rows)):
                return

    @api.model
    def _raise_unwell_rows(self, rows):
        """Open the alerts; those somebody else has opened meanwhile are passed over.

        :param list rows: of :class:`Unwell`
        :return: the new alerts
        """
        owners = self._get_owners(rows)
        names = (
            "partner_id",
            "company_id",
            "reason",
            "signal_id",
            "score",
            "stage_id",
            "last_purchase_date",
            "silence_days",
        )
        values = [
            {
                **{name: getattr(row, name) for name in names},
                "user_id": owner.id or None,
            }
            for row, owner in zip(rows, owners, strict=True)
        ]
        alerts = self._insert(values)
        alerts._follow_up()
        return alerts

    # ------------------------------------------------------------
    # Closing by itself
    # ------------------------------------------------------------

    @api.model
    def _find_outdated(self, partner_ids=None):
        """Also who is healthy again, or whose signal is silent again."""
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("a.partner_id = ANY(%s)", list(partner_ids))
        rows = self.env.execute_query(
            SQL(
                """
    SELECT id, cause, last_purchase_date FROM (
        SELECT a.id, m.last_purchase_date,
               CASE WHEN m.last_purchase_date >= a.raised_date THEN 'recovered'
                    WHEN NOT p.active THEN 'archived'
                    WHEN p.commercial_partner_id != p.id THEN 'contact'
                    WHEN a.is_holdout AND a.raised_date + c.churn_effect_days
                         * interval '1 day' < %s THEN 'untouched'
                    WHEN a.reason = 'health' AND s.level IN ('watch', 'healthy')
                         THEN 'healthy'
                    WHEN a.reason = 'signal' AND a.signal_id IS NOT NULL
                         AND NOT s.contributions ? a.signal_id::text THEN 'healthy'
               END AS cause
          FROM crm_churn_alert a
          JOIN res_partner p ON p.id = a.partner_id
          JOIN res_company c ON c.id = a.company_id
          LEFT JOIN crm_churn_score s
            ON s.partner_id = a.partner_id AND s.company_id = a.company_id
          LEFT JOIN crm_customer_metrics m
            ON m.partner_id = a.partner_id AND m.company_id = a.company_id
         WHERE a.state IN %s AND %s
           AND (a.reason IN ('health', 'signal') OR a.is_holdout)
    ) AS alerts WHERE cause IS NOT NULL ORDER BY id
                """,
                fields.Datetime.now(),
                OPEN_STATES,
                among,
            )
        )
        silent = super()._find_outdated(partner_ids)
        seen = {row.alert_id for row in silent}
        return [*silent, *(Outdated(*r) for r in rows if r[0] not in seen)]

    # ------------------------------------------------------------
    # In words
    # ------------------------------------------------------------

    def _get_title(self):
        if self.reason == "silence":
            return super()._get_title()
        values = {
            "customer": self.partner_id.display_name,
            # sudo: who sees the alert may know its reason
            "signal": self.signal_id.sudo().name or "",
            "score": self.score,
        }
        if self.reason == "signal" and values["signal"]:
            return self.env._("%(customer)s: %(signal)s", **values)
        return self.env._("%(customer)s: health %(score)s of 100", **values)

    def _get_explanation(self):
        if self.reason == "silence":
            return super()._get_explanation()
        signal = self.signal_id.sudo().name  # sudo: as above
        if self.reason == "signal":
            return self.env._(
                "The signal “%(signal)s” spoke when the health was %(score)s of 100.",
                signal=signal or self.env._("(removed)"),
                score=self.score,
            )
        if not signal:
            return self.env._(
                "The health was %(score)s of 100 when the alert was raised.",
                score=self.score,
            )
        return self.env._(
            "The health was %(score)s of 100 when the alert was raised, mainly for "
            "“%(signal)s”.",
            score=self.score,
            signal=signal,
        )
