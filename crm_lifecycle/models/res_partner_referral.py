from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Who has been recommended by this customer."""

    _inherit = "res.partner"

    lifecycle_referral_count = fields.Integer(
        "Referrals",
        compute="_compute_lifecycle_referral_count",
        groups="crm_lifecycle.group_crm_lifecycle_user",
        help="Leads that came by a recommendation of the customer or its contacts.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lifecycle_referral_count(self):
        # won and lost ones count as well
        leads = self.env["crm.lead"].with_context(active_test=False)
        rows = leads._read_group(
            Domain(
                "lifecycle_referrer_id.commercial_partner_id",
                "in",
                self.commercial_partner_id.ids,
            ),
            ["lifecycle_referrer_id"],
            ["__count"],
        )
        counts = dict.fromkeys(self.commercial_partner_id, 0)
        for referrer, count in rows:
            counts[referrer.commercial_partner_id] += count
        for partner in self:
            partner.lifecycle_referral_count = counts.get(
                partner.commercial_partner_id, 0
            )

    def action_view_referrals(self):
        """The leads that came by a recommendation of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        return dict(
            action,
            name=self.env._("Referrals"),
            domain=list(self._get_referral_domain()),
            context={"active_test": False, "default_lifecycle_referrer_id": self.id},
        )

    def _get_referral_domain(self):
        return Domain(
            "lifecycle_referrer_id", "child_of", self.commercial_partner_id.id
        )

    def _lifecycle_get_profile_sections(self):
        sections = super()._lifecycle_get_profile_sections()
        labels = dict(
            self.env["crm.lead"]._fields["won_status"]._description_selection(self.env)
        )
        looks = {"won": "success", "lost": "danger", "pending": "info"}
        section = self._lifecycle_get_profile_section(
            "crm.lead",
            self._get_referral_domain() & Domain("active", "in", [True, False]),
            lambda lead: {
                "name": lead.partner_id.name or lead.partner_name or lead.name,
                "detail": lead.user_id.name,
                "badge": labels.get(lead.won_status),
                "look": looks.get(lead.won_status),
            },
            key="referrals",
            title=self.env._("Referrals"),
            icon="fa-bullhorn",
            sequence=45,
            order="create_date desc, id desc",
        )
        return [*sections, section] if section and section["count"] else sections
