from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .crm_churn_score import selection_level

DEFAULT_DAYS = 90
# written by the run alone
RESULTS = {
    "state",
    "message",
    "customers",
    "left_count",
    "base_rate",
    "flagged",
    "flagged_left",
    "precision",
    "recall",
    "lift",
    "auc",
    "leaving_auc",
    "leaving_lift",
    "lead_days",
    "gone_count",
    "late_count",
    "line_ids",
}


class CrmChurnBacktest(models.Model):
    """How well signals would have told who leaves, on a day of the past.

    Judged by what was known that day alone, see ``crm_churn_known.py``, and compared
    with what happened after it; how is in ``crm_churn_backtest_run.py``.
    """

    _name = "crm.churn.backtest"
    _description = "Churn Back-Test"
    _order = "id desc"

    name = fields.Char(
        required=True, default=lambda self: self.env._("Signals as they are")
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    date = fields.Date(
        "As Known On",
        required=True,
        help="Purchases, contacts and tiers up to the end of this day (UTC) are known.",
    )
    horizon_days = fields.Integer(
        "Looks Ahead (Days)",
        required=True,
        aggregator=None,
        help="Leaving means: no purchase in so many days after it.",
    )
    flag_level = fields.Selection(
        lambda self: selection_level(self.env)[:-1],
        "Warns From",
        required=True,
        default="at_risk",
        help="Customers at this level of health or below count as warned of.",
    )
    is_imported = fields.Boolean(
        "Count What Was Entered Later",
        help="For a history that was imported: documents count by their date, also "
        "those that were entered after the day.",
    )
    signal_ids = fields.One2many(
        "crm.churn.backtest.signal", "backtest_id", "Signals", copy=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("short", "Not Enough Data"), ("done", "Done")],
        "Status",
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    message = fields.Char("Learned", readonly=True, copy=False)
    customers = fields.Integer(readonly=True, copy=False, aggregator=None)
    left_count = fields.Integer("Left", readonly=True, copy=False, aggregator=None)
    base_rate = fields.Float("Share Who Left", readonly=True, copy=False)
    flagged = fields.Integer("Warned Of", readonly=True, copy=False, aggregator=None)
    flagged_left = fields.Integer(
        "Warned Of and Left", readonly=True, copy=False, aggregator=None
    )
    precision = fields.Float(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those warned of, the share who left.",
    )
    recall = fields.Float(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those who left, the share who were warned of.",
    )
    lift = fields.Float(
        "Lift of the First Tenth",
        readonly=True,
        copy=False,
        aggregator=None,
        digits=(5, 2),
        help="How much more often the tenth in poorest health left than customers in "
        "general; equal health shares what is left of the tenth.",
    )
    auc = fields.Float(
        "AUC of Health",
        readonly=True,
        copy=False,
        aggregator=None,
        digits=(4, 3),
        help="How often who left had the poorer health than who stayed: 0.5 is chance.",
    )
    leaving_auc = fields.Float(
        "AUC of Probability",
        readonly=True,
        copy=False,
        aggregator=None,
        digits=(4, 3),
        help="The same for the probability learned from what was known that day.",
    )
    leaving_lift = fields.Float(
        "Lift of Probability", readonly=True, copy=False, aggregator=None, digits=(5, 2)
    )
    lead_days = fields.Integer(
        "Lead Time (Days)",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those warned of in time who left: the median of the days to the last "
        "purchase plus the days ahead, when the customer counts as gone.",
    )
    gone_count = fields.Integer(
        "Gone Already",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Of those warned of who left: how many counted as gone on the day.",
    )
    late_count = fields.Integer(
        "Purchases Entered Later", readonly=True, copy=False, aggregator=None
    )
    line_ids = fields.One2many(
        "crm.churn.backtest.line", "backtest_id", readonly=True, copy=False
    )
    changes = fields.Char("What If", compute="_compute_changes")
    words = fields.Html("In Words", compute="_compute_words", sanitize=False)

    _horizon_range = models.Constraint(
        "CHECK (horizon_days BETWEEN 7 AND 3650)",
        "Look ahead between 7 and 3,650 days.",
    )

    # ------------------------------------------------------------
    # What is asked
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """The active signals as they are, and the last day that can be judged."""
        values = super().default_get(fields_list)
        company = self.env["res.company"].browse(values.get("company_id"))
        company = company or self.env.company
        days = values.get("horizon_days") or self._get_days(company)
        today = fields.Date.today()  # days are UTC
        defaults = {
            "horizon_days": days,
            "date": today - timedelta(days=days + 1),
            "signal_ids": [
                Command.create(vals) for vals in self._prepare_signals(company)
            ],
        }
        missing = {key: value for key, value in defaults.items() if key in fields_list}
        return {**missing, **values}

    @api.model
    def _get_days(self, company):
        """The days ahead: as the company says, or as was learned."""
        # sudo: a number of the company's settings
        models_sudo = self.env["crm.churn.model"].sudo()
        last = models_sudo.search([("company_id", "=", company.id)], limit=1)
        return company.churn_horizon_days or last.horizon_days or DEFAULT_DAYS

    @api.model
    def _prepare_signals(self, company):
        """One line for each signal that counts, and for the one in question."""
        chosen = self.env.context.get("churn_backtest_signal_id")
        Signal = self.env["crm.churn.signal"]
        signals = Signal.search([("company_id", "in", [company.id, False])])
        if chosen:
            asked = Signal.with_context(active_test=False).search([("id", "=", chosen)])
            signals |= asked
        return [
            {"signal_id": signal.id, **signal._prepare_backtest()} for signal in signals
        ]

    @api.constrains("company_id", "signal_ids")
    def _check_companies(self):
        for test in self:
            foreign = test.signal_ids.signal_id.company_id - test.company_id
            if foreign:
                raise ValidationError(
                    self.env._(
                        "Signals of %(other)s say nothing of %(company)s: remove them.",
                        other=foreign[0].display_name,
                        company=test.company_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_inputs(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_inputs(vals)
        if not self.env.su and vals.keys() - {"name"}:
            self._check_draft()
        return super().write(vals)

    @api.model
    def _check_inputs(self, vals):
        if not self.env.su and RESULTS & vals.keys():
            raise UserError(
                self.env._("Figures come of the run alone: press “Run Back-Test”.")
            )

    def _check_draft(self):
        if any(test.state != "draft" for test in self):
            raise UserError(
                self.env._(
                    "What has run stays as it was: press “Try Other Limits” for a copy."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for test, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", test.name)
        return vals_list
