from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LifecycleCommon

READ = "r"
ALL = "rwcu"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
# who may do what: model → rights of user, team manager, process manager
MATRIX = {
    "crm.lifecycle.process": (READ, READ, ALL),
    "crm.lifecycle.stage": (READ, READ, ALL),
    "crm.lifecycle.transition": (READ, READ, ALL),
    "crm.lifecycle.requirement": (READ, READ, ALL),
    "crm.lifecycle.property": (READ, READ, ALL),
    "crm.lifecycle.revision": (READ, READ, READ),
    "crm.lifecycle.visit": (READ, READ, READ),
    "crm.lifecycle.comment": (ALL, ALL, ALL),
    "crm.lifecycle.review": (READ, READ, ALL),
    "crm.lifecycle.suggestion": (READ, READ, ALL),
    "crm.lifecycle.handover": (READ, READ, READ),
    "crm.lifecycle.handover.return": (ALL, ALL, ALL),
    "crm.lifecycle.return.reason": (READ, READ, ALL),
    "crm.customer.metrics": (READ, READ, READ),
    "crm.lifecycle.import": ("", "", ALL),
    "crm.lifecycle.relocate": ("", "", ALL),
    "crm.lifecycle.relocate.line": ("", "", ALL),
}


@tagged("post_install", "-at_install")
class TestAccess(LifecycleCommon):
    def _leave_out_rights_of_other_addons(self):
        """What an addon above allows in addition is its own business."""
        own = self.env["ir.model.data"].search(
            [("model", "=", "ir.model.access"), ("module", "=", "crm_lifecycle")]
        )
        self.env["ir.model.access"].search(
            [
                ("model_id.model", "in", list(MATRIX)),
                ("id", "not in", own.mapped("res_id")),
            ]
        ).active = False

    def test_rights_are_as_in_the_table(self):
        self._leave_out_rights_of_other_addons()
        users = (self.seller, self.leader, self.manager)
        for model_name, rights in MATRIX.items():
            for user, allowed in zip(users, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(
                        model=model_name, user=user.name, operation=operation
                    ):
                        model = self.env[model_name].with_user(user)
                        self.assertEqual(model.has_access(operation), letter in allowed)

    def test_employees_outside_sales_see_no_history(self):
        outsider = self._new_user("outsider")
        self.customer._lifecycle_move(self.active)
        for model_name in (
            "crm.lifecycle.process",
            "crm.lifecycle.visit",
            "crm.customer.metrics",
        ):
            with self.assertRaises(AccessError):
                self.env[model_name].with_user(outsider).search([])
        contact = self.customer.with_user(outsider)
        self.assertEqual(
            contact.lifecycle_stage_id.name, "Active", "contacts stay readable"
        )
        self.assertTrue(
            contact.web_read({"lifecycle_stage_id": {"fields": {"display_name": {}}}})
        )

    def test_employees_outside_sales_work_with_contacts_but_see_no_figures(self):
        outsider = self._new_user("outsider", "base.group_partner_manager")
        partners = self.env["res.partner"].with_user(outsider)
        view = partners.get_view(self.env.ref("base.view_partner_form").id, "form")
        self.assertNotIn("lifecycle_path", view["arch"])
        partner = partners.create({"name": "By an outsider"})
        partner.parent_id = self.customer
        for name in ("lifecycle_purchase_count", "lifecycle_visit_count"):
            self.assertNotIn(name, partners.fields_get())
            with self.assertRaises(AccessError):
                partner.read([name])

    def test_history_of_another_company_is_hidden(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        theirs._lifecycle_move(self.active)
        visits = self.env["crm.lifecycle.visit"].with_user(self.manager)
        self.assertFalse(visits.search([("partner_id", "=", theirs.id)]))
        process = self.process.copy({"name": "Of others", "company_id": other.id})
        processes = self.env["crm.lifecycle.process"].with_user(self.manager)
        self.assertNotIn(process, processes.search([]))
        self.manager.company_ids |= other
        allowed = [self.env.company.id, other.id]
        visits = visits.with_context(allowed_company_ids=allowed)
        self.assertTrue(visits.search([("partner_id", "=", theirs.id)]))
