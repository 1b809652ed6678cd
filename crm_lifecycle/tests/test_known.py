from odoo.tests import Form, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestKnownOwners(LifecycleCommon):
    """Three colleagues do not write to the same customer without knowing it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._new_user("other", "sales_team.group_sale_salesman")
        cls.theirs = cls._new_leads(
            user_id=cls.other.id, email_from="Pat <pat@example.com>", name="Old hands"
        )

    def test_the_owner_of_a_lead_with_the_same_mail_is_shown(self):
        mine = self._new_leads(email_from="PAT@example.com")
        shown = mine.with_user(self.seller).lifecycle_known_owners
        self.assertIn(self.other.name, shown)
        self.assertNotIn("Old hands", shown, "others' leads are theirs")
        self.assertIn("Old hands", mine.with_user(self.manager).lifecycle_known_owners)

    def test_it_is_shown_before_the_lead_is_saved(self):
        with Form(
            self.env["crm.lead"].with_user(self.seller), "crm.crm_lead_view_form"
        ) as form:
            form.name = "Fresh"
            self.assertFalse(form.lifecycle_known_owners)
            form.email_from = "pat@example.com"
            self.assertIn(self.other.name, form.lifecycle_known_owners)

    def test_the_account_manager_is_shown_by_tax_number(self):
        self.customer.write({"vat": "BE0477472701", "user_id": self.other.id})
        twin = self.env["res.partner"].create(
            {"name": "Customer Incorporated", "vat": "BE0477472701"}
        )
        mine = self._new_leads(partner_id=twin.id).with_user(self.seller)
        self.assertIn("Customer Inc", mine.lifecycle_known_owners)
        self.assertIn(self.other.name, mine.lifecycle_known_owners)

    def test_own_lost_and_strange_records_are_not(self):
        self.theirs.action_set_lost()
        self._new_leads(email_from="pat@example.com")
        mine = self._new_leads(email_from="pat@example.com")
        self.assertFalse(mine.with_user(self.seller).lifecycle_known_owners)
        empty = self._new_leads()
        self.assertFalse(empty.with_user(self.seller).lifecycle_known_owners)
