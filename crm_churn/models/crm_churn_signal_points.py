from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmChurnSignal(models.Model):
    """How signals become points: one statement for all customers or for some."""

    _inherit = "crm.churn.signal"

    @api.model
    def _get_readable_rules(self, today, historic=False):
        """The active signals that can be read here.

        :param bool historic: only those a past day can be judged by
        """
        sources = self._get_sources(today)
        return tuple(
            rule
            for rule in self._get_rules()
            if rule.source in sources
            and not sources[rule.source].missing
            and (sources[rule.source].historic or not historic)
        )

    @api.model
    def _get_points_query(
        self, rules, today, partner_ids=None, facts=None, active=None
    ):
        """What each customer loses by each signal; whoever never bought is left out.

        :param rules: see ``_get_rules``
        :param date today: the day that is judged
        :param partner_ids: commercial partners, all when ``None``
        :param SQL facts: what was known, the facts of today when ``None``
        :param active: learned models, those in use when ``None``
        :return: ``SQL`` with partner_id, company_id, the probability of leaving
            (``share``), and for each rule its value (``v<id>``) and points (``p<id>``)
        """
        # who has been archived since was a customer on a past day
        alive = SQL("TRUE") if facts else SQL("p.active")
        facts = facts or SQL("SELECT * FROM crm_customer_metrics")
        values, joins, points = [], [], []
        for rule in rules:
            value, name, date = self._get_rule_names(rule)
            values += [value, date]
            joins.append(self._get_rule_join(rule, today, partner_ids))
            points.append(SQL("%s AS %s", self._get_rule_points(rule, today), name))
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("m.partner_id = ANY(%s)", list(partner_ids))
        comma = SQL(", ")
        return SQL(
            """
    SELECT judged.* %(points)s FROM (
        SELECT m.partner_id, m.company_id, leaving.share %(values)s
          FROM (%(facts)s) AS m
          JOIN res_partner p ON p.id = m.partner_id
          %(leaving)s
          %(joins)s
         WHERE m.purchase_count > 0 AND %(alive)s
           AND p.commercial_partner_id = p.id AND %(among)s
        OFFSET 0) AS judged  -- what is used several times is worked out once
            """,
            points=SQL(", %s", comma.join(points)) if points else SQL(""),
            values=SQL(", %s", comma.join(values)) if values else SQL(""),
            facts=facts,
            alive=alive,
            leaving=self.env["crm.churn.model"]._get_leaving_join(today, active),
            joins=SQL(" ").join(joins),
            among=among,
        )

    @api.model
    def _get_tier_column(self):
        """The tier of customer ``p``."""
        return SQL("p.customer_tier_id")

    @api.model
    def _get_rule_names(self, rule):
        """The columns of one rule: its value, its points, its date."""
        return tuple(SQL.identifier(f"{kind}{rule.id}") for kind in "vpd")

    @api.model
    def _get_rule_join(self, rule, today, partner_ids=None):
        """The value of one signal for the customers it is about, and its date.

        Each rule joins the events under a name of its own; inside they are ``e``.
        """
        source = self._get_sources(today)[rule.source]
        among = SQL("TRUE")
        if partner_ids is not None:
            among = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
        events, values = SQL.identifier(f"e{rule.id}"), SQL("")
        if source.events:
            values = SQL("FROM (SELECT %s.value, %s.date) AS e", events, events)
        value, _points, date = self._get_rule_names(rule)
        return SQL(
            "%s CROSS JOIN LATERAL (SELECT CASE WHEN %s THEN %s END AS %s,"
            " %s AS %s %s) AS %s",
            self._join_events(rule, source, among, events),
            self._get_rule_condition(rule),
            source.value,
            value,
            source.date,
            date,
            values,
            SQL.identifier(f"s{rule.id}"),
        )

    @api.model
    def _get_rule_condition(self, rule):
        """Whether the signal is about customer ``p`` in the company of ``m``."""
        tests = [SQL("TRUE")]
        if rule.company_id:
            tests.append(SQL("m.company_id = %s", rule.company_id))
        if rule.tier_ids:
            tiers = list(rule.tier_ids)
            tests.append(SQL("%s = ANY(%s)", self._get_tier_column(), tiers))
        if rule.domain.strip() != "[]":
            tests.append(self._get_domain_condition(rule))
        return SQL("(%s)", SQL(" AND ").join(tests))

    @api.model
    def _get_domain_condition(self, rule):
        signal = self.new({"domain": rule.domain})
        try:
            domain = signal._get_domain()
        except Exception as error:  # broken since: nobody is judged by it
            self.browse(rule.id)._note_error(str(error))
            return SQL("FALSE")
        # sudo: a rule holds, whoever looks; over all companies, whoever looks
        companies = self.env["res.company"].sudo().search([("id", "!=", 0)])
        customers = self.env["res.partner"].sudo()  # sudo: as above
        customers = customers.with_context(allowed_company_ids=companies.ids)
        query = customers._search(domain & Domain("active", "=", True))
        return SQL("p.id IN %s", query.subselect())

    @api.model
    def _get_rule_points(self, rule, today):
        """Points by a value: none up to one limit, all from the other, between them
        in proportion; halved as often as its date lies a half-life back."""
        value, _points, date = self._get_rule_names(rule)
        if rule.limit_from == rule.limit_full:
            share = SQL("(%s >= %s)::int", value, rule.limit_full)
        else:
            share = SQL(
                "LEAST(1, GREATEST(0, (%s - %s::float8) / %s::float8))",
                value,
                rule.limit_from,
                rule.limit_full - rule.limit_from,
            )
        if rule.half_life:
            age = SQL("LEAST(36500, GREATEST(0, %s::date - %s))", today, date)
            # clamped: exp() of less raises an underflow in PostgreSQL
            fading = SQL("exp(GREATEST(-700, -ln(2) * %s / %s))", age, rule.half_life)
            share = SQL("%s * COALESCE(%s, 1)", share, fading)
        return SQL("COALESCE(round(%s * %s), 0)::int", rule.weight, share)
