from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MAX_DAYS = 730


class CrmChurnBacktest(models.Model):
    """How the signals would have judged on a past day, and what happened then.

    Recomputed from what was known on that day alone; signals of which that cannot be
    told are left out, and named. See ``crm_churn_backtest_run.py``.
    """

    _name = "crm.churn.backtest"
    _description = "Back-Test of Churn Signals"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    date = fields.Date(
        "As of",
        required=True,
        default=lambda self: fields.Date.subtract(
            fields.Date.context_today(self), days=90
        ),
        help="Only what was known at the end of this day counts.",
    )
    days = fields.Integer(
        "Judged by the Next (Days)",
        required=True,
        default=90,
        help="Who did not buy in so many days has left.",
    )
    warn_below = fields.Integer(
        "Warned Below Health",
        required=True,
        default=lambda self: self.env.company.churn_risk_below,
        help="Whose health was lower would have been warned of.",
    )
    signal_id = fields.Many2one(
        "crm.churn.signal",
        "What If",
        ondelete="set null",
        help="Try other limits of this signal, without changing it.",
    )
    limit_from = fields.Float("Would Count From")
    limit_full = fields.Float("Would Be in Full At")
    weight = fields.Integer("Would Cost Points")
    run_date = fields.Datetime("Computed on", readonly=True, copy=False)
    left_out = fields.Char(
        readonly=True, copy=False, help="Signals the past is not known of."
    )
    customers = fields.Integer(readonly=True, copy=False)
    warned = fields.Integer(readonly=True, copy=False)
    left = fields.Integer("Left in Fact", readonly=True, copy=False)
    hits = fields.Integer("Warned and Left", readonly=True, copy=False)
    precision = fields.Float(
        readonly=True, copy=False, help="Of those warned of, how many left."
    )
    recall = fields.Float(
        readonly=True, copy=False, help="Of those who left, how many were warned of."
    )
    lift = fields.Float(
        readonly=True,
        copy=False,
        digits=(5, 2),
        help="How much more often those warned of left than customers in general.",
    )
    auc = fields.Float("AUC", readonly=True, copy=False, digits=(4, 3))
    lead_days = fields.Float(
        "Days of Warning",
        readonly=True,
        copy=False,
        digits=(6, 0),
        help="Of those warned of who left: the median of the days from the warning to "
        "the day on which their silence had lasted as long as the outlook.",
    )
    line_ids = fields.One2many(
        "crm.churn.backtest.line", "backtest_id", "Signals", readonly=True
    )
    calibration = fields.Json(readonly=True, copy=False)
    calibration_table = fields.Html(compute="_compute_table", sanitize=False)

    _days_range = models.Constraint(
        f"CHECK (days BETWEEN 1 AND {MAX_DAYS})",
        "It is judged by the next 1 to 730 days.",
    )
    _warn_range = models.Constraint(
        "CHECK (warn_below BETWEEN 1 AND 101)", "The health lies between 0 and 100."
    )

    @api.constrains("date", "days")
    def _check_is_past(self):
        today = fields.Date.context_today(self)
        for test in self:
            if test.date + timedelta(days=test.days) > today:
                raise ValidationError(
                    self.env._(
                        "The days by which it is judged are not over: choose "
                        "%(date)s or earlier, or fewer days.",
                        date=today - timedelta(days=test.days),
                    )
                )

    @api.constrains("signal_id", "weight")
    def _check_what_if(self):
        for test in self.filtered("signal_id"):
            if not 1 <= test.weight <= 100:
                raise ValidationError(
                    self.env._("“Would Cost Points” lies between 1 and 100.")
                )

    @api.onchange("signal_id")
    def _onchange_signal(self):
        self.limit_from = self.signal_id.limit_from
        self.limit_full = self.signal_id.limit_full
        self.weight = self.signal_id.weight

    @api.depends("calibration")
    @api.depends_context("lang")
    def _compute_table(self):
        for test in self:
            test.calibration_table = self.env["ir.qweb"]._render(
                "crm_churn.backtest_table", {"tenths": test.calibration or []}
            )

    def write(self, vals):
        asked = {"date", "days", "warn_below", "company_id", "signal_id"}
        asked |= {"limit_from", "limit_full", "weight"}
        if vals.keys() & asked:
            vals = {**vals, "run_date": False}
        return super().write(vals)

    def action_run(self):
        """Judge that day, and compare with what happened.

        :raise UserError: nobody had bought by then
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: purchases of every customer of the company count
        found = self.sudo()._judge_past()
        if not found:
            raise UserError(
                self.env._(
                    "Nobody had bought by %s: choose a later day.",
                    fields.Date.to_string(self.date),
                )
            )
        self.sudo()._note_result(found)  # sudo: results are written by the engine


class CrmChurnBacktestLine(models.Model):
    """What one signal told on that day."""

    _name = "crm.churn.backtest.line"
    _description = "Back-Test of One Signal"
    _order = "hits desc, id"

    backtest_id = fields.Many2one(
        "crm.churn.backtest", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="backtest_id.company_id", store=True)
    signal_id = fields.Many2one(
        "crm.churn.signal", "Signal", readonly=True, ondelete="cascade"
    )
    warned = fields.Integer("Spoke", readonly=True)
    hits = fields.Integer("Of These Left", readonly=True)
    precision = fields.Float(readonly=True, aggregator=None)
    recall = fields.Float(readonly=True, aggregator=None)
    lift = fields.Float(readonly=True, aggregator=None, digits=(5, 2))
