from odoo import api, models
from odoo.tools import SQL

from ..tools import mbg
from ..tools.leaving import NAMES

NOBODY = SQL("CROSS JOIN (SELECT NULL::float8 AS share) AS leaving")
# the formulas of tools/leaving.py and tools/mbg.py; clamped, as exp() and ln() of
# PostgreSQL raise where those of Python give 0 or infinity
APPLY = """
    LEFT JOIN (VALUES %(models)s)
           AS k(company_id, weeks, gap, r, alpha, a, b, %(names)s)
           ON k.company_id = m.company_id
    CROSS JOIN LATERAL (
        SELECT x, tx, GREATEST(age, tx) AS t, GREATEST(age - tx, 0) AS recency
          FROM (SELECT GREATEST(m.purchase_count - 1, 0)::float8 AS x,
                       GREATEST(0, %(last)s) AS tx, %(age)s AS age) AS span
        OFFSET 0  -- worked out once, not wherever it is used
    ) AS f
    CROSS JOIN LATERAL (
        SELECT 1 - (1 - exp(GREATEST(-700, (k.r + f.x)
                   * ln((k.alpha + f.t) / (k.alpha + f.t + k.weeks)))))
               / (1 + exp(GREATEST(-700, LEAST(700, ln(k.a / (k.b + f.x))
                   + (k.r + f.x) * ln((k.alpha + f.t) / (k.alpha + f.tx))))))
               AS none
    ) AS g
    CROSS JOIN LATERAL (
        SELECT LEAST(GREATEST(g.none, 1e-6), 1 - 1e-6) AS none OFFSET 0
    ) AS h
    CROSS JOIN LATERAL (
        -- LEAST() and GREATEST() pass over NULL: without a model there is nothing
        SELECT CASE WHEN k.company_id IS NOT NULL THEN
               1 / (1 + exp(LEAST(700, GREATEST(-700, -(w0 + w1 * ln(1 + f.recency)
               + w2 * ln(1 + f.x) + w3 * ln(1 + f.t)
               + w4 * ln(1 + f.recency * (f.x + 2) / (f.tx + 2 * k.gap))
               + w5 * ln(GREATEST(m.revenue_total, 0)::float8 + 1)
               + w6 * ln(h.none / (1 - h.none))))))) END AS share
    ) AS leaving
"""


class CrmChurnModel(models.Model):
    """The probability of everybody, in the statement that judges them."""

    _inherit = "crm.churn.model"

    @api.model
    def _get_leaving_join(self, today, active=None):
        """What gives ``leaving.share`` for the facts ``m``: 0 to 1, or ``NULL``.

        :param date today: the day that is judged
        :param active: models as of ``_get_active``, those in use when ``None``
        """
        active = self._get_active() if active is None else active
        if not active:
            return NOBODY
        rows = SQL(", ").join(
            SQL("(%s, %s)", row[0], SQL(", ").join(_float(v) for v in row[1:]))
            for row in active
        )
        weeks = "extract(epoch FROM %s)::float8 / 604800"
        first, last = SQL("m.first_purchase_date"), SQL("m.last_purchase_date")
        return SQL(
            APPLY,
            models=rows,
            names=SQL(", ").join(
                SQL.identifier(f"w{n}") for n in range(len(NAMES) + 1)
            ),
            last=SQL(weeks, SQL("%s - %s", last, first)),
            age=SQL(weeks, SQL("%s::timestamp - %s", today, first)),
        )

    @api.model
    def _get_expected(self, company, facts, days=90):
        """The expected purchases of customers, by MBG/NBD.

        :param company: the company of the facts
        :param facts: of ``(purchases, weeks from first to last, weeks from the first)``
        :return: list of numbers; empty where nothing has been learned
        """
        for company_id, _weeks, _gap, *rest in self._get_active():
            if company_id == company.id:
                params = mbg.Params(*rest[:4])
                return [
                    mbg.expected(
                        params, max(count - 1, 0), last, max(age, last), days / 7
                    )
                    for count, last, age in facts
                ]
        return []


def _float(value):
    return SQL("%s::float8", value)
