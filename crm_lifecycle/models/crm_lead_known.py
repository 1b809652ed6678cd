from odoo import api, fields, models
from odoo.fields import Domain

SHOWN = 5


class CrmLead(models.Model):
    """Who of us knows this customer already: said before anybody gets in touch.

    The owner is named to everybody who works on the lead; what that colleague works on
    only to those who may read it.
    """

    _inherit = "crm.lead"

    lifecycle_known_owners = fields.Text(
        "Already Known to",
        compute="_compute_lifecycle_known_owners",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.depends("email_from", "phone", "partner_id", "user_id")
    @api.depends_context("uid", "lang")
    def _compute_lifecycle_known_owners(self):
        for lead in self:
            customers = lead._lifecycle_find_known("res.partner")
            found = [*lead._lifecycle_find_known("crm.lead")]
            found += customers.filtered(
                lambda partner, known=customers: partner.parent_id not in known
            )
            lines = [lead._lifecycle_describe_known(record) for record in found[:SHOWN]]
            lead.lifecycle_known_owners = "\n".join(lines) or False

    def _lifecycle_find_known(self, model_name):
        """Records of colleagues with the same mail, phone, company or tax number.

        :param str model_name: ``crm.lead`` or ``res.partner``
        """
        self.ensure_one()
        company = self.partner_id.commercial_partner_id
        same = Domain.FALSE
        for name, value in (
            ("email_normalized", self.email_normalized),
            ("phone_sanitized", self.phone_sanitized),
        ):
            if value:
                same |= Domain(name, "=", value)
        if model_name == "crm.lead":
            # sudo: colleagues' leads count, whoever asks
            records = self.env["crm.lead"].sudo()
            if company:
                same |= Domain("partner_id.commercial_partner_id", "=", company.id)
            same &= records._lifecycle_get_poolable_domain()
            same &= Domain("id", "!=", self._origin.id)
        else:
            records = self.env["res.partner"].sudo()  # sudo: as above
            if company:
                same |= Domain("id", "=", company.id)
            if company.vat:
                same |= Domain("vat", "=", company.vat)
            same &= Domain("active", "=", True)
        others = Domain("user_id", "not in", [False, self.user_id.id])
        companies = Domain("company_id", "in", [False, self.company_id.id])
        if not self.company_id:
            companies = Domain("company_id", "in", [False, *self.env.companies.ids])
        return records.search(same & others & companies, limit=SHOWN)

    def _lifecycle_describe_known(self, record):
        owner = record.user_id.name
        if not record.sudo(False).has_access("read"):
            if record._name == "crm.lead":
                return self.env._("%s works on a lead of this customer.", owner)
            return self.env._("%s is in charge of this customer.", owner)
        if record._name == "crm.lead":
            return self.env._(
                "%(owner)s works on the lead “%(lead)s”.",
                owner=owner,
                lead=record.name,
            )
        return self.env._(
            "%(owner)s is in charge of the customer “%(customer)s”.",
            owner=owner,
            customer=record.display_name,
        )
