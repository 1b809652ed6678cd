from odoo.tests import tagged

from ..exceptions import MoveRefused
from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestRequirementDialog(RequirementCommon):
    """What the dialog gets to let the user go on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requirement = cls._require(field_paths="phone", name="Phone known")

    def test_refusal_offers_the_fields_that_the_user_may_fill_in(self):
        self._require(field_paths="partner_id.vat,partner_id.country_id.phone_code")
        self.lead.partner_id = self.customer
        self._require(field_paths="create_date,lifecycle_stage_date,order_ids")
        self._require(
            "domain",
            name="In sight",
            domain="[('priority', '>', '1'), ('stage_id', '=', False),"
            " ('create_date.month_number', '=', 13)]",
        )
        forms = self._get_forms()
        self.assertEqual(
            forms,
            {
                ("crm.lead", self.lead.id): ["phone", "priority"],
                ("res.partner", self.customer.id): ["vat"],
            },
        )
        view = self.lead.with_user(self.seller).get_lifecycle_fill_view(
            ["phone", "tag_ids", "expected_revenue", "lifecycle_properties", "nope", 3]
        )
        arch = view["views"]["form"]["arch"]
        for text in (
            'name="phone" widget="phone"',
            'name="tag_ids" widget="many2many_tags"',
            'name="company_currency"',
            'name="lifecycle_stage_id"',
        ):
            self.assertIn(text, arch)
        self.assertNotIn("nope", arch)
        plain = self.env["crm.lead"].get_view(view_type="form")["arch"]
        self.assertIn("lifecycle_kit", plain, "the other views are as they were")

    def _get_forms(self):
        with self.assertRaises(MoveRefused) as caught, self.env.cr.savepoint():
            self.lead.with_user(self.seller).stage_id = self.pipeline_qualified
        details = caught.exception.context["lifecycle_refusal"]
        return {
            (form["model"], form["id"]): form["fields"] for form in details["forms"]
        }

    def test_refusal_of_required_things_tells_what_is_advised_as_well(self):
        self._require("step", is_hard=False)
        with self.assertRaises(MoveRefused) as caught:
            self.lead.with_user(self.seller).stage_id = self.pipeline_qualified
        details = caught.exception.context["lifecycle_refusal"]
        self.assertFalse(details["needs_reason"])
        (warned,) = details["warnings"]
        self.assertEqual(warned["reasons"], ["Missing: Next step planned."])

    def test_checklist_leads_to_what_the_user_may_fill_in(self):
        self._require(
            "domain",
            name="Reachable",
            domain="['|', ('email_from', '!=', False), ('order_ids', '!=', False)]",
        )
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        self.assertEqual(
            [line["fields"] for line in kit["requirements"]],
            [["phone"], ["email_from"]],
        )
