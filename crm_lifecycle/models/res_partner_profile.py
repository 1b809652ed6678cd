from odoo import api, fields, models
from odoo.tools import format_amount, format_date


class ResPartner(models.Model):
    """Everything about a customer on one page."""

    _inherit = "res.partner"

    @api.readonly
    def get_lifecycle_profile(self):
        """What the profile of a customer shows, of what the user may see.

        :return: dict with ``head`` (stage, tier, salesperson), ``facts`` (a list of
            label, value, detail and trend), ``months`` of purchases, and ``sections``,
            see :meth:`_lifecycle_get_profile_sections`
        """
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        # for salespeople alone; raises for others
        self.env["crm.customer.metrics"].check_access("read")
        return {
            "head": customer._lifecycle_get_profile_head(),
            "facts": customer._lifecycle_get_profile_facts(),
            "currency_id": self.env.company.currency_id.id,
            "months": self.env["crm.customer.metrics"]._get_months(customer),
            "sections": sorted(
                customer._lifecycle_get_profile_sections(),
                key=lambda section: section["sequence"],
            ),
        }

    def action_view_lifecycle_profile(self):
        """Open the profile of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.res_partner_action_profile"
        )
        return dict(action, res_id=self.commercial_partner_id.id)

    # ------------------------------------------------------------
    # Who it is
    # ------------------------------------------------------------

    def _lifecycle_get_profile_head(self):
        stage = self.lifecycle_stage_id
        since = self.lifecycle_stage_date
        return {
            "name": self.display_name,
            "stage": stage.name or False,
            "stage_color": stage.color,
            "stage_since": since and format_date(self.env, since),
            "owner": self.user_id.name or False,
            "tags": [{"name": t.name, "color": t.color} for t in self.category_id],
            "industry": self.industry_id.name or False,
            "place": ", ".join(filter(None, [self.city, self.country_id.name])),
            "tier": self._lifecycle_get_profile_tier(),
        }

    def _lifecycle_get_profile_tier(self):
        """The tier, since when and why, and what may become of it."""
        tier = self.customer_tier_id
        if not tier:
            return False
        change = self.customer_tier_change_ids.sorted()[:1]
        if change.tier_id != tier:
            change = change.browse()
        watch = self.env["crm.customer.tier.watch"].search(
            [("partner_id", "=", self.id)]
        )
        ends = watch.date and fields.Date.add(watch.date, days=tier.grace_days)
        locked = self.customer_tier_is_locked and self.customer_tier_lock_date
        why = change.reason if locked else change.explanation
        return {
            "name": tier.display_name,
            "color": tier.color,
            "description": tier.description or False,
            "since": change.date and format_date(self.env, change.date),
            "why": why.split("\n") if why else [],
            "ends": ends and format_date(self.env, ends),
            "locked": locked and format_date(self.env, locked),
        }

    # ------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------

    def _lifecycle_get_profile_facts(self):
        """Hook: the figures of the customer.

        :return: list of dicts with ``key``, ``label``, ``value`` and, where there is
            one, ``detail``, ``trend`` (a share, 0.1 for ten percent more) and ``alarm``
        """
        rhythm = self.lifecycle_purchase_rhythm
        facts = [
            {
                "key": "revenue_12m",
                "label": self.env._("Revenue, 12 months"),
                "value": self._format_profile_amount(self.lifecycle_revenue_12m),
                "detail": self.env._(
                    "%s in all", self._format_profile_amount(self.lifecycle_revenue)
                ),
                "trend": self.lifecycle_revenue_previous_12m > 0
                and self.lifecycle_revenue_change,
            },
            {
                "key": "purchases",
                "label": self.env._("Purchases"),
                "value": str(self.lifecycle_purchase_count),
                "detail": rhythm
                and self.env._("usually every %s days", f"{rhythm:.0f}"),
            },
            self._lifecycle_get_profile_silence(),
            self._lifecycle_get_profile_contact(),
        ]
        return [*facts, *self._lifecycle_get_profile_overdue()]

    def _format_profile_amount(self, amount):
        return format_amount(self.env, amount, self.env.company.currency_id)

    def _lifecycle_get_profile_overdue(self):
        if not self.lifecycle_overdue_amount:
            return []
        return [
            {
                "key": "overdue",
                "label": self.env._("Overdue"),
                "value": self._format_profile_amount(self.lifecycle_overdue_amount),
                "detail": self.env._("for %s days", self.lifecycle_overdue_days),
                "alarm": True,
            }
        ]

    def _count_profile_days(self, date):
        today = fields.Date.context_today(self)
        return self.env["crm.customer.metrics"]._count_days(date, today)

    def _lifecycle_get_profile_silence(self):
        date = self.lifecycle_last_purchase_date
        silence = self._count_profile_days(date)
        rhythm = self.lifecycle_purchase_rhythm
        return {
            "key": "silence",
            "label": self.env._("Last purchase"),
            "value": format_date(self.env, date) if date else self.env._("Never"),
            "detail": date and self.env._("%s days ago", silence),
            "alarm": bool(date and rhythm and silence > 2 * rhythm),
        }

    def _lifecycle_get_profile_contact(self):
        date = self.lifecycle_last_contact_date
        return {
            "key": "contact",
            "label": self.env._("Last contact"),
            "value": format_date(self.env, date) if date else self.env._("Never"),
            "detail": date
            and self.env._("%s days ago", self._count_profile_days(date)),
        }
