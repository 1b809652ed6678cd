from odoo import api, fields, models, tools
from odoo.fields import Domain


class CrmSlaPolicyTier(models.Model):
    """The target of a time limit for the customers of one tier."""

    _name = "crm.sla.policy.tier"
    _description = "Time Limit of a Customer Tier"
    _order = "policy_id, tier_id"
    _rec_name = "tier_id"

    policy_id = fields.Many2one(
        "crm.sla.policy", "Time Limit", required=True, index=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(
        "crm.customer.tier",
        "Customer Tier",
        required=True,
        index=True,
        ondelete="cascade",
    )
    hours = fields.Float(
        "Target", required=True, default=8.0, help="Counted as the limit counts."
    )
    usual_hours = fields.Float("Other Customers", related="policy_id.hours")

    _once = models.UniqueIndex(
        "(policy_id, tier_id)", "A time limit has one target for each tier."
    )
    _hours_range = models.Constraint(
        "CHECK (hours > 0 AND hours <= 8784)",
        "The target is more than nothing and at most one year.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._replan(lines.policy_id)
        return lines

    def write(self, vals):
        policies = self.policy_id
        result = super().write(vals)
        self._replan(policies | self.policy_id)
        return result

    def unlink(self):
        policies = self.policy_id
        result = super().unlink()
        self._replan(policies)
        return result

    @api.model
    def _replan(self, policies):
        self.env.registry.clear_cache()
        policies._plan_later()
        policies._plan_now()


class CrmSlaPolicy(models.Model):
    _inherit = "crm.sla.policy"

    tier_line_ids = fields.One2many(
        "crm.sla.policy.tier", "policy_id", "By Customer Tier", copy=True
    )

    @api.model
    @tools.ormcache()
    def _get_tiered_ids(self):
        """The limits that have targets of their own for some tier."""
        # sudo: limits of every company run
        lines = self.env["crm.sla.policy.tier"].sudo().search_fetch([], ["policy_id"])
        return tuple(lines.policy_id.ids)

    def _get_target_hours(self, timers):
        """The target of the customer's tier, where the limit has one for it."""
        hours = super()._get_target_hours(timers)
        for timer, line in self._get_tier_lines(timers).items():
            hours[timer] = line.hours
        return hours

    def _get_target_trace(self, timers):
        trace = super()._get_target_trace(timers)
        for timer, line in self._get_tier_lines(timers).items():
            trace[timer] = {
                **trace[timer],
                "tier_id": line.tier_id.id,
                "usual_hours": self.hours,
            }
        return trace

    def _get_tier_lines(self, timers):
        """The line of each clock whose customer's tier has one.

        :return: ``{timer: crm.sla.policy.tier}``
        """
        self.ensure_one()
        if self.id not in self._get_tiered_ids():
            return {}
        # sudo: the target holds, whoever starts the clock
        lines = {line.tier_id: line for line in self.sudo().tier_line_ids}
        return {
            timer: lines[tier]
            for timer, tier in timers._get_tiers().items()
            if tier in lines
        }


class CrmSlaTimer(models.Model):
    """The tier of the customer a clock is about."""

    _inherit = "crm.sla.timer"

    def _get_tiers(self):
        """Hook: the tier of the customer each clock is about; in sets.

        :return: ``{timer: crm.customer.tier}``, every clock has its entry
        """
        nobody = self.env["crm.customer.tier"].sudo()  # sudo: as the lines
        tiers = dict.fromkeys(self, nobody)
        for name in self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values():
            key = self.env[name]._lifecycle_visit_key
            timers = self.filtered(key)
            found = timers[key]._lifecycle_get_tiers()
            tiers.update({timer: found[timer[key]] for timer in timers})
        return tiers

    @api.model
    def _get_of_customers_domain(self, customers):
        """Hook: the clocks that are about some customers.

        :param customers: commercial partners
        """
        return Domain.FALSE

    @api.model
    def _follow_tiers(self, domain):
        """Plan the running clocks of ``domain`` anew, where tiers matter."""
        policy_ids = self.env["crm.sla.policy"]._get_tiered_ids()
        if policy_ids:
            self.search(
                self._get_running_domain()
                & Domain("policy_id", "in", policy_ids)
                & domain
            )._replan()

    def _get_explanation(self):
        """Say when it is due at another time because of the customer's tier."""
        text = super()._get_explanation()
        trace = self.trace or {}
        # sudo: the name alone
        tiers = self.env["crm.customer.tier"].sudo()
        tier = tiers.browse(trace.get("tier_id") or ()).exists()
        if not tier:
            return text
        return self.env._(
            "%(text)s The target is that of the tier “%(tier)s”; other customers have "
            "%(hours)s hours.",
            text=text,
            tier=tier.name,
            hours=f"{trace['usual_hours']:g}",
        )


class CrmLifecycleMixin(models.AbstractModel):
    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_get_tiers(self):
        """Hook: the tier of the customer each record is about.

        :return: ``{record: crm.customer.tier}``
        """
        # sudo: a target or rule holds, whoever looks
        return dict.fromkeys(self, self.env["crm.customer.tier"].sudo())


class CrmCustomerTier(models.Model):
    _inherit = "crm.customer.tier"

    sla_line_ids = fields.One2many("crm.sla.policy.tier", "tier_id", "Time Limits")

    @api.model
    def _follow_changes(self, changes):
        result = super()._follow_changes(changes)
        timers = self.env["crm.sla.timer"].sudo()  # sudo: kept by the engine alone
        timers._follow_tiers(timers._get_of_customers_domain(changes.partner_id))
        return result
