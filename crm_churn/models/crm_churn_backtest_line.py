from odoo import api, fields, models
from odoo.tools import SQL

from .crm_churn_backtest_run import ROWS
from .crm_churn_score import LEVELS, selection_level


class CrmChurnBacktestLine(models.Model):
    """One level of health, or one tenth of all customers, and what came of it."""

    _name = "crm.churn.backtest.line"
    _description = "Result of a Churn Back-Test"
    _log_access = False
    _order = "backtest_id desc, kind, sequence, id"
    _rec_name = "label"

    backtest_id = fields.Many2one(
        "crm.churn.backtest",
        "Back-Test",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="backtest_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("level", "Level of Health"),
            ("health", "Tenth by Health"),
            ("leaving", "Tenth by Probability"),
        ],
        required=True,
        readonly=True,
    )
    sequence = fields.Integer("Tenth", readonly=True, aggregator=None)
    level = fields.Selection(lambda self: selection_level(self.env), readonly=True)
    label = fields.Char("Part", compute="_compute_label")
    said = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The mean health of these customers (0 to 100), or the mean probability "
        "in percent.",
    )
    customers = fields.Integer(readonly=True)
    left_count = fields.Integer("Left", readonly=True)
    left_share = fields.Float("Left, in Percent", readonly=True, aggregator="avg")

    @api.depends("kind", "sequence", "level")
    @api.depends_context("lang")
    def _compute_label(self):
        levels = dict(selection_level(self.env))
        for line in self:
            tenth = self.env._("Tenth %s", line.sequence)
            line.label = levels.get(line.level) or tenth

    @api.model
    def _measure_lines(self, test, is_learned):
        """Keep the confusion by level, and calibration by tenths (worst first)."""
        parts = [("level", SQL("0"), SQL("level"), SQL("score"))]
        parts.append(("health", _tenth(SQL("score")), SQL("NULL"), SQL("score")))
        if is_learned:
            tenth = _tenth(SQL("share DESC"))
            parts.append(("leaving", tenth, SQL("NULL"), SQL("100 * share")))
        rows = self.env.execute_query_dict(
            SQL(" UNION ALL ").join(self._get_part(*part) for part in parts)
        )
        order = {level: place for place, level in enumerate(LEVELS, 1)}
        for row in rows:
            row["backtest_id"] = test.id
            row["sequence"] = order.get(row["level"], row["sequence"])
        rows.sort(key=lambda row: (row["kind"], row["sequence"]))
        return self.create(rows)

    @api.model
    def _get_part(self, kind, tenth, level, said):
        return SQL(
            "(SELECT %s AS kind, sequence::int, level::text, avg(said)::float8 AS said,"
            " count(*)::int AS customers, sum(is_left)::int AS left_count,"
            " (100 * avg(is_left))::float8 AS left_share"
            " FROM (SELECT %s AS sequence, %s AS level, %s AS said, is_left"
            " FROM %s) AS part GROUP BY sequence, level)",
            kind,
            tenth,
            level,
            said,
            ROWS,
        )


def _tenth(order):
    return SQL("ntile(10) OVER (ORDER BY %s, partner_id)", order)
