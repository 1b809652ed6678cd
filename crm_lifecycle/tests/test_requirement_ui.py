from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestRequirementUi(RequirementCommon, HttpCase):
    @mute_logger("odoo.http")
    def test_seller_fills_in_what_is_missing_and_goes_on(self):
        self._require(field_paths="phone", name="Phone known")
        self.env["crm.lifecycle.property"].sudo().create(
            {
                "stage_id": self.following.id,
                "name": "Cups a day",
                "kind": "integer",
                "key": "cups",
            }
        )
        self._require(
            stage=self.following,
            field_paths="lifecycle_properties.cups",
            name="Cups counted",
        )
        self._require("document", stage=self.proposition, is_hard=False)
        self.start_tour(
            "/odoo/action-crm.crm_lead_action_pipeline",
            "crm_lifecycle_requirement_tour",
            login=self.seller.login,
        )
        self.assertEqual(
            self._path(self.lead), ["New", "Qualified", "Proposition", "Won"]
        )
        last = self._visits(self.lead)[-1]
        self.assertEqual(last.reason, "He signs on paper")
        self.assertEqual(last.warning, "Missing: Document attached.")
        self.assertEqual(self.lead.phone, "+32 2 555 12 34")
        self.assertEqual(self.lead.lifecycle_properties._values, {"cups": 40})

    @mute_logger("odoo.http")
    def test_seller_drags_a_customer_and_fills_in_what_is_missing(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        self._require(stage=self.new, field_paths="vat")
        customer = self.env["res.partner"].create(
            {
                "name": "Tour Inc",
                "is_company": True,
                "user_id": self.seller.id,
                "country_id": self.env.ref("base.be").id,
            }
        )
        customer._lifecycle_move(self.new)
        self.start_tour(
            "/odoo/lifecycle-customers",
            "crm_lifecycle_requirement_customer_tour",
            login=self.seller.login,
        )
        self.assertEqual(customer.lifecycle_stage_id, self.dormant)
        self.assertEqual(customer.vat, "BE0477472701")

    def test_manager_draws_a_requirement_and_a_field_in_a_draft(self):
        number = self.process.revision_id.number
        self.start_tour(
            f"/odoo/lifecycle-processes/{self.process.id}",
            "crm_lifecycle_requirement_draft_tour",
            login=self.manager.login,
        )
        self.assertEqual(self.following.requirement_ids.name, "Reachable")
        self.assertEqual(self.following.requirement_ids.field_paths, "phone")
        self.assertEqual(self.following.property_ids.name, "Machines needed")
        self.assertEqual(self.process.revision_id.number, number + 1)


@tagged("post_install", "-at_install")
class TestRequirementMobile(RequirementCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    @mute_logger("odoo.http")
    def test_seller_goes_on_by_the_phone(self):
        self._require(field_paths="phone", name="Phone known")
        self.start_tour(
            f"/odoo/crm.lead/{self.lead.id}",
            "crm_lifecycle_requirement_mobile_tour",
            login=self.seller.login,
        )
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)
