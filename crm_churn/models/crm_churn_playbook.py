from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import uplift

ENOUGH = 10  # alerts on each side, below which nothing is said about the effect


class CrmChurnPlaybook(models.Model):
    """What is done for customers who may leave: for whom, by whom, and did it help.

    The first one that fits a new alert is its playbook. A share of the customers may
    be left alone, so that the effect can be measured; VIPs never are.
    """

    _name = "crm.churn.playbook"
    _description = "Churn Playbook"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first that fits is taken.")
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: all companies."
    )
    reason = fields.Selection(
        lambda self: self.env["crm.churn.alert"]
        ._fields["reason"]
        ._description_selection(self.env),
        help="Empty: alerts of every reason.",
    )
    only_critical = fields.Boolean(
        "Critical Only", help="Only where the health was critical."
    )
    signal_ids = fields.Many2many(
        "crm.churn.signal", string="Main Reasons", help="Empty: whatever the reason."
    )
    tier_ids = fields.Many2many(
        "crm.customer.tier", string="Tiers", help="Empty: customers of every tier."
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner of the Alerts",
        domain="[('share', '=', False)]",
        ondelete="restrict",
        help="Empty: who answers for the customer.",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        domain="[('res_model', '=', 'res.partner')]",
        ondelete="restrict",
        help="Its steps are scheduled on the alert.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        "Letter",
        domain="[('model', '=', 'crm.churn.alert')]",
        ondelete="restrict",
        help="Proposed to the owner, never sent by itself.",
    )
    offer = fields.Char(translate=True, help="What may be offered to the customer.")
    script = fields.Html("Call Script", translate=True)
    is_winback = fields.Boolean(
        "Win-Back Opportunity", help="An opportunity is created with the alert."
    )
    holdout_percent = fields.Integer(
        "Left Alone (%)",
        help="So many of 100 customers stay untouched and unseen, to compare with. "
        "Never VIPs.",
    )
    alert_count = fields.Integer(compute="_compute_effect")
    holdout_count = fields.Integer("Left Alone", compute="_compute_effect")
    bought_percent = fields.Float("Bought Again (%)", compute="_compute_effect")
    holdout_bought_percent = fields.Float(
        "Bought Again Left Alone (%)", compute="_compute_effect"
    )
    effect = fields.Char(compute="_compute_effect")

    _holdout_range = models.Constraint(
        "CHECK (holdout_percent BETWEEN 0 AND 50)",
        "At most half of the customers are left alone.",
    )

    @api.constrains("plan_id", "mail_template_id", "user_id")
    def _check_fits(self):
        for playbook in self:
            plan, letter = playbook.sudo().plan_id, playbook.sudo().mail_template_id
            # sudo: plans and templates the user may not open
            if plan and plan.res_model != "res.partner":
                raise ValidationError(
                    self.env._("“%s” is not a plan for contacts.", plan.name)
                )
            if letter and letter.model != "crm.churn.alert":
                raise ValidationError(
                    self.env._("“%s” is not a letter for churn alerts.", letter.name)
                )
            playbook.user_id._lifecycle_check_owner()

    # ------------------------------------------------------------
    # Did it help?
    # ------------------------------------------------------------

    @api.depends_context("allowed_company_ids", "lang")
    def _compute_effect(self):
        """Of alerts old enough to tell, who bought again: treated and left alone."""
        # sudo: numbers over all alerts of the chosen companies, hold-outs included
        effects = self.env["crm.churn.effect"].sudo()
        rows = effects._read_group(
            [
                ("playbook_id", "in", self.ids),
                ("company_id", "in", self.env.companies.ids),
                ("is_mature", "=", True),
            ],
            ["playbook_id", "is_holdout"],
            ["__count", "bought:sum"],
        )
        found = {
            (playbook.id, held): (count, round(bought / 100))
            for playbook, held, count, bought in rows
        }
        for playbook in self:
            count, hits = found.get((playbook.id, False), (0, 0))
            held, held_hits = found.get((playbook.id, True), (0, 0))
            playbook.alert_count, playbook.holdout_count = count, held
            playbook.bought_percent = count and 100 * hits / count
            playbook.holdout_bought_percent = held and 100 * held_hits / held
            playbook.effect = self._describe_effect(count, hits, held, held_hits)

    @api.model
    def _describe_effect(self, count, hits, held, held_hits):
        """The difference in words, with its interval, or that it is too early."""
        if count < ENOUGH or held < ENOUGH:
            return self.env._(
                "Not enough data: %(count)s treated and %(held)s left alone, at least "
                "%(enough)s each are needed.",
                count=count,
                held=held,
                enough=ENOUGH,
            )
        value, low, high = uplift.difference(hits, count, held_hits, held)
        values = {
            "value": f"{100 * value:+.0f}",
            "low": f"{100 * low:+.0f}",
            "high": f"{100 * high:+.0f}",
        }
        if low <= 0 <= high:
            return self.env._(
                "%(value)s points more bought again than left alone; between %(low)s "
                "and %(high)s, so it may be chance.",
                **values,
            )
        return self.env._(
            "%(value)s points more bought again than left alone; surely between "
            "%(low)s and %(high)s.",
            **values,
        )

    def action_view_effect(self):
        """The alerts of the playbook and what came of them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_effect_action"
        )
        return dict(
            action,
            domain=[("playbook_id", "=", self.id)],
            context={"search_default_group_holdout": 1},
        )
