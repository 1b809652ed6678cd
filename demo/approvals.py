"""Quotations beyond what a salesperson may give away."""

from odoo.fields import Command

from .exceptions import date_request

REASON = "Three-year contract for all branches; the competitor is at 20 %."


def load(story):
    """One quotation is being decided in parallel, another has been sent."""
    roles = ("crm_lifecycle_suite.role_product", "crm_lifecycle_suite.role_finance")
    roles = [*map(story.env.ref, (*roles, "crm_lifecycle.role_management"))]
    story.env["crm.approval.rule"].create(
        {
            "name": "Discounts beyond 15 %: product, finance and management at once",
            "kind": "quotation",
            "is_discount_limited": True,
            "discount_limit": 15.0,
            "line_ids": [
                Command.create(
                    {"approver_type": "role", "role_id": role.id, "sequence": number}
                )
                for number, role in enumerate(roles)
            ],
        }
    )
    waiting = _quote(story, "Regional distribution", "luis", 22, 40)
    _ask(story, waiting, 5, {"priya": "The machines still earn at this price."})
    sent = _quote(story, "连锁门店咖啡豆供应", "meiling", 18, 60)
    agreed = {"priya": "", "tomas": "Paid in 14 days.", "helena": "Go ahead."}
    _ask(story, sent, 26, agreed)
    sent.action_quotation_sent()


def _quote(story, title, login, discount, quantity):
    """A quotation of an opportunity, whose company becomes a customer by it."""
    lead = story.find_lead(title)
    lead._handle_partner_assignment(create_missing=True)
    lead.date_deadline = story.ago(days=-12).date()
    products = [story.products[f"product_{key}"] for key in ("beans", "filter")]
    return story.env["sale.order"].create(
        {
            "partner_id": lead.partner_id.id,
            "opportunity_id": lead.id,
            "user_id": story.users[login].id,
            "team_id": story.teams[login].id,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": quantity,
                        "discount": discount,
                    }
                )
                for product in products
            ],
        }
    )


def _ask(story, order, hours, comments):
    """Ask for the approval, and let some agree."""
    order.with_user(order.user_id).request_approval(REASON)
    request = order.approval_request_id
    date_request(story, request, story.ago(hours=hours))
    for login, comment in comments.items():
        request.with_user(story.users[login])._decide(True, comment)
