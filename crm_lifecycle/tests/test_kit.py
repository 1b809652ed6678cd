from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestKit(LifecycleCommon):
    """What the record panel says, and its next-step buttons."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_leads()
        cls.stage = cls.lead.lifecycle_stage_id.sudo()
        cls.next = cls.stage.outgoing_ids.target_id.filtered(
            lambda s: s.outcome == "open"
        )

    def test_kit_says_where_it_stands_what_for_and_what_comes_next(self):
        self.stage.write({"goal": "He knows us", "video_url": "https://x.org/v?a=1&b"})
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        self.assertEqual(kit["stage"]["name"], "New")
        self.assertEqual(kit["stage"]["goal"], "He knows us")
        self.assertTrue(kit["stage"]["qr_url"].startswith("data:image/svg+xml"))
        self.assertEqual(kit["department"], "Lifecycle Team")
        self.assertTrue(kit["since"])
        self.assertEqual(
            [(move["name"], move["outcome"]) for move in kit["moves"]],
            [("Qualified", "open"), ("Lost", "lost")],
        )

    def test_nothing_pending_is_told_as_such(self):
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        self.assertIs(kit["exceptions"]["open"], False)
        self.assertNotIn("handover", kit)

    def test_contact_shows_the_kit_of_its_company_and_what_happens_by_itself(self):
        self.customer._lifecycle_move(self.new)
        kit = self.contact.get_lifecycle_kit()
        self.assertEqual(kit["record"]["id"], self.customer.id)
        self.assertEqual(kit["automatic"], ["Active", "Dormant"])
        self.assertEqual(kit["moves"], [])

    def test_outside_of_a_process_there_is_no_kit(self):
        self.assertEqual(self.customer.get_lifecycle_kit(), {})

    def test_kit_of_a_record_of_others_is_refused(self):
        lead = self.lead.with_user(self._new_user("other", "base.group_user"))
        with self.assertRaises(AccessError):
            lead.get_lifecycle_kit()
        with self.assertRaises(AccessError):
            lead.action_lifecycle_move(self.next.id)
        self.assertEqual(self.lead.lifecycle_stage_id, self.stage)

    def test_button_moves_and_keeps_the_reason(self):
        lead = self.lead.with_user(self.seller)
        self.assertEqual(lead.action_lifecycle_move(self.next.id, " Called\x00 "), {})
        self.assertEqual(lead.stage_id, self.pipeline_qualified)
        visit = self._visits(self.lead)[-1]
        self.assertEqual(visit.reason, "Called")
        self.assertEqual(visit.user_id, self.seller)
        self.assertEqual(visit.origin, "manual")

    def test_no_such_stage_is_said_kindly(self):
        for stage_id in (-1, 10**9, "1", None, True, [self.next.id]):
            with self.subTest(stage_id=stage_id), self.assertRaises(UserError):
                self.lead.action_lifecycle_move(stage_id)

    def test_lost_asks_for_the_reason_by_the_dialog_of_the_pipeline(self):
        lead = self.lead.with_user(self.seller)
        action = lead.action_lifecycle_move(self.lead_lost.id)
        self.assertEqual(action["res_model"], "crm.lead.lost")
        self.assertTrue(lead.active)
        wizard = (
            self.env["crm.lead.lost"]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({"lead_ids": lead.ids})
        )
        wizard.action_lost_reason_apply()
        self.assertEqual(lead.lifecycle_stage_id, self.lead_lost)
        other = self._new_leads().with_user(self.seller)
        other.action_lifecycle_move(self.lead_lost.id, "No money")
        self.assertEqual(other.lifecycle_stage_id, self.lead_lost)

    def test_won_is_celebrated(self):
        won = self.env["crm.lifecycle.stage"].browse(
            self.env["crm.lifecycle.stage"]._get_lead_nodes()[
                self.process.id, self.pipeline_won.id
            ]
        )
        action = self.lead.with_user(self.seller).action_lifecycle_move(won.id)
        self.assertEqual(self.lead.won_status, "won")
        self.assertIn(action.get("effect", {}).get("type"), (None, "rainbow_man"))

    def test_links_lead_to_web_pages_only(self):
        for url in ("javascript:alert(1)", "data:text/html,x", "/web", "www.x.org"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.stage.link_url = url

    def test_goal_and_links_travel_with_the_definition_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.stage.write({"goal": "He knows us", "link_url": "https://x.org"})
        self.stage.with_context(lang="zh_CN").goal = "他了解我们"
        draft = self.env["crm.lifecycle.process"].browse(
            self.process.with_user(self.manager).action_new_draft()["res_id"]
        )
        copy = draft.stage_ids.filtered(lambda s: s.key == self.stage.key)
        self.assertEqual(copy.with_context(lang="zh_CN").goal, "他了解我们")
        self.assertEqual(copy.goal, "He knows us")
        self.assertEqual(copy.link_url, "https://x.org")
        copy.with_user(self.manager).goal = False
        draft.with_user(self.manager).action_publish()
        self.assertFalse(self.stage.goal)
        with self.assertRaises(UserError):
            self.stage.with_user(self.manager).goal = "Frozen while it runs"

    def test_definition_with_a_bad_link_is_refused(self):
        definition = self.process._get_definition()
        definition["stages"][0]["video_url"] = "javascript:alert(1)"
        errors = self.process._get_definition_errors(definition)
        self.assertIn("https://", " ".join(errors))

    def test_form_shows_the_kit_which_costs_few_queries(self):
        arch = self.env["crm.lead"].get_view(
            self.env.ref("crm.crm_lead_view_form").id, "form"
        )["arch"]
        self.assertIn('name="lifecycle_kit"', arch)
        lead = self.lead.with_user(self.seller)
        lead.get_lifecycle_kit()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(22):
            lead.get_lifecycle_kit()
