import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

USERS = 6


@tagged("post_install", "-at_install")
class TestHandoverParallel(BaseCase):
    """Decisions by real connections; what is committed is removed at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.patch(Registry, "_lock", DummyRLock())  # the test runner holds it
        self.addCleanup(self._clean)
        self.ids = {}
        with self.registry.cursor() as cr:
            env = self._env(cr)
            groups = env.ref("sales_team.group_sale_salesman_all_leads")
            users = env["res.users"].create(
                [
                    {
                        "name": f"Receiver {number}",
                        "login": f"lifecycle_receiver_{number}",
                        "group_ids": [(6, 0, groups.ids)],
                    }
                    for number in range(USERS)
                ]
            )
            lead = env["crm.lead"].create(
                {"name": "Parallel", "type": "opportunity", "user_id": users[0].id}
            )
            lead._lifecycle_move(
                lead.lifecycle_stage_id.outgoing_ids.target_id.filtered(
                    lambda stage: stage.outcome == "open"
                )
            )
            visit = lead.lifecycle_visit_ids.filtered("is_open")
            handover = env["crm.lifecycle.handover"].create(
                {
                    "lead_id": lead.id,
                    "visit_id": visit.id,
                    "stage_id": visit.stage_id.id,
                    "previous_stage_id": visit.previous_stage_id.id,
                    "receiver_ids": [(6, 0, users.ids)],
                }
            )
            self.handover_id = handover.id
            self.ids = {
                "crm.lead": lead.ids,
                "res.users": users.ids,
                "res.partner": users.partner_id.ids,
            }

    @staticmethod
    def _env(cr, uid=SUPERUSER_ID):
        context = {"tracking_disable": True, "no_reset_password": True}
        return api.Environment(cr, uid, context)

    def _clean(self):
        with self.registry.cursor() as cr, mute_logger("odoo.models.unlink"):
            env = self._env(cr)
            for model, ids in self.ids.items():
                env[model].browse(ids).exists().unlink()

    def _decide(self, number, barrier, results):
        """One request of one user, as Odoo runs it: repeated when it collides."""
        with self.registry.cursor() as cr:
            env = self._env(cr, self.ids["res.users"][number])
            handover = env["crm.lifecycle.handover"].browse(self.handover_id)
            handover.read(["state"])  # the user has seen it waiting
            barrier.wait()

            def call():
                if number % 2:
                    return handover.action_accept()
                return handover.action_return(reason=f"By {number}")

            try:
                retrying(call, env)
                results.append((number, None))
            except UserError as error:
                cr.rollback()
                results.append((number, str(error)))

    def test_of_many_decisions_at_once_exactly_one_counts(self):
        results, barrier = [], threading.Barrier(USERS)
        threads = [
            threading.Thread(target=self._decide, args=(number, barrier, results))
            for number in range(USERS)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model", "odoo.models.unlink"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertEqual(len(results), USERS, "nobody is left without an answer")
        winners = [number for number, error in results if error is None]
        self.assertEqual(len(winners), 1, results)
        for _number, error in results:
            if error:
                self.assertRegex(error, "right now|not waiting any more")
        with self.registry.cursor() as cr:
            handover = self._env(cr)["crm.lifecycle.handover"].browse(self.handover_id)
            accepted = bool(winners[0] % 2)
            self.assertEqual(handover.state, "accepted" if accepted else "returned")
            self.assertEqual(handover.decided_by_id.name, f"Receiver {winners[0]}")
            stays = handover.lead_id.lifecycle_visit_ids
            self.assertEqual(len(stays), 2 if accepted else 3)
            self.assertEqual(len(stays.filtered("is_open")), 1)
