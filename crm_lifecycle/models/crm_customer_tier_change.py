from odoo import api, fields, models
from odoo.tools import format_date

ENGINE_ONLY = "base.group_system"


class CrmCustomerTierChange(models.Model):
    """That a customer has changed its tier: when, why, by which figures, by whom.

    Written by the evaluation alone. The figures are those of the whole group: who may
    not see all companies that they come from is told the reason without them.
    """

    _name = "crm.customer.tier.change"
    _description = "Change of a Customer Tier"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    previous_id = fields.Many2one(
        "crm.customer.tier",
        "From",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    tier_id = fields.Many2one(
        "crm.customer.tier",
        "To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, readonly=True)
    origin = fields.Selection(
        [
            ("first", "First evaluation"),
            ("auto", "By its figures"),
            ("order", "By an order"),
            ("locked", "Set by hand"),
            ("unlocked", "No longer set by hand"),
            ("merged", "Customers merged"),
            ("gone", "No customer any more"),
        ],
        "How",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users",
        "Who",
        readonly=True,
        ondelete="set null",
        help="Empty for the nightly evaluation.",
    )
    reason = fields.Char(readonly=True, help="What the person said who set it by hand.")
    lock_date = fields.Date("Set Until", readonly=True)
    figures = fields.Json(readonly=True, groups=ENGINE_ONLY)
    rules = fields.Json(readonly=True, groups=ENGINE_ONLY)
    explanation = fields.Text("Why", compute="_compute_explanation", compute_sudo=True)

    _date_idx = models.Index("(date DESC)")

    @api.depends("partner_id", "previous_id", "tier_id")
    def _compute_display_name(self):
        for change in self:
            # sudo: who may read the change may know the names
            names = change.sudo()
            previous = names.previous_id.display_name or "–"
            tier = names.tier_id.display_name or "–"
            change.display_name = (
                f"{names.partner_id.display_name}: {previous} → {tier}"
            )

    # ------------------------------------------------------------
    # Why
    # ------------------------------------------------------------

    def _remember_rules(self):
        """Keep what the tiers asked at that time beside the figures."""
        rules = {
            rule.tier_id: rule for rule in self.env["crm.customer.tier"]._get_rules()
        }
        for tiers, same in self.grouped(
            lambda change: (change.previous_id, change.tier_id)
        ).items():
            same.rules = [
                {"match": rule.match, "criteria": list(map(list, rule.criteria))}
                if (rule := rules.get(tier.id))
                else None
                for tier in tiers
            ]

    @api.depends("figures", "rules", "origin", "reason", "lock_date")
    @api.depends_context("lang", "uid")
    def _compute_explanation(self):
        for change in self:
            change.explanation = "\n".join(change._get_reasons())

    def _get_reasons(self):
        """Why the customer came to this tier, in sentences for the current user."""
        self.ensure_one()
        if self.origin == "locked":
            until = format_date(self.env, self.lock_date)
            by_hand = self.env._("Set by hand until %s.", until)
            return [by_hand, *filter(None, [self.reason])]
        if self.origin == "gone":
            return [self.env._("It has no order, quotation or stage any more.")]
        ended = [self.env._("It is no longer set by hand.")]
        reasons = ended if self.origin == "unlocked" else []
        if not self._may_show_figures():
            return [
                *reasons,
                self.env._("By figures of companies that you do not have access to."),
            ]
        left, entered = self.rules or (None, None)
        if left and self._is_downwards():
            reasons += self._describe_failed(left)
        return [*reasons, *self._describe_met(entered)]

    def _is_downwards(self):
        """Whether it left a tier because it no longer fitted."""
        tiers = self.previous_id | self.tier_id
        return tiers.sorted()[:1] == self.previous_id

    def _may_show_figures(self):
        companies = set((self.figures or {}).get("companies") or ())
        return companies <= set(self.env.user.company_ids.ids)

    def _describe_failed(self, rule):
        """What of the former tier the customer did not meet any more."""
        found = [
            self._describe(criterion, keep=True)
            for criterion in rule["criteria"]
            if not self._is_met(criterion)
        ]
        if not found:
            return [
                self.env._(
                    "Its type is no longer that of “%s”.", self.previous_id.name or ""
                )
            ]
        return [
            self.env._("“%s” asks for more:", self.previous_id.name or ""),
            *found,
        ]

    def _describe_met(self, rule):
        if not self.tier_id:
            return [self.env._("It fits no tier.")]
        if not rule or not rule["criteria"]:
            return [self.env._("It fits no tier that comes before.")]
        criteria = rule["criteria"]
        if rule["match"] == "any":
            criteria = [c for c in criteria if self._is_met(c)] or criteria
        return [self._describe(criterion) for criterion in criteria]

    def _is_met(self, criterion):
        """Whether the figures are enough to stay."""
        fact, direction, _enter, keep, _percent = criterion
        figure = (self.figures or {}).get(fact)
        if figure is None or keep is None:
            return False
        return figure >= keep if direction == "min" else figure <= keep

    def _describe(self, criterion, keep=False):
        """A figure beside what is asked of it."""
        lines = self.env["crm.customer.tier.criterion"]
        currency = self.env["crm.customer.tier"]._get_main_company().currency_id
        figure = (self.figures or {}).get(criterion[0])
        return lines._describe(criterion, figure, currency, keep)
