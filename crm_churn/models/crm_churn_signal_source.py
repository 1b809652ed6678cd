from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, format_amount


class SignalSource(NamedTuple):
    """What a signal reads about one customer ``p`` with the facts ``m``, in SQL.

    The higher the value the worse, unless a signal counts downwards.
    """

    key: str
    name: str
    value: SQL  # a number, NULL where nothing can be said; ``e``: the events
    words: object  # function of a row that says the value in words
    advice: str  # what would end it
    events: object = None  # function of (days, among): see :meth:`_join_events`
    by_company: bool = True  # whether the events belong to a company
    date: SQL = SQL("NULL::date")  # from when on it fades
    changeable: bool = True  # whether we can do something about it at once
    historic: bool = True  # whether a past day can be judged as it was
    missing: str = ""  # why it cannot be read in this database


class CrmChurnSignal(models.Model):
    """The registry of what can be read about a customer: the facts themselves."""

    _inherit = "crm.churn.signal"

    @api.model
    def _get_sources(self, today):
        """Hook: all that signals can read; the key is kept on the signal.

        :param date today: the day that is judged; a past one in a back-test
        :return: ``{key: SignalSource}``
        """
        sources = [
            self._get_silence_source(today),
            self._get_rhythm_source(today),
            self._get_revenue_source(),
            self._get_overdue_source(today),
            self._get_yearly_source(today),
            self._get_leaving_source(),
            self._get_rule_source(),
            *self._get_event_sources(today),
        ]
        return {source.key: source for source in sources}

    @api.model
    def _days(self, column, today):
        """Whole days from a moment or day to ``today``."""
        return SQL("(%s::date - %s::date)::float8", today, column)

    def _get_silence_source(self, today):
        return SignalSource(
            key="silence",
            name=self.env._("Days without any contact"),
            value=self._days(SQL("m.last_contact_date"), today),
            words=lambda row: self.env._(
                "No mail, call, meeting, visit or order for %s days", round(row.value)
            ),
            advice=self.env._("Get in touch"),
        )

    def _get_rhythm_source(self, today):
        return SignalSource(
            key="rhythm",
            name=self.env._("Times the usual interval between purchases"),
            value=SQL(
                "CASE WHEN m.purchase_rhythm >= 1 THEN %s / m.purchase_rhythm END",
                self._days(SQL("m.last_purchase_date"), today),
            ),
            words=lambda row: self.env._(
                "The last purchase is %s times the usual interval ago",
                f"{row.value:.1f}",
            ),
            advice=self.env._("Win the next order"),
        )

    def _get_revenue_source(self):
        return SignalSource(
            key="revenue",
            name=self.env._("Revenue lost, in percent of the year before"),
            value=SQL(
                "CASE WHEN m.revenue_previous_12m > 0 THEN 100 - 100"
                " * (m.revenue_12m / m.revenue_previous_12m)::float8 END"
            ),
            words=lambda row: self.env._(
                "%s %% less revenue in 12 months than in the 12 months before",
                round(row.value),
            ),
            advice=self.env._("Regain the revenue of the year before"),
            changeable=False,
        )

    def _get_overdue_source(self, today):
        def words(row):
            amount = format_amount(self.env, row.amount or 0, row.currency)
            return self.env._(
                "%(amount)s overdue for %(days)s days",
                amount=amount,
                days=round(row.value),
            )

        return SignalSource(
            key="overdue",
            name=self.env._("Days an invoice is overdue"),
            value=SQL(
                "CASE WHEN m.overdue_amount > 0 THEN %s END",
                self._days(SQL("m.overdue_date"), today),
            ),
            words=words,
            advice=self.env._("Settle the open invoices"),
            historic=False,
        )

    def _get_yearly_source(self, today):
        days = self._days(SQL("m.last_purchase_date"), today)
        return SignalSource(
            key="yearly",
            name=self.env._("Days that an order of the year before is due again"),
            value=SQL("CASE WHEN %s BETWEEN 335 AND 425 THEN %s - 335 END", days, days),
            words=lambda row: self.env._(
                "A year since the last order, and no new one (%s days)",
                round(row.value) + 335,
            ),
            advice=self.env._("Offer the yearly order again"),
        )

    def _get_leaving_source(self):
        return SignalSource(
            key="leaving",
            name=self.env._("Probability of leaving, in percent"),
            value=SQL("100 * leaving.share"),
            words=lambda row: self.env._(
                "By the own past %s %% likely not to buy again in time",
                round(row.value),
            ),
            advice=self.env._("Win the next order"),
        )

    def _get_rule_source(self):
        return SignalSource(
            key="rule",
            name=self.env._("An own rule holds"),
            value=SQL("1::float8"),
            words=lambda row: row.rule_name,
            advice=self.env._("See to it that the rule does not hold any more"),
            historic=False,
        )

    # ------------------------------------------------------------
    # Events
    # ------------------------------------------------------------

    @api.model
    def _join_events(self, rule, source, among, alias):
        """The events of a source, one row per customer, joined to the facts ``m``.

        :param rule: see ``_get_rules``; events older than its days are left out
        :param SQL among: condition for the customer ``p`` of the events
        """
        if not source.events:
            return SQL("")
        return SQL(
            "LEFT JOIN (%s) AS %s ON %s.partner_id = m.partner_id AND %s",
            source.events(rule.fresh_days or 36500, among),
            alias,
            alias,
            SQL("%s.company_id = m.company_id", alias)
            if source.by_company
            else SQL("TRUE"),
        )
