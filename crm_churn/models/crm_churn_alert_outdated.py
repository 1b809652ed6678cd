from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .crm_churn_alert_state import CALL, OPEN_STATES

# how an alert ends that closes by itself; false alarm where not given
STATES = {"recovered": "saved", "healthy": "saved", "untouched": "lost"}


class Outdated(NamedTuple):
    """One open alert that has become pointless, and why."""

    alert_id: int
    cause: str
    purchase_date: object


class CrmChurnAlert(models.Model):
    """Alerts that close by themselves: the customer bought, or is none any more."""

    _inherit = "crm.churn.alert"

    @api.model
    def _get_causes(self):
        """Hook: why an alert closes by itself, in words: ``{cause: text}``."""
        return {
            "recovered": self.env._("Closed by itself: bought again."),
            "recorded_late": self.env._(
                "Closed by itself: a purchase from before the alert was recorded "
                "afterwards."
            ),
            "archived": self.env._("Closed by itself: the customer was archived."),
            "contact": self.env._(
                "Closed by itself: the customer is a contact of a company."
            ),
            "merged": self.env._(
                "Closed by itself: merged with a customer who has an open alert."
            ),
            "healthy": self.env._("Closed by itself: healthy again."),
            "untouched": self.env._(
                "Closed by itself: left alone to compare with, and has not bought."
            ),
        }

    @api.model
    def _find_outdated(self, partner_ids=None):
        """Open alerts that have become pointless, by the facts.

        :param partner_ids: customers to look at, all when ``None``
        :return: list of :class:`Outdated`
        """
        self.env.flush_all()
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("a.partner_id = ANY(%s)", list(partner_ids))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, cause, last_purchase_date FROM (
                    SELECT a.id, %(cause)s AS cause, m.last_purchase_date
                      FROM crm_churn_alert a
                      JOIN res_partner p ON p.id = a.partner_id
                      LEFT JOIN crm_customer_metrics m
                        ON m.partner_id = a.partner_id AND m.company_id = a.company_id
                     WHERE a.state IN %(open)s AND a.reason = 'silence' AND %(among)s
                ) AS alerts WHERE cause IS NOT NULL ORDER BY id
                """,
                cause=self._get_cause_sql(),
                open=OPEN_STATES,
                among=among,
            )
        )
        return [Outdated(*row) for row in rows]

    @api.model
    def _get_cause_sql(self):
        """Why alert ``a`` may go, by its customer ``p`` and the facts ``m``."""
        silent_then = self._get_days_since("m.last_purchase_date", "a.raised_date")
        return SQL(
            """
            CASE WHEN m.last_purchase_date >= a.raised_date THEN 'recovered'
                 WHEN m.last_purchase_date > a.last_purchase_date
                      AND %s <= a.limit_days THEN 'recorded_late'
                 WHEN NOT p.active THEN 'archived'
                 WHEN p.commercial_partner_id != p.id THEN 'contact'
            END
            """,
            silent_then,
        )

    @api.model
    def _close_outdated(self, partner_ids):
        """At once, for customers about whom something has just changed."""
        # sudo: who confirms an order need not see the alert it closes
        alerts = self.sudo()
        if rows := alerts._find_outdated(partner_ids):
            alerts._close_rows(rows)

    @api.model
    def _close_rows(self, rows):
        """Close alerts as their causes say; who bought again or is well is saved.

        :param list rows: of :class:`Outdated`
        """
        texts = self._get_causes()
        by_cause = {}
        for row in rows:
            by_cause.setdefault(row.cause, []).append(row)
        for cause, found in by_cause.items():
            alerts = self.browse([row.alert_id for row in found])
            state = STATES.get(cause, "false_alarm")
            alerts._close_by_itself(state, texts[cause])
            if cause == "recovered":
                for alert, row in zip(alerts, found, strict=True):
                    alert.recovered_date = row.purchase_date

    def _close_by_itself(self, state, text):
        """Close with a reason; the call that was planned is not needed any more."""
        self.activity_unlink([CALL])
        for note, alerts in self.grouped("note").items():
            full = f"{note}\n{text}" if note else text
            alerts.with_context(tracking_disable=True).write(
                {"state": state, "note": full, "closed_by_itself": True}
            )
        self._message_log_batch({alert.id: text for alert in self})
