from unittest.mock import patch

from odoo import api
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

QUIET = {
    "tracking_disable": True,
    "mail_activity_quick_update": True,
    "mail_notify_force_send": False,
    "no_reset_password": True,
}


@tagged("post_install", "-at_install")
class TestApprovalConcurrency(TransactionCase):
    """Two people decide at the same moment, over two real connections."""

    def setUp(self):
        super().setUp()
        self.user_ids = []
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, QUIET)
            group = env.ref("base.group_user").id
            for name in ("one", "two"):
                login = f"approval_race_{name}_{self.id()}"
                values = {"name": name, "login": login, "group_ids": [(6, 0, [group])]}
                self.user_ids.append(env["res.users"].create(values).id)
        self.addCleanup(self._clean_up)

    def _ask(self, mode):
        """A request that both are asked about, committed for everybody to see."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, QUIET)
            lines = [(0, 0, {"user_id": user_id}) for user_id in self.user_ids]
            env["crm.approval.rule"].create(
                {"name": "Race", "kind": "exception", "mode": mode, "line_ids": lines}
            )
            lead = env["crm.lead"].create({"name": "Race", "type": "opportunity"})
            stages = lead.lifecycle_stage_id.process_id.stage_ids
            target = stages.filtered(lambda s: s.phase == "lead")[1]
            kind = env.ref("crm_lifecycle.exception_kind_skip")
            lead.request_lifecycle_exception(target.id, kind.id, "Race")
            self.lead_id = lead.id
            exception = lead.lifecycle_exception_ids
            return exception.approval_request_id.id

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, QUIET)
            env["crm.lead"].browse(self.lead_id).exists().unlink()
            env["crm.approval.rule"].search([("name", "=", "Race")]).unlink()
            env["res.users"].browse(self.user_ids).write({"active": False})
        self.registry.clear_cache()

    def _decide_together(self, request_id, *decisions):
        """The second looked before the first had decided, and decides after it.

        Odoo runs what meets a concurrent change once more, as here.
        """
        tries = []

        def decide(env, is_approval):
            tries.append(env.uid)
            request = env["crm.approval.request"].browse(request_id)
            return request._decide(is_approval, "At the same moment")

        with self.registry.cursor() as late_cr:
            late = api.Environment(late_cr, self.user_ids[1], QUIET)
            self.assertTrue(late["crm.approval.request"].browse(request_id).is_my_turn)
            with self.registry.cursor() as cr:
                decide(api.Environment(cr, self.user_ids[0], QUIET), decisions[0])
            with patch("odoo.service.model.time.sleep"):
                answer = retrying(lambda: decide(late, decisions[1]), late)
        self.assertEqual(len(tries), 3, "it met the other and was run again")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, QUIET)
            request = env["crm.approval.request"].browse(request_id)
            return request.state, sorted(request.line_ids.mapped("state")), answer

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_both_agreements_count(self):
        request_id = self._ask("all")
        state, lines, answer = self._decide_together(request_id, True, True)
        self.assertEqual(lines, ["approved", "approved"])
        self.assertEqual(state, "approved", "neither has overlooked the other")
        self.assertIsNone(answer)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_one_outcome_when_they_disagree(self):
        request_id = self._ask("any")
        state, lines, answer = self._decide_together(request_id, True, False)
        self.assertEqual(state, "approved")
        self.assertEqual(lines, ["approved", "skipped"])
        self.assertEqual(answer["tag"], "display_notification", "told kindly")
