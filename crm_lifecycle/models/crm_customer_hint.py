from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmCustomerHint(models.Model):
    """What similar customers have bought and this one has not.

    ``crm_customer_hint_query.py`` says how it is found, once a night and on demand.
    A hint is a proposal: somebody makes an opportunity of it, or puts it aside, and it
    is not made a second time.
    """

    _name = "crm.customer.hint"
    _description = "Cross-Sell Hint"
    _log_access = False
    _rec_name = "product_tmpl_id"
    _order = "confidence DESC, support DESC, id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    basis = fields.Selection(
        [
            ("tier_industry", "Same industry and tier"),
            ("industry", "Same industry"),
            ("tier", "Same tier"),
        ],
        "Similar By",
        required=True,
        readonly=True,
    )
    peer_count = fields.Integer("Similar Customers", readonly=True, aggregator=None)
    support = fields.Integer(
        "Of Them Bought It",
        readonly=True,
        aggregator=None,
        help="How many of the similar customers have bought it.",
    )
    confidence = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Their share: how likely a customer like this one buys it.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    expected_amount = fields.Monetary(
        "Usual Amount",
        readonly=True,
        help="What a similar customer has spent on it in an order, on average.",
    )
    state = fields.Selection(
        [
            ("open", "Proposed"),
            ("offered", "Opportunity"),
            ("dismissed", "Put Aside"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    decided_by_id = fields.Many2one(
        "res.users", "Decided By", readonly=True, ondelete="set null"
    )
    reason = fields.Char("Why", compute="_compute_reason")
    user_id = fields.Many2one(related="partner_id.user_id")
    customer_tier_id = fields.Many2one(related="partner_id.customer_tier_id")
    customer_tier_color = fields.Integer(related="partner_id.customer_tier_color")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    categ_id = fields.Many2one(related="product_tmpl_id.categ_id")

    _customer_product_uniq = models.UniqueIndex(
        "(partner_id, company_id, product_tmpl_id)"
    )

    @api.depends("basis", "peer_count", "support", "partner_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for hint in self:
            # sudo: names alone, of what the customer is shown with
            customer = hint.partner_id.sudo()
            industry, tier = customer.industry_id.name, customer.customer_tier_id.name
            names = {"industry": [industry], "tier": [tier]}
            alike = names.get(hint.basis, [industry, tier])
            hint.reason = self.env._(
                "%(support)s of %(peers)s similar customers (%(alike)s) have "
                "bought it.",
                support=hint.support,
                peers=hint.peer_count,
                alike=", ".join(filter(None, alike)) or "–",
            )

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_create_opportunity(self):
        """Make an opportunity of each hint, or open the one there is.

        It belongs to the salesperson of the customer.

        :return: the action that opens it, or them
        :raise UserError: the customer waits in a pool
        """
        self.check_access("read")
        leads = self.env["crm.lead"]
        leads.check_access("create")
        # sudo: it is made for the salesperson of the customer, who may be another
        hints = self.sudo().try_lock_for_update()
        for hint in hints.filtered(lambda h: not h.lead_id):
            if hint.partner_id.lifecycle_pool_id:
                raise UserError(
                    self.env._(
                        "“%s” waits in a pool: claim the customer first.",
                        hint.partner_id.display_name,
                    )
                )
            lead = leads.sudo().create(hint._prepare_opportunity())  # sudo: as above
            hint._decide("offered", lead)
        return self._open_opportunities()

    def _open_opportunities(self):
        """The action that opens what the user may see, or says who has got it."""
        made = self.sudo().lead_id  # sudo: may belong to somebody else
        leads = self.env["crm.lead"].browse(made.ids)._filtered_access("read")
        if len(leads) == 1:
            return leads.get_formview_action()
        if leads:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "crm.crm_lead_opportunities"
            )
            return dict(action, domain=[("id", "in", leads.ids)], context={})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "The opportunity was given to %s.",
                    ", ".join(made.user_id.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_dismiss(self):
        """Put the hints aside: they are not proposed again."""
        self.check_access("read")
        self.filtered(lambda hint: hint.state == "open")._decide("dismissed")

    def action_reopen(self):
        """Propose again what was put aside."""
        self.check_access("read")
        self.filtered(lambda hint: hint.state == "dismissed")._decide("open")

    def _decide(self, state, lead=None):
        # sudo: hints are written by the engine alone
        self.sudo().write(
            {
                "state": state,
                "lead_id": lead and lead.id,
                "decided_by_id": self.env.uid if state != "open" else False,
            }
        )

    def _prepare_opportunity(self):
        self.ensure_one()
        customer = self.partner_id
        owner = customer.user_id.filtered("active") or self.env.user
        return {
            "name": self.env._(
                "%(product)s for %(customer)s",
                product=self.product_tmpl_id.name,
                customer=customer.name,
            ),
            "type": "opportunity",
            "partner_id": customer.id,
            "company_id": self.company_id.id,
            "user_id": owner.id,
            "expected_revenue": self.expected_amount,
            "description": Markup("<p>%s</p>") % self.reason,
        }

    @api.model
    def _get_open_domain(self):
        """The definition of a hint that waits for a decision."""
        return Domain("state", "=", "open")
