from typing import NamedTuple

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_customer_tier_figures import FIGURES

SIGNS = {"min": SQL(">="), "max": SQL("<=")}
LOWEST = 2**31 - 1  # the place of who fits no tier
DECISIONS = """
    WITH place (tier_id, place, grace) AS (VALUES %(places)s),
    fitting AS (%(fitting)s), judged AS (
        SELECT fitting.*, watch.id IS NOT NULL AS is_watched,
               NOT is_locked AND NOT lock_ended
               AND COALESCE(new.place, %(lowest)s) > old.place
               AND fitting.partner_id IS NOT NULL AND old.grace > 0
               AND COALESCE(watch.date, %(today)s) + old.grace > %(today)s AS waits
          FROM fitting
          LEFT JOIN place old ON old.tier_id = fitting.old_id
          LEFT JOIN place new ON new.tier_id = fitting.fit_id
          LEFT JOIN crm_customer_tier_watch watch ON watch.partner_id = fitting.id
    ), decided AS (
        SELECT *, CASE WHEN is_locked OR COALESCE(waits, FALSE) THEN old_id
                       ELSE fit_id END AS new_id
          FROM judged
    )
    SELECT id, old_id, new_id, COALESCE(waits, FALSE) AS waits, is_watched, lock_ended,
           jsonb_strip_nulls(jsonb_build_object('companies', companies, %(figures)s))
               AS figures
      FROM decided
     WHERE new_id IS DISTINCT FROM old_id OR lock_ended
        OR COALESCE(waits, FALSE) != is_watched
"""


class Rule(NamedTuple):
    """A tier as the evaluation needs it: plain values that can be remembered."""

    tier_id: int
    grace_days: int
    match: str
    domain: str
    is_broken: bool
    criteria: tuple


class CrmCustomerTier(models.Model):
    """Who fits which tier: one statement for all customers or for some."""

    _inherit = "crm.customer.tier"

    # ------------------------------------------------------------
    # What is asked
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """The active tiers in their order; nothing is asked of the database twice."""
        # sudo: tiers hold for everybody
        return self.sudo().search([("active", "=", True)])._prepare_rules()

    def _prepare_rules(self, cutoffs=None):
        """These tiers as :class:`Rule`.

        :param dict cutoffs: see ``_get_criterion`` of the criteria
        """
        return tuple(
            Rule(
                tier.id or tier._origin.id or 0,
                tier.grace_days,
                tier.match,
                tier.domain or "[]",
                bool(tier.last_error),
                tuple(line._get_criterion(cutoffs) for line in tier.criterion_ids),
            )
            for tier in self
        )

    def _get_condition(self, rule, keep):
        """Whether customer ``p`` with the figures ``f`` fits a tier, as SQL.

        :param rule: a :class:`Rule`
        :param bool keep: whether it is in the tier already
        """
        tests = []
        for criterion in rule.criteria:
            limit = criterion.keep if keep else criterion.enter
            figure = SQL.identifier("f", criterion.fact)
            test = SQL("FALSE")
            if limit is not None:
                test = SQL("%s %s %s", figure, SIGNS[criterion.direction], limit)
                if criterion.percent and criterion.direction == "min":
                    test = SQL("(%s AND %s > 0)", test, figure)
            tests.append(test)
        word = SQL(" AND ") if rule.match == "all" else SQL(" OR ")
        met = SQL("(%s)", word.join(tests)) if tests else SQL("TRUE")
        if rule.domain.strip() == "[]":
            return met
        return SQL("(%s AND %s)", self._get_domain_condition(rule, keep), met)

    def _get_domain_condition(self, rule, keep):
        """Nobody enters by a condition that broke later, and nobody leaves for it."""
        tier = self.new({"domain": rule.domain})
        error = False
        try:
            domain = tier._get_domain()
        except Exception as broken:
            error = str(broken)
        if bool(error) != rule.is_broken:
            self.browse(rule.tier_id)._note_error(error)
        if error:
            return SQL("TRUE") if keep else SQL("FALSE")
        # sudo: a customer fits or not, whoever looks
        customers = self.env["res.partner"].sudo().with_context(active_test=False)
        customers = customers.with_company(self._get_main_company())
        query = customers._search(domain & Domain("active", "=", True))
        return SQL("p.id IN %s", query.subselect())

    # ------------------------------------------------------------
    # Who fits
    # ------------------------------------------------------------

    def _get_fitting_query(self, rules, today, partner_ids=None):
        """The tier each customer fits by its figures, whatever it waits for.

        ``fit_id`` is the first tier it may enter, or it is in and may keep.

        :param rules: :class:`Rule` in their order
        :return: ``SQL`` with id, old_id, fit_id, is_locked, lock_ended and the figures
        """
        cases = [
            SQL(
                "WHEN %s OR p.customer_tier_id = %s AND %s THEN %s",
                self._get_condition(rule, keep=False),
                rule.tier_id,
                self._get_condition(rule, keep=True),
                rule.tier_id,
            )
            for rule in rules
        ]
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("p.id = ANY(%s)", list(partner_ids))
        return SQL(
            """
    SELECT p.id, p.customer_tier_id AS old_id,
           (CASE WHEN f.partner_id IS NULL THEN NULL %(cases)s END)::int AS fit_id,
           COALESCE(p.customer_tier_lock_date >= %(today)s, FALSE) AS is_locked,
           COALESCE(p.customer_tier_lock_date < %(today)s, FALSE) AS lock_ended, f.*
      FROM res_partner p
      LEFT JOIN (%(figures)s) AS f ON f.partner_id = p.id
     WHERE p.active AND p.commercial_partner_id = p.id AND %(among)s
       AND (f.partner_id IS NOT NULL OR p.customer_tier_id IS NOT NULL)
            """,
            cases=SQL(" ").join(cases),
            today=today,
            figures=self._get_figures_query(partner_ids, today),
            among=among,
        )

    def _get_decision_query(self, rules, today, partner_ids=None):
        """What is to be done: one row for each customer with whom something changes.

        A customer that fits a lower tier waits for the days of grace of its own,
        unless nobody decided on its tier but a person until yesterday.

        :return: ``SQL`` with id, old_id, new_id, waits, is_watched, lock_ended, figures
        """
        places = SQL(", ").join(
            SQL("(%s, %s, %s)", rule.tier_id, place, rule.grace_days)
            for place, rule in enumerate(rules)
        )
        figures = SQL(", ").join(
            SQL("%s, %s", name, SQL("round((%s)::numeric, 2)", SQL.identifier(name)))
            for name in FIGURES
        )
        return SQL(
            DECISIONS,
            places=places or SQL("(0, 0, 0)"),
            fitting=self._get_fitting_query(rules, today, partner_ids),
            lowest=LOWEST,
            today=today,
            figures=figures,
        )
