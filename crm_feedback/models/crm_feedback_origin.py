from odoo import api, fields, models
from odoo.tools import email_normalize


class CrmFeedback(models.Model):
    """Where a feedback came from, who sent it, and what it is about."""

    _inherit = "crm.feedback"

    channel = fields.Selection(
        [
            ("phone", "Phone"),
            ("visit", "Visit"),
            ("chat", "Chat"),
            ("mail", "E-mail"),
            ("web", "Web Form"),
            ("portal", "Portal"),
            ("survey", "Survey"),
            ("other", "Other"),
        ],
        required=True,
        default="phone",
        help="How it reached us.",
    )
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        "Related Order",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        "Related Lead",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    sender_name = fields.Char(help="How somebody signed who is no known contact.")
    sender_email = fields.Char("Sender's E-mail", index="btree_not_null")
    mail_to = fields.Char("E-mail of the Customer", compute="_compute_mail_to")

    @api.depends("partner_id.email", "sender_email")
    def _compute_mail_to(self):
        for feedback in self:
            feedback.mail_to = email_normalize(
                feedback.partner_id.email or feedback.sender_email or ""
            )
