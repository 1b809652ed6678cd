from odoo import api, fields, models, tools


class CrmCustomerTier(models.Model):
    """What customers of a tier are offered: prices, and mails to all of them."""

    _inherit = "crm.customer.tier"

    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Pricelist",
        ondelete="restrict",
        help="For customers of the tier who have no pricelist of their own.",
    )
    can_mail = fields.Boolean(compute="_compute_can_mail")

    @api.depends_context("uid")
    def _compute_can_mail(self):
        mailings = self._get_mailings()
        self.can_mail = mailings is not None and mailings.has_access("create")

    @api.model
    @tools.ormcache()
    def _get_pricelist_ids(self):
        """``{tier id: pricelist id}`` of the tiers that have one."""
        # sudo: tiers hold for everybody
        tiers = self.sudo().search([("pricelist_id", "!=", False)])
        return {tier.id: tier.pricelist_id.id for tier in tiers}

    @api.model
    def _get_mailings(self):
        """Odoo's mailings where they are installed, else ``None``."""
        return self.env.get("mailing.mailing")

    def action_create_mailing(self):
        """A draft of a mailing to everybody in the tier, whoever that is when it is
        sent; companies by their own address, and contacts of theirs."""
        self.ensure_one()
        mailing = self._get_mailings().create(self._prepare_mailing())
        return mailing.get_formview_action()

    def _prepare_mailing(self):
        domain = [("customer_tier_id", "=", self.id), ("email", "!=", False)]
        return {
            "subject": self.env._("News for our %s customers", self.name),
            "mailing_type": "mail",
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_domain": repr(domain),
        }


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """The pricelist of the tier comes after that of the customer, before that of
        the country."""
        found = super()._get_partner_pricelist_multi(partner_ids)
        tiers = self._get_tier_pricelists()
        if not tiers:
            return found
        # sudo: customers get the prices of a tier they do not know of
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        for partner in partners.with_context(active_test=False):
            pricelist = tiers.get(partner.customer_tier_id.id)
            own = partner.specific_property_product_pricelist
            if pricelist and not own._get_partner_pricelist_multi_filter_hook():
                found[partner.id] = pricelist
        return found

    @api.model
    def _get_tier_pricelists(self):
        """The pricelists of tiers that may be used in this company and feature.

        :return: ``{tier id: product.pricelist}``
        """
        known = self.env["crm.customer.tier"]._get_pricelist_ids()
        if not known or not self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        ):
            return {}
        usable = (False, self.env.company)
        # sudo: tiers hold for everybody
        pricelists = self.sudo().browse(known.values())
        pricelists = pricelists._get_partner_pricelist_multi_filter_hook()
        return {
            tier_id: self.browse(pricelist_id)
            for tier_id, pricelist_id in known.items()
            if pricelist_id in pricelists.ids
            and (pricelists.browse(pricelist_id).company_id or False) in usable
        }
