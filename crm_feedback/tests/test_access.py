from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FeedbackCommon

OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccess(FeedbackCommon):
    def test_the_table_of_rights(self):
        portal = self._new_user("portal")
        portal.group_ids = self.env.ref("base.group_portal")
        everything, nothing = set(OPERATIONS), set()
        work = {"read", "write", "create"}
        table = {
            ("crm.feedback", self.clerk): nothing,
            ("crm.feedback", portal): nothing,
            ("crm.feedback", self.agent): work,
            ("crm.feedback", self.leader): work,
            ("crm.feedback", self.manager): everything,
            ("crm.feedback.category", self.clerk): nothing,
            ("crm.feedback.category", portal): nothing,
            ("crm.feedback.category", self.agent): {"read"},
            ("crm.feedback.category", self.leader): {"read"},
            ("crm.feedback.category", self.manager): everything,
            ("crm.feedback.intake.log", self.manager): nothing,
        }
        for model in ("crm.feedback.route", "crm.feedback.cause"):
            table[model, self.clerk] = table[model, portal] = nothing
            table[model, self.agent] = table[model, self.leader] = {"read"}
            table[model, self.manager] = everything
        for user, allowed in (
            (self.clerk, nothing),
            (portal, nothing),
            (self.agent, work),
            (self.leader, work),
            (self.manager, everything),
        ):
            table["crm.feedback.measure", user] = allowed
        for (model, user), allowed in table.items():
            with self.subTest(model=model, user=user.login):
                records = self.env[model].with_user(user)
                self.assertEqual(
                    {op for op in OPERATIONS if records.has_access(op)}, allowed
                )

    def test_which_records_each_sees_and_changes(self):
        own = self._new_feedback()
        nobodys = self._new_unassigned()
        followed = self._new_unassigned(user_id=self.colleague.id)
        followed.message_subscribe(self.agent.partner_id.ids)
        foreign = self._new_unassigned(user_id=self.colleague.id)
        everything = own.sudo() | nobodys | followed | foreign
        for user, seen, changed in (
            (self.agent, own | nobodys | followed, own | nobodys),
            (self.leader, everything, everything),
            (self.manager, everything, everything),
        ):
            with self.subTest(user=user.login):
                records = everything.with_user(user)
                self.assertEqual(records._filtered_access("read").sudo(), seen.sudo())
                self.assertEqual(
                    records._filtered_access("write").sudo(), changed.sudo()
                )
                found = records.search([("id", "in", everything.ids)])
                self.assertEqual(set(found.ids), set(seen.ids))

    def test_a_foreign_feedback_is_closed_to_all_ways_in(self):
        foreign = self._new_unassigned(user_id=self.colleague.id).with_user(self.agent)
        for call in (
            lambda: foreign.read(["name"]),
            lambda: foreign.write({"state": "new"}),
            lambda: foreign.write({"user_id": self.agent.id}),
            lambda: foreign.action_assign_to_me(),
            lambda: foreign.action_solve(),
            lambda: foreign.copy(),
            lambda: foreign.message_post(body="Hello"),
        ):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                call()
        found = foreign.search_count([("id", "=", foreign.id)])
        self.assertFalse(found)
        self.assertFalse(foreign.name_search(foreign.sudo().number))

    def test_what_is_recorded_for_a_colleague_stays_in_sight(self):
        model = self.env["crm.feedback"].with_user(self.colleague)
        values = {"name": "A chair is broken", "partner_id": self.contact.id}
        result = model.web_save(
            values, {"name": {}, "user_id": {"fields": {"name": {}}}}
        )
        self.assertEqual(result[0]["user_id"]["id"], self.agent.id)
        feedback = model.browse(result[0]["id"])
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            feedback.write({"severity": "low"})
        feedback.message_post(body="The customer called again.")

    def test_what_is_handed_over_stays_in_sight(self):
        feedback = self._new_unassigned().with_user(self.agent)
        result = feedback.web_save(
            {"user_id": self.colleague.id}, {"state": {}, "name": {}}
        )
        self.assertEqual(result[0]["state"], "assigned")

    def test_private_methods_are_not_for_clients(self):
        from odoo.service.model import get_public_method

        feedback = self._new_feedback()
        for name in ("_pass_gate", "_write_step", "_settle_new", "_leave_owners"):
            with self.assertRaises(AccessError):
                get_public_method(feedback, name)

    def test_only_managers_delete_new_feedback(self):
        feedback = self._new_unassigned()
        for user in (self.agent, self.leader):
            with self.assertRaises(AccessError):
                feedback.with_user(user).unlink()
        feedback.with_user(self.manager).unlink()
        self.assertFalse(feedback.exists())

    def test_employees_without_access_open_customers_and_leads(self):
        self._new_feedback()
        fields_seen = self.customer.with_user(self.clerk).fields_get()
        self.assertNotIn("feedback_count", fields_seen)
        self.customer.with_user(self.clerk).read(["name"])
