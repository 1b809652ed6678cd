from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestException(ApprovalCommon):
    """A move that the process does not allow, asked for with a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process.sudo().strict = True
        cls.process.transition_ids.sudo().filtered(
            lambda move: move.source_id == cls.first and move.target_id == cls.won
        ).unlink()
        cls.rule = cls._new_rule(cls.director)

    def _flag(self, record=None):
        return (self.lead if record is None else record).lifecycle_exception_flag

    def test_approved_exception_passes_the_gate_and_is_kept_on_the_stay(self):
        with self.assertRaises(UserError):
            self.lead.with_user(self.seller).stage_id = self.pipeline_won
        self.env.invalidate_all()
        exception = self._ask(reason="They signed at the fair")
        self.assertEqual(self._flag(), "waiting")
        self.assertEqual(self.lead.lifecycle_stage_id, self.first)
        self._decide(exception.approval_request_id, self.director)
        self.assertEqual(self.lead.lifecycle_stage_id, self.won)
        self.assertEqual(self.lead.stage_id, self.pipeline_won)
        self.assertEqual(exception.state, "done")
        self.assertFalse(self._flag())
        visit = self._visits(self.lead)[-1]
        self.assertEqual(visit.exception_id, exception)
        self.assertEqual(visit.user_id, self.seller, "who asked is who moved it")
        self.assertEqual(visit.reason, "They signed at the fair")

    def test_rejected_exception_leaves_it_where_it_stands(self):
        exception = self._ask()
        self._decide(exception.approval_request_id, self.director, False)
        self.assertEqual(exception.state, "rejected")
        self.assertEqual(self.lead.lifecycle_stage_id, self.first)
        self.assertFalse(self._flag())
        self._ask(reason="Once more, with the contract")

    def test_reason_is_required_by_every_way(self):
        lead = self.lead.with_user(self.seller)
        for reason in ("", "   ", "\u3000\n\t", None, False):
            with self.assertRaises(UserError):
                lead.request_lifecycle_exception(self.won.id, self.skip.id, reason)
        values = {"res_model": "crm.lead", "res_id": lead.id}
        values.update(stage_id=self.won.id, kind_id=self.skip.id, reason=" ")
        wizard = self.env["crm.lifecycle.exception.request"].with_user(self.seller)
        with self.assertRaises(UserError):
            wizard.create(values).action_apply()
        exception = self._ask()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            exception.reason = "\u3000"
        self.env.invalidate_all()

    def test_skipped_stages_are_stored_and_shown_on_the_path(self):
        exception = self._ask()
        self.assertTrue(exception.skipped_stage_ids)
        self.assertNotIn(self.first, exception.skipped_stage_ids)
        self._decide(exception.approval_request_id, self.director)
        first, last = self.lead.with_user(self.seller).get_lifecycle_path()
        labels = [mark["label"] for mark in last["marks"]]
        self.assertIn(f"Exception: {self.skip.name}", labels)
        skipped = ", ".join(exception.skipped_stage_ids.mapped("name"))
        self.assertIn(f"Skipped: {skipped}", labels)
        self.assertFalse(first["marks"])

    def test_emergency_moves_at_once_and_stays_flagged_until_approved(self):
        exception = self._ask(kind=self.emergency)
        self.assertEqual(self.lead.lifecycle_stage_id, self.won)
        self.assertEqual(self._flag(), "emergency")
        self.assertEqual(self._visits(self.lead)[-1].exception_id, exception)
        found = self.env["crm.lead"].search([("lifecycle_exception_flag", "!=", False)])
        self.assertIn(self.lead, found)
        with self.assertRaises(UserError):
            exception.with_user(self.seller).action_cancel()
        self._decide(exception.approval_request_id, self.director)
        self.assertFalse(self._flag())
        self.assertEqual(len(self._visits(self.lead)), 2, "it moves once")

    def test_rejected_emergency_stays_flagged_and_tells_the_accountable(self):
        exception = self._ask(kind=self.emergency)
        self._decide(exception.approval_request_id, self.director, False, "No deal")
        self.assertEqual(self.lead.lifecycle_stage_id, self.won)
        self.assertEqual(self._flag(), "rejected")
        notified = self.lead.message_ids.notified_partner_ids
        self.assertIn(self.leader.partner_id, notified)
        self.assertIn(self.seller.partner_id, notified)
        with self.assertRaises(UserError):
            exception.with_user(self.seller).action_settle()
        exception.with_user(self.leader).action_settle()
        self.assertFalse(self._flag())

    def test_leaving_the_stage_ends_the_flag_of_a_rejected_emergency(self):
        exception = self._ask(kind=self.emergency)
        self._decide(exception.approval_request_id, self.director, False)
        self.lead.sudo()._lifecycle_move(self.first, origin="migration")
        self.assertFalse(self._flag())
        self.assertFalse(exception.flag)

    def test_move_that_became_impossible_is_said(self):
        exception = self._ask()
        self.lead._lifecycle_move(
            self.nodes.filtered(lambda s: s.crm_stage_id == self.pipeline_qualified),
            origin="migration",
        )
        self._decide(exception.approval_request_id, self.director)
        self.assertEqual(exception.state, "stuck")
        self.assertIn(self.first.name, exception.error)
        self.assertEqual(self._flag(), "stuck")
        exception.with_user(self.manager).action_settle()
        self.assertFalse(self._flag())

    def test_structural_reasons_are_not_passed(self):
        with self.assertRaises(UserError):
            self._ask(stage=self.active)
        other = self.process.copy({"name": "Other"})
        with self.assertRaises(UserError):
            self._ask(stage=other.stage_ids[0])
        with self.assertRaises(UserError):
            self._ask(stage=self.first)
        exception = self._ask()
        self.env.cr.execute(
            "UPDATE crm_lifecycle_stage SET active = false WHERE id = %s", self.won.ids
        )
        self.env.invalidate_all()
        self._decide(exception.approval_request_id, self.director)
        self.assertEqual(exception.state, "stuck")
        self.assertEqual(self.lead.lifecycle_stage_id, self.first)

    def test_one_open_exception_per_record(self):
        self._ask()
        with self.assertRaises(UserError) as caught:
            self._ask(kind=self.emergency)
        self.assertIn(self.lead.name, str(caught.exception))

    def test_customers_and_their_contacts_have_exceptions_too(self):
        exception = self._ask(self.contact, self.lost)
        self.assertEqual(exception.partner_id, self.customer)
        self._decide(exception.approval_request_id, self.director)
        self.assertEqual(self.customer.lifecycle_stage_id, self.lost)
        self.assertEqual(self.contact.lifecycle_stage_id, self.lost)

    def test_who_may_not_edit_the_record_cannot_ask(self):
        theirs = self._new_leads(user_id=self.leader.id)
        for user in (self.seller, self.finance):
            with self.assertRaises(AccessError):
                self._ask(theirs, user=user)

    def test_deleted_lead_takes_its_exception_and_approval_along(self):
        request = self._ask().approval_request_id
        self.lead.with_user(self.manager).unlink()
        self.assertFalse(request.exists())
        self.assertFalse(
            self.env["mail.activity"].search(
                [("res_model", "=", "crm.approval.request")]
            )
        )

    def test_merged_leads_keep_one_open_exception(self):
        other = self._new_leads()
        kept, withdrawn = self._ask(self.lead), self._ask(other)
        merged = (self.lead | other).merge_opportunity(auto_unlink=True)
        kept, withdrawn = (
            (kept, withdrawn) if merged == self.lead else (withdrawn, kept)
        )
        self.assertEqual((kept | withdrawn).lead_id, merged)
        self.assertEqual(kept.state, "waiting")
        self.assertEqual(withdrawn.state, "cancelled")
        self.assertEqual(withdrawn.approval_request_id.state, "cancelled")
        self.assertEqual(self._flag(merged), "waiting")
        self._decide(kept.approval_request_id, self.director)
        self.assertEqual(merged.lifecycle_stage_id, self.won)

    def test_merged_customers_keep_one_open_exception(self):
        other = self.env["res.partner"].create(
            {"name": "Customer Ltd", "is_company": True, "user_id": self.seller.id}
        )
        other._lifecycle_move(self.new)
        theirs = self._ask(other, self.lost)
        self._ask(self.customer, self.lost)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.customer | other).ids, self.customer
        )
        self.env.invalidate_all()
        exceptions = self.customer.lifecycle_exception_ids
        self.assertEqual(len(exceptions), 2)
        self.assertEqual(sorted(exceptions.mapped("state")), ["cancelled", "waiting"])
        self.assertEqual(theirs.state, "cancelled")
        self.assertEqual(self._flag(self.customer), "waiting")

    def test_what_recurs_offers_to_be_drawn(self):
        for lead in self._new_leads(3):
            exception = self._ask(lead)
            self.assertFalse(exception.can_draw)
            self._decide(exception.approval_request_id, self.director)
        exception.invalidate_recordset()
        self.assertEqual(exception.recurrence_count, 3)
        self.assertTrue(exception.can_draw)
        action = exception.with_user(self.manager).action_draw_move()
        draft = self.env["crm.lifecycle.process"].browse(action["res_id"])
        self.assertEqual(draft.draft_of_id, self.process)
        exception.with_user(self.manager).action_draw_move()
        drawn = draft.transition_ids.filtered(
            lambda move: (move.source_id.key, move.target_id.key)
            == (self.first.key, self.won.key)
        )
        self.assertEqual(len(drawn), 1)
        with self.assertRaises(AccessError):
            exception.with_user(self.seller).action_draw_move()
        draft.with_user(self.manager).action_publish()
        exception.invalidate_recordset()
        self.assertFalse(exception.can_draw)

    def test_kit_tells_of_the_open_exception(self):
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()
        self.assertTrue(kit["exceptions"]["can_request"])
        self.assertFalse(kit["exceptions"]["open"])
        self._ask()
        kit = self.lead.with_user(self.seller).get_lifecycle_kit()["exceptions"]
        self.assertFalse(kit["can_request"])
        self.assertEqual(kit["flag"], "waiting")
        self.assertEqual(kit["open"]["missing"], self.director.name)
