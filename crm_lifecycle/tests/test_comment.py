from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestComment(LifecycleCommon):
    """Opinions on the stages of the chart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_leads()
        cls.stage = cls.lead.lifecycle_stage_id
        cls.lead.with_user(cls.seller).action_lifecycle_comment(" Too\r\nlong\x00 ")
        cls.comment = cls.env["crm.lifecycle.comment"].search(
            [("stage_id", "=", cls.stage.id)]
        )

    def test_opinion_is_kept_with_stage_author_and_record(self):
        self.assertEqual(self.comment.body, "Too\nlong")
        self.assertEqual(self.comment.user_id, self.seller)
        self.assertEqual(self.comment.sudo().lead_id, self.lead)
        self.assertEqual(self.comment.state, "new")
        self.customer._lifecycle_move(self.active)
        self.contact.with_user(self.seller).action_lifecycle_comment("Good")
        self.assertEqual(
            self.env["crm.lifecycle.comment"].search_count(
                [
                    ("stage_id", "=", self.active.id),
                    ("partner_id", "=", self.customer.id),
                ]
            ),
            1,
        )

    def test_any_text_stays_text_and_blank_is_refused(self):
        lead = self.lead.with_user(self.seller)
        for body in ("", " \n", "\x00", None, 5, ["x"]):
            with self.subTest(body=body), self.assertRaises(UserError):
                lead.action_lifecycle_comment(body)
        evil = "<script>alert(1)</script>'; DROP TABLE x; {{7*7}} \u202e 😀 𠀀"
        for body, kept in ((evil, evil), ("x" * 10**6, "x" * 2000)):
            lead.action_lifecycle_comment(body)
            newest = self.env["crm.lifecycle.comment"].search([], limit=1)
            self.assertEqual(newest.body, kept)

    def test_author_changes_the_text_while_it_is_new(self):
        own = self.comment.with_user(self.seller)
        own.body = "Shorter"
        for values in ({"state": "done"}, {"user_id": self.leader.id}, {"answer": "x"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.write(values)
        self.comment.with_user(self.manager).action_consider()
        with self.assertRaises(AccessError):
            own.body = "Too late"
        with self.assertRaises(AccessError):
            own.unlink()

    def test_others_read_it_but_leave_it_alone(self):
        foreign = self.comment.with_user(self.leader)
        self.assertEqual(foreign.body, "Too\nlong")
        with self.assertRaises(AccessError):
            foreign.read(["lead_id"])
        for call in (foreign.unlink, lambda: foreign.write({"body": "x"})):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            foreign.action_done()

    def test_nobody_speaks_for_others(self):
        comment = (
            self.env["crm.lifecycle.comment"]
            .with_user(self.seller)
            .create(
                {
                    "stage_id": self.stage.id,
                    "body": "x",
                    "user_id": self.leader.id,
                    "state": "done",
                    "answer": "Great",
                }
            )
        )
        self.assertEqual(comment.user_id, self.seller)
        self.assertEqual(comment.state, "new")
        self.assertFalse(comment.answer)

    def test_record_of_others_cannot_be_commented_on(self):
        self.lead.user_id = self.leader
        with self.assertRaises(AccessError):
            self.lead.with_user(self.seller).action_lifecycle_comment("x")
        with self.assertRaises(UserError):
            self.customer.with_user(self.seller).action_lifecycle_comment("x")

    def test_counts_wait_on_stage_and_process_and_in_the_draft(self):
        manager = self.process.with_user(self.manager)
        draft = manager.browse(manager.action_new_draft()["res_id"])
        copy = draft.stage_ids.filtered(lambda s: s.key == self.stage.key)
        for record in (self.stage.with_user(self.manager), manager, draft, copy):
            record.invalidate_recordset(["comment_count"])
            self.assertEqual(record.comment_count, 1, record)
            found = self.env["crm.lifecycle.comment"].search(
                record.action_view_comments()["domain"]
            )
            self.assertIn(self.comment, found)

    def test_other_companies_read_nothing(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        process = self.process.copy({"name": "Theirs", "company_id": other.id})
        comment = self.env["crm.lifecycle.comment"].create(
            {"stage_id": process.stage_ids[0].id, "body": "Secret"}
        )
        for user in (self.seller, self.manager):
            model = self.env["crm.lifecycle.comment"].with_user(user)
            self.assertNotIn(comment, model.search([]))

    def test_opinions_follow_merged_leads(self):
        target = self._new_leads()
        (target | self.lead).merge_opportunity()
        self.assertEqual(self.comment.sudo().lead_id, (target | self.lead).exists())
