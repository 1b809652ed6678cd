from odoo import api, fields, models, tools
from odoo.exceptions import AccessError

MANAGER = "crm_lifecycle.group_crm_lifecycle_manager"


class CrmChurnModel(models.Model):
    """What one company has learned of its own past about who leaves.

    Leaving is: no purchase in the next days, so many as ``horizon_days``. How it is
    learned, and when it is not, is in ``crm_churn_model_learn.py``; how it is applied
    to everybody in ``crm_churn_model_apply.py``.
    """

    _name = "crm.churn.model"
    _description = "Learned Probability of Leaving"
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime("Learned on", required=True, readonly=True)
    state = fields.Selection(
        [
            ("active", "In Use"),
            ("weak", "Too Weak"),
            ("short", "Not Enough Data"),
            ("old", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="short",
    )
    is_preliminary = fields.Boolean(
        "Preliminary",
        readonly=True,
        help="Learned from few customers: the order of the customers is telling, the "
        "percentage is rough.",
    )
    message = fields.Char("In Words", readonly=True)
    horizon_days = fields.Integer(
        "Says of the Next (Days)",
        readonly=True,
        aggregator=None,
        help="Leaving means: no purchase in so many days.",
    )
    learned_days = fields.Integer(
        "Learned Over (Days)",
        readonly=True,
        aggregator=None,
        help="Less than the horizon where the history is short; the level is then set "
        "by the expected purchases.",
    )
    customers = fields.Integer("Learned from Customers", readonly=True)
    repeaters = fields.Integer("Of These, Bought Again", readonly=True)
    weights = fields.Json(readonly=True, help="The constant, then one per feature.")
    parameters = fields.Json(readonly=True, help="r, alpha, a and b of MBG/NBD.")
    gap = fields.Float("Typical Interval (Weeks)", readonly=True, aggregator=None)
    # on the days after it could have been learned, which it did not know
    tested_customers = fields.Integer("Tested on Customers", readonly=True)
    base_rate = fields.Float("Left in Fact", readonly=True, aggregator="avg")
    auc = fields.Float(
        "AUC",
        readonly=True,
        aggregator="avg",
        digits=(4, 3),
        help="How often somebody who left had the higher probability than somebody who "
        "stayed: 0.5 is chance, 1 is always.",
    )
    auc_recency = fields.Float(
        "AUC of Days Since Last Purchase", readonly=True, digits=(4, 3), aggregator=None
    )
    auc_rfm = fields.Float(
        "AUC of RFM Fifths",
        readonly=True,
        digits=(4, 3),
        aggregator=None,
        help="Recency, frequency and money in fifths: what has to be beaten.",
    )
    precision = fields.Float(
        "Average Precision", readonly=True, digits=(4, 3), aggregator=None
    )
    lift = fields.Float(
        "Lift of the First Tenth",
        readonly=True,
        digits=(5, 2),
        aggregator=None,
        help="How much more often the tenth with the highest probability left than "
        "customers in general.",
    )
    brier = fields.Float(
        "Brier Score",
        readonly=True,
        digits=(4, 3),
        aggregator=None,
        help="Mean squared error of the probability: the less the better.",
    )
    calibration = fields.Json(
        readonly=True, help="Said, happened and number of customers, by tenths."
    )
    forecast = fields.Integer(
        "Will Leave",
        readonly=True,
        aggregator=None,
        help="How many customers will not buy in the days it says something of.",
    )
    forecast_spread = fields.Integer(
        "Give or Take",
        readonly=True,
        aggregator=None,
        help="With 95 % confidence, by chance and by the error of the last forecast, "
        "whichever is larger.",
    )
    past_forecast = fields.Integer("Said Last Time", readonly=True, aggregator=None)
    past_left = fields.Integer("Left Then", readonly=True, aggregator=None)
    forecast_text = fields.Char("Forecast", compute="_compute_forecast_text")
    quality = fields.Html(compute="_compute_quality", sanitize=False)

    _active_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'active'", "A company uses one model at a time."
    )

    @api.depends("calibration", "weights")
    @api.depends_context("lang")
    def _compute_quality(self):
        labels = self._get_feature_labels()
        for model in self:
            model.quality = self.env["ir.qweb"]._render(
                "crm_churn.model_quality",
                {
                    "model": model,
                    "tenths": model.calibration or [],
                    "weights": list(zip(labels, model.weights or [], strict=False)),
                },
            )

    @api.depends("forecast", "forecast_spread", "past_forecast", "past_left")
    @api.depends_context("lang")
    def _compute_forecast_text(self):
        """The forecast with its interval and how far the last one was off."""
        for model in self:
            model.forecast_text = bool(model.tested_customers) and self.env._(
                "%(low)s to %(high)s customers will not buy in the next %(days)s days. "
                "Of %(tested)s customers it would have said %(said)s last time, and "
                "%(left)s left.",
                low=max(model.forecast - model.forecast_spread, 0),
                high=model.forecast + model.forecast_spread,
                days=model.horizon_days,
                tested=model.tested_customers,
                said=model.past_forecast,
                left=model.past_left,
            )

    def _describe(self, probability):
        """A probability of this model in words; nothing without a model."""
        if not self or not probability:
            return False
        if self.is_preliminary:
            return self.env._(
                "About %(percent)s %% likely not to buy in the next %(days)s days "
                "(preliminary, learned from %(customers)s customers)",
                percent=probability,
                days=self.horizon_days,
                customers=self.customers,
            )
        return self.env._(
            "%(percent)s %% likely not to buy in the next %(days)s days",
            percent=probability,
            days=self.horizon_days,
        )

    @api.model
    def _get_feature_labels(self):
        return [
            self.env._("Constant"),
            self.env._("Weeks since the last purchase"),
            self.env._("Repeat purchases"),
            self.env._("Weeks since the first purchase"),
            self.env._("Weeks since the last purchase, in usual intervals"),
            self.env._("Revenue"),
            self.env._("Odds of no purchase by MBG/NBD"),
        ]

    # ------------------------------------------------------------
    # Remembering
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_active(self):
        """The models in use, as plain values: company, horizon in weeks, typical
        interval, the four parameters and all weights, in one tuple each."""
        # sudo: probabilities of every company
        found = self.sudo().search([("state", "=", "active")], order="company_id")
        return tuple(
            (
                model.company_id.id,
                model.horizon_days / 7,
                model.gap,
                *model.parameters,
                *model.weights,
            )
            for model in found
        )

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        self.env.registry.clear_cache()
        return found

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def action_learn(self):
        """Learn anew for the current company, then judge all customers by it."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Process managers decide when the model learns anew.")
            )
        # sudo: models and scores are written by the engine alone
        self.sudo()._learn(self.env.company)
        self.env["crm.churn.score"].sudo()._refresh_all()  # sudo: as above
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_model_action"
        )
