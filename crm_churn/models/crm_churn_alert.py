from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.misc import format_date


class CrmChurnAlert(models.Model):
    """A customer who may be leaving, somebody who acts, and how it ended.

    Raised and, when it has become pointless, closed by the nightly run; in
    between it belongs to its owner. One open alert per customer, company and
    reason. How it moves is in ``crm_churn_alert_state.py``.
    """

    _name = "crm.churn.alert"
    _description = "Churn Alert"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "raised_date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Stage at Alert",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Where the customer stood when the alert was raised.",
    )
    reason = fields.Selection(
        [
            ("silence", "Silence"),
            ("health", "Poor Health"),
            ("signal", "Signal"),
        ],
        required=True,
        readonly=True,
        default="silence",
        help="Silence: no purchase for more days than the stage allows. Poor Health: "
        "all signals together. Signal: one that raises an alert by itself.",
    )
    signal_id = fields.Many2one(
        "crm.churn.signal",
        "Signal at Alert",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    score = fields.Integer("Health at Alert", readonly=True, aggregator="avg")
    limit_days = fields.Integer(
        "Limit (days)", readonly=True, help="What the stage allowed at that time."
    )
    silence_days = fields.Integer(
        "Days of Silence",
        readonly=True,
        aggregator="avg",
        help="Days since the last purchase when the alert was raised.",
    )
    last_purchase_date = fields.Datetime("Last Purchase", readonly=True)
    raised_date = fields.Datetime(
        "Raised on", required=True, readonly=True, default=fields.Datetime.now
    )
    explanation = fields.Char("Why", compute="_compute_explanation")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        tracking=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="The customer's salesperson, else the owner of the stage.",
    )
    deadline = fields.Date(
        tracking=True, help="By then the customer should have been called."
    )
    note = fields.Text(help="What was found out; asked for when a customer is lost.")
    cause_id = fields.Many2one(
        "crm.lost.reason",
        "Cause of Loss",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Why the customer left, the same reasons as of lost opportunities.",
    )
    closed_date = fields.Datetime("Closed on", readonly=True, copy=False)
    closed_by_itself = fields.Boolean("Closed by Itself", readonly=True, copy=False)
    recovered_date = fields.Datetime(
        "Bought Again on",
        readonly=True,
        copy=False,
        help="The purchase that closed the alert by itself.",
    )
    is_late = fields.Boolean(
        "Late", compute="_compute_is_late", search="_search_is_late"
    )
    order_count = fields.Integer(
        compute="_compute_order_count", groups="sales_team.group_sale_salesman"
    )

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.depends("partner_id", "reason", "silence_days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = alert._get_title()

    def _get_title(self):
        """Hook: one alert in a few words; a reason of another addon has its own."""
        return self.env._(
            "%(customer)s: silent for %(days)s days",
            customer=self.partner_id.display_name,
            days=self.silence_days,
        )

    @api.depends("last_purchase_date", "state", "stage_id", "limit_days")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        for alert in self:
            alert.explanation = alert._get_explanation()

    def _get_explanation(self):
        """Hook: why the alert was raised, in words that can be checked."""
        if not self.last_purchase_date:
            return False
        last = self._get_local_date(self.last_purchase_date)
        values = {
            "date": format_date(self.env, last),
            "days": self.silence_days,
            "stage": self.stage_id.name or self.env._("(removed)"),
            "limit": self.limit_days,
        }
        if not self.is_open:
            return self.env._(
                "Last purchase on %(date)s, %(days)s days before the alert; the limit "
                "of stage “%(stage)s” was %(limit)s days.",
                **values,
            )
        values["days"] = (fields.Date.context_today(self) - last).days
        return self.env._(
            "Last purchase on %(date)s, %(days)s days ago; the limit of stage "
            "“%(stage)s” is %(limit)s days.",
            **values,
        )

    def _get_local_date(self, moment):
        return fields.Datetime.context_timestamp(self, moment).date()

    @api.model
    def _get_late_domain(self):
        """The definition of "late", for Python and for searches."""
        today = fields.Date.context_today(self)
        return self._get_open_domain() & Domain("deadline", "<", today)

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        late = self.filtered_domain(self._get_late_domain())
        late.is_late = True
        (self - late).is_late = False

    def _search_is_late(self, operator, value):
        return self._get_late_domain() if operator == "in" else NotImplemented

    def _get_orders_domain(self):
        """Confirmed orders of these customers in the companies of the alerts."""
        return (
            Domain("partner_id.commercial_partner_id", "in", self.partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("state", "=", "sale")
        )

    def _compute_order_count(self):
        counts = Counter()
        for partner, company, count in self.env["sale.order"]._read_group(
            self._get_orders_domain(), ["partner_id", "company_id"], ["__count"]
        ):
            counts[partner.commercial_partner_id, company] += count
        for alert in self:
            alert.order_count = counts[alert.partner_id, alert.company_id]

    @api.constrains("user_id", "company_id")
    def _check_owner(self):
        self.user_id._lifecycle_check_owner()
        for alert in self.filtered("user_id"):
            user = alert.user_id.sudo()  # sudo: companies of others
            if alert.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work in %(company)s and cannot own an alert "
                        "of its customers.",
                        user=user.name,
                        company=alert.company_id.name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_view_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        return dict(action, domain=list(self._get_orders_domain()), context={})
