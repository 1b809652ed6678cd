from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from .case import FeedbackCase


class FeedbackPortal(CustomerPortal):
    """The cases of a customer, for everybody of the customer's company."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "feedback_count" in counters:
            cases = self._get_feedback()
            values["feedback_count"] = cases.search_count(self._get_feedback_domain())
        return values

    def _get_feedback(self):
        # sudo: customers have no rights; the domain lets them see their own alone
        return request.env["crm.feedback"].sudo()

    def _get_feedback_domain(self):
        customer = request.env.user.partner_id.commercial_partner_id
        return [("commercial_partner_id", "=", customer.id)]

    @http.route(
        ["/my/feedback", "/my/feedback/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_feedback(self, page=1, filterby="all", **_kwargs):
        """The cases of the customer's company.

        :param filterby: "open" or "all"
        """
        domain = self._get_feedback_domain()
        if filterby == "open":
            domain = [*domain, ("is_open", "=", True)]
        cases = self._get_feedback()
        pages = pager(
            url="/my/feedback",
            url_args={"filterby": filterby},
            total=cases.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "cases": cases.search(
                    domain, limit=self._items_per_page, offset=pages["offset"]
                ),
                "page_name": "feedback",
                "pager": pages,
                "default_url": "/my/feedback",
                "filterby": filterby if filterby == "open" else "all",
                "searchbar_filters": {
                    "all": {"label": request.env._("All"), "domain": []},
                    "open": {"label": request.env._("Open"), "domain": []},
                },
                "states": FeedbackCase()._get_states(),
            }
        )
        return request.render("crm_feedback.portal_my_feedback", values)


class FeedbackPortalCase(FeedbackCase):
    @http.route(
        "/my/feedback/<int:case_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_my_case(self, case_id, **_kwargs):
        """One case: read it, answer, add files, say that it is settled."""
        domain = FeedbackPortal()._get_feedback_domain()
        cases = FeedbackPortal()._get_feedback()
        case = cases.search([*domain, ("id", "=", case_id)])
        if not case:
            return self._refuse()
        if request.httprequest.method == "POST":
            return self._take_answer(case)
        return self._show_case(case, page_name="feedback")
