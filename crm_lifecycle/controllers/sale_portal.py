from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class ApprovalPortal(CustomerPortal):
    """A link to a quotation sends it too: customers wait until it is released."""

    def _get_held_quotation(self, order_id, access_token):
        """The quotation when a customer must not see it yet; else None.

        Who may not see it at all gets Odoo's own answer.
        """
        if not request.env.user.share:
            return None
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return None
        return order_sudo if order_sudo._approval_is_held() else None

    def _render_held_quotation(self, order_sudo):
        return request.render(
            "crm_lifecycle.quotation_not_available",
            {"sale_order": order_sudo, "page_name": "quote"},
        )

    @http.route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        if order_sudo := self._get_held_quotation(order_id, access_token):
            return self._render_held_quotation(order_sudo)
        return super().portal_order_page(order_id, access_token=access_token, **kwargs)

    @http.route()
    def portal_my_sale_order_download_edi(
        self, order_id=None, access_token=None, **kwargs
    ):
        if order_sudo := self._get_held_quotation(order_id, access_token):
            return self._render_held_quotation(order_sudo)
        return super().portal_my_sale_order_download_edi(
            order_id=order_id, access_token=access_token, **kwargs
        )
