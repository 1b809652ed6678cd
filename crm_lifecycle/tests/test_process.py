from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LifecycleCommon


class ProcessCommon(LifecycleCommon):
    def _new_draft(self):
        action = self.process.with_user(self.manager).action_new_draft()
        return (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )


@tagged("post_install", "-at_install")
class TestProcess(ProcessCommon):
    def test_running_process_is_changed_through_a_draft_only(self):
        managed = self.process.with_user(self.manager)
        for change in (
            lambda: managed.stage_ids[0].write({"name": "Changed"}),
            lambda: managed.stage_ids.create(
                {"process_id": managed.id, "name": "More"}
            ),
            lambda: managed.transition_ids[0].write({"trigger": "auto"}),
            lambda: managed.transition_ids[0].unlink(),
        ):
            with self.assertRaises(UserError) as error:
                change()
            self.assertIn("New Draft", str(error.exception))

    def test_status_is_not_written_past_the_actions(self):
        draft = self.process.copy({"name": "Sneaky"}).with_user(self.manager)
        running = self.process.with_user(self.manager)
        for change in (
            lambda: draft.write({"state": "published"}),
            lambda: draft.create({"name": "Born running", "state": "published"}),
            lambda: draft.write({"draft_of_id": running.id}),
            lambda: running.write({"strict": True}),
            lambda: running.write({"is_template": True}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_those_who_only_watch_cannot_publish_or_retire(self):
        draft = self.process.copy({"name": "Draft", "team_ids": self.team.ids})
        running = self.process.with_user(self.leader)
        for action in (
            draft.with_user(self.leader).action_publish,
            draft.with_user(self.leader).action_use_template,
            running.action_retire,
            running.action_new_draft,
            self.active.with_user(self.leader).action_move_records,
        ):
            with self.assertRaises(AccessError):
                action()

    def test_records_of_another_company_keep_a_process_from_being_archived(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        theirs._lifecycle_move(self.dormant)
        process = self.process.with_user(self.manager)
        self.assertFalse(process.record_count)
        with self.assertRaisesRegex(UserError, "still stand"):
            process.action_archive()

    def test_owner_of_a_stage_may_change_while_it_runs(self):
        stage = self.process.stage_ids[0].with_user(self.manager)
        stage.user_id = self.seller
        self.assertEqual(stage.user_id, self.seller)

    def test_published_draft_becomes_the_next_revision_and_records_stay(self):
        self.customer._lifecycle_move(self.active)
        number = self.process.revision_id.number
        draft = self._new_draft()
        draft.stage_ids.filtered(lambda s: s.key == "customer_active").name = "Loyal"
        self.env["crm.lifecycle.stage"].with_user(self.manager).create(
            {"process_id": draft.id, "name": "VIP", "sequence": 25}
        )
        self.assertEqual(
            self.active.name, "Active", "nothing runs before it is published"
        )
        action = draft.action_publish()
        self.assertEqual(action["res_id"], self.process.id)
        self.assertEqual(self.active.name, "Loyal")
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        self.assertEqual(self.process.revision_id.number, number + 1)
        self.assertFalse(draft.exists())
        summary = self.process.revision_id.change_summary
        self.assertIn("VIP", summary)
        self.assertIn("Loyal", summary)

    def test_publishing_keeps_what_is_known_of_earlier_stays(self):
        lead = self._new_leads()
        lead.stage_id = self.pipeline_qualified
        move = self._visits(lead)[-1].transition_id
        self.assertTrue(move)
        self._new_draft().action_publish()
        self.assertEqual(self._visits(lead)[-1].transition_id, move)

    def test_published_stage_that_disappears_asks_where_its_records_go(self):
        self.customer._lifecycle_move(self.dormant)
        draft = self._new_draft()
        draft.stage_ids.filtered(lambda s: s.key == "customer_dormant").unlink()
        action = draft.action_publish()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        self.assertEqual(wizard.line_ids.stage_id, self.dormant)
        with self.assertRaisesRegex(UserError, "Choose where"):
            wizard.action_apply()
        wizard.line_ids.target_id = self.lost
        wizard.action_apply()
        self.assertEqual(self._path(self.customer), ["Dormant", "Lost Customer"])
        self.assertEqual(self._visits(self.customer)[-1].origin, "migration")
        self.assertFalse(self.dormant.active, "its history stays readable")
        self.assertNotIn(self.dormant, self.process.stage_ids)

    def test_stage_in_use_cannot_be_deleted_or_archived(self):
        self.customer._lifecycle_move(self.dormant)
        for change in (self.dormant.unlink, self.dormant.action_archive):
            with self.assertRaises(UserError) as error:
                change()
            self.assertIn(
                "1 leads or customers stand in “Dormant”", str(error.exception)
            )

    def test_removing_a_stage_from_a_running_process_moves_its_records(self):
        self.customer._lifecycle_move(self.dormant)
        action = self.dormant.with_user(self.manager).action_move_records()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        wizard.line_ids.target_id = self.active
        wizard.action_apply()
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        self.assertFalse(self.dormant.active)

    def test_process_with_history_cannot_be_deleted(self):
        self.customer._lifecycle_move(self.dormant)
        with self.assertRaisesRegex(UserError, "Retire it instead"):
            self.process.unlink()

    def test_process_with_records_cannot_be_archived(self):
        self.customer._lifecycle_move(self.dormant)
        with self.assertRaisesRegex(UserError, "still stand"):
            self.process.action_archive()

    def test_endless_circle_of_automatic_moves_is_refused_with_its_stages(self):
        draft = self._new_draft()
        first, second = draft.stage_ids.filtered(lambda s: s.phase == "customer")[-2:]
        draft.transition_ids.unlink()
        self.env["crm.lifecycle.transition"].with_user(self.manager).create(
            [
                {"source_id": first.id, "target_id": second.id, "trigger": "auto"},
                {
                    "source_id": second.id,
                    "target_id": first.id,
                    "trigger": "auto",
                    "domain": "[('name', '!=', False)]",
                },
            ]
        )
        with self.assertRaisesRegex(UserError, "in a circle without end: .*Dormant"):
            draft.action_publish()

    def test_move_to_a_stage_of_another_process_is_refused(self):
        draft = self.process.copy({"name": "Draft"})
        with self.assertRaisesRegex(ValidationError, "belongs to “Customer Lifecycle”"):
            self.env["crm.lifecycle.transition"].create(
                {"source_id": draft.stage_ids[0].id, "target_id": self.active.id}
            )

    def test_owner_must_be_a_working_employee(self):
        leaver = self._new_user("leaver")
        leaver.active = False
        portal = self.env["res.users"].create(
            {
                "name": "Portal Paula",
                "login": "lifecycle_portal",
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        for user, words in ((leaver, "is archived"), (portal, "must be an employee")):
            for record in (self.process, self.active):
                with self.assertRaises(ValidationError) as error:
                    record.user_id = user
                self.assertIn(words, str(error.exception))

    def test_team_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        team = self.env["crm.team"].create({"name": "Theirs", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "Other Company"):
            self.process.copy({"company_id": self.env.company.id, "team_ids": team.ids})

    def test_history_and_revisions_cannot_be_written_by_anybody(self):
        self.customer._lifecycle_move(self.active)
        visit = self._visits(self.customer).with_user(self.manager)
        for change in (
            lambda: visit.write({"reason": "Forged"}),
            visit.unlink,
            lambda: visit.create(
                {"stage_id": self.new.id, "process_id": self.process.id}
            ),
            lambda: visit.revision_id.write({"note": "Forged"}),
            visit.revision_id.unlink,
        ):
            with self.assertRaises(AccessError):
                change()
        with self.assertRaises(UserError):
            self.process.revision_id.sudo().definition = {}

    def test_template_is_used_but_never_run(self):
        template = self.process.copy({"name": "Template", "is_template": True})
        with self.assertRaisesRegex(UserError, "Use Template"):
            template.action_publish()
        action = template.with_user(self.manager).action_use_template()
        process = self.env["crm.lifecycle.process"].browse(action["res_id"])
        self.assertEqual(
            process.stage_ids.mapped("name"), template.stage_ids.mapped("name")
        )
        self.assertEqual((process.state, process.is_template), ("draft", False))
