from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .crm_churn_backtest_run import ROWS

# what may be tried out, as on the signal
TRIED = ("limit_from", "limit_full", "weight", "half_life_days", "fresh_days")
FOUND = {
    "left_out",
    "flagged",
    "flagged_left",
    "precision",
    "recall",
    "lift",
    "lead_days",
    "gone_count",
}


class CrmChurnBacktestSignal(models.Model):
    """One signal in a back-test: the limits that are tried, and what came of them."""

    _name = "crm.churn.backtest.signal"
    _description = "Signal in a Churn Back-Test"
    _order = "sequence, id"
    _rec_name = "signal_id"

    backtest_id = fields.Many2one(
        "crm.churn.backtest", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="backtest_id.company_id", store=True, index=True
    )
    signal_id = fields.Many2one(
        "crm.churn.signal", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(related="signal_id.sequence", store=True)
    is_counted = fields.Boolean("Counts", default=True)
    weight = fields.Integer("Points", required=True, default=20, aggregator=None)
    limit_from = fields.Float("Counts From", aggregator=None)
    limit_full = fields.Float("In Full At", default=1, aggregator=None)
    half_life_days = fields.Integer("Fades by Half In (Days)", aggregator=None)
    fresh_days = fields.Integer("Not Older Than (Days)", aggregator=None)
    is_changed = fields.Boolean("Changed", compute="_compute_is_changed")
    left_out = fields.Char(readonly=True, copy=False)
    flagged = fields.Integer("Spoke Of", readonly=True, copy=False, aggregator=None)
    flagged_left = fields.Integer("Left", readonly=True, copy=False, aggregator=None)
    precision = fields.Float(readonly=True, copy=False, aggregator=None)
    recall = fields.Float(readonly=True, copy=False, aggregator=None)
    lift = fields.Float(
        readonly=True,
        copy=False,
        aggregator=None,
        digits=(5, 2),
        help="How much more often those it spoke of left than customers in general.",
    )
    lead_days = fields.Integer(
        "Lead Time (Days)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those it spoke of in time who left: the median of the days to the "
        "last purchase plus the days ahead, when the customer counts as gone.",
    )
    gone_count = fields.Integer(
        "Gone Already",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those it spoke of who left: how many counted as gone on the day.",
    )

    _signal_uniq = models.UniqueIndex(
        "(backtest_id, signal_id)", "A signal is tried once in a back-test."
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 1 AND 100)", "The weight lies between 1 and 100 points."
    )
    _days_range = models.Constraint(
        "CHECK (half_life_days >= 0 AND fresh_days BETWEEN 0 AND 36500)",
        "Days cannot be negative, nor more than 36,500.",
    )

    @api.depends("is_counted", "signal_id", *TRIED)
    def _compute_is_changed(self):
        for line in self:
            signal = line.signal_id
            line.is_changed = bool(signal) and (
                line.is_counted != signal.active
                or any(line[name] != signal[name] for name in TRIED)
            )

    @api.onchange("signal_id")
    def _onchange_signal_id(self):
        if self.signal_id:
            self.update(self.signal_id._prepare_backtest())

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_inputs(vals)
        lines = super().create(vals_list)
        if not self.env.su:
            lines.backtest_id._check_draft()
        return lines

    def write(self, vals):
        self._check_inputs(vals)
        if not self.env.su:
            self.backtest_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        # whole back-tests go with their lines in the database
        if not self.env.su:
            self.backtest_id._check_draft()

    @api.model
    def _check_inputs(self, vals):
        if not self.env.su and FOUND & vals.keys():
            raise UserError(
                self.env._("Figures come of the run alone: press “Run Back-Test”.")
            )

    def action_apply(self):
        """Give the signal the limits that were tried."""
        self.ensure_one()
        self.signal_id.write({name: self[name] for name in TRIED})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "“%s” has these limits from the next judgement on.",
                    self.signal_id.name,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _describe_change(self):
        """What is tried, in words; ``None`` where it is as on the signal."""
        if not self.is_changed:
            return None
        if not self.is_counted:
            return self.env._("without %s", self.signal_id.name)
        return self.env._(
            "%(signal)s: %(from)g to %(full)g, %(points)s points",
            **{
                "signal": self.signal_id.name,
                "from": self.limit_from,
                "full": self.limit_full,
                "points": self.weight,
            },
        )

    def _judge_sources(self):
        """Note which signals cannot speak of the past.

        :return: rules of the others with the limits that are tried
        """
        rules = []
        for line in self:
            signal = line.signal_id
            line.left_out = signal._get_not_judged()
            if line.is_counted and not line.left_out:
                [rule] = signal._prepare_rules()
                rules.append(
                    rule._replace(
                        weight=line.weight,
                        limit_from=line.limit_from,
                        limit_full=line.limit_full,
                        half_life=line.half_life_days,
                        fresh_days=line.fresh_days,
                    )
                )
        return rules

    def _measure_signals(self, rules, totals):
        """What each signal alone has told; one pass over the customers."""
        if not rules:
            return
        rows = self.env.execute_query(
            SQL(
                """
            SELECT s.id, count(*)::int, sum(is_left)::int,
                   (count(*) FILTER (WHERE is_left = 1 AND lead <= 0))::int,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY lead)
                       FILTER (WHERE is_left = 1 AND lead > 0)
              FROM %s CROSS JOIN LATERAL (VALUES %s) AS s(id, points)
             WHERE s.points > 0 GROUP BY s.id
                """,
                ROWS,
                SQL(", ").join(
                    SQL("(%s, %s)", rule.id, SQL.identifier(f"p{rule.id}"))
                    for rule in rules
                ),
            )
        )
        lines = {line.signal_id.id: line for line in self}
        base, everybody = totals["base_rate"], totals["left_count"]
        for signal_id, flagged, left, gone, lead in rows:
            lines[signal_id].write(
                {
                    "flagged": flagged,
                    "flagged_left": left,
                    "gone_count": gone,
                    "precision": left / flagged,
                    "recall": left / everybody,
                    "lift": left / flagged / base,
                    "lead_days": round(lead or 0),
                }
            )


class CrmChurnSignal(models.Model):
    """From a signal to its back-test."""

    _inherit = "crm.churn.signal"

    def _prepare_backtest(self):
        self.ensure_one()
        return {name: self[name] for name in TRIED}

    def action_backtest(self):
        """A new back-test with all that counts and this signal, to try its limits."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_backtest_action"
        )
        return dict(
            action,
            views=[(False, "form")],
            context={
                "churn_backtest_signal_id": self.id,
                "default_name": self.env._("What if: %s", self.name),
                **(
                    {"default_company_id": self.company_id.id}
                    if self.company_id
                    else {}
                ),
            },
        )
