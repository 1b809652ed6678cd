from odoo.tests import HttpCase, tagged

from .test_quotation import QuotationCommon


@tagged("post_install", "-at_install")
class TestApprovalUi(QuotationCommon, HttpCase):
    """Asked by one, approved by others, in their browsers."""

    def _inbox(self, user):
        self.start_tour(
            "/odoo/lifecycle-approvals", "crm_lifecycle_approve_tour", login=user.login
        )

    def test_exception_is_asked_for_and_approved_by_another_user(self):
        self._new_rule(self.director)
        self.start_tour(
            f"/odoo/crm/{self.lead.id}",
            "crm_lifecycle_exception_ask_tour",
            login=self.seller.login,
        )
        self._inbox(self.director)
        self.env.invalidate_all()
        self.assertEqual(self.lead.lifecycle_stage_id, self.won)
        self.assertFalse(self.lead.lifecycle_exception_flag)

    def test_quotation_beyond_the_limit_is_asked_approved_confirmed(self):
        url = f"/odoo/sales/{self.order.id}"
        self.start_tour(
            url, "crm_lifecycle_quotation_ask_tour", login=self.seller.login
        )
        for user in self.approvers:
            self._inbox(user)
        self.start_tour(
            url, "crm_lifecycle_quotation_confirm_tour", login=self.seller.login
        )
        self.env.invalidate_all()
        self.assertEqual(self.order.state, "sale")
