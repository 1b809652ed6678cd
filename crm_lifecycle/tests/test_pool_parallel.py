import threading
from contextlib import closing
from functools import partial

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

CLAIMS = 50


@tagged("post_install", "-at_install")
class TestPoolParallel(BaseCase):
    """Claims by real connections; what is committed is removed at the end."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.patch(Registry, "_lock", DummyRLock())  # the test runner holds it
        self.addCleanup(self._clean)
        self.ids = {}
        with self.registry.cursor() as cr:
            env = self._env(cr)
            groups = env.ref("sales_team.group_sale_salesman")
            users = env["res.users"].create(
                [
                    {
                        "name": f"Parallel {number}",
                        "login": f"lifecycle_parallel_{number}",
                        "group_ids": [(6, 0, groups.ids)],
                    }
                    for number in range(10)
                ]
            )
            pool = env["crm.lead.pool"].create(
                {"name": "Parallel", "user_ids": [(6, 0, users.ids)]}
            )
            leads = env["crm.lead"].create(
                [
                    {"name": f"Parallel {number}", "lifecycle_pool_id": pool.id}
                    for number in range(6)
                ]
            )
            self.ids = {
                "crm.lead": leads.ids,
                "crm.lead.pool": pool.ids,
                "res.users": users.ids,
                "res.partner": users.partner_id.ids,
            }

    @staticmethod
    def _env(cr, uid=SUPERUSER_ID):
        return api.Environment(
            cr, uid, {"tracking_disable": True, "no_reset_password": True}
        )

    def _clean(self):
        with self.registry.cursor() as cr, mute_logger("odoo.models.unlink"):
            env = self._env(cr)
            for model, ids in self.ids.items():
                records = env[model].browse(ids)
                if model == "crm.lead.pool":
                    env["crm.lead.pool.event"].search([("pool_id", "in", ids)]).unlink()
                    env["crm.lead.pool.tally"].search([("pool_id", "in", ids)]).unlink()
                records.exists().unlink()

    def _claim(self, user_id, lead_id, barrier, results):
        """One request of one user, as Odoo runs it: repeated when it collides."""
        with closing(self.registry.cursor()) as cr:
            env = self._env(cr, user_id)
            card = env["crm.lead.pool.card"].browse(lead_id * 2)
            barrier.wait()
            try:
                retrying(card.action_claim, env)
                cr.commit()  # pylint: disable=invalid-commit
                results.append(("won", user_id))
            except UserError as error:
                cr.rollback()
                results.append(("lost", str(error)))

    def _run(self, jobs):
        results, barrier = [], threading.Barrier(len(jobs))
        threads = [
            threading.Thread(target=partial(self._claim, *job, barrier, results))
            for job in jobs
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertEqual(len(results), len(jobs), "nobody is left without an answer")
        return results

    def test_of_fifty_claims_at_once_exactly_one_wins(self):
        users, lead_id = self.ids["res.users"], self.ids["crm.lead"][0]
        results = self._run([(users[n % 10], lead_id) for n in range(CLAIMS)])
        winners = [user_id for result, user_id in results if result == "won"]
        self.assertEqual(len(winners), 1)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            lead = env["crm.lead"].browse(lead_id)
            self.assertEqual(lead.user_id.id, winners[0])
            self.assertFalse(lead.lifecycle_pool_id)
            self.assertEqual(lead.lifecycle_pool_event_ids.mapped("kind"), ["claimed"])
            name = lead.user_id.name
        for _result, message in results:
            if _result == "lost":
                self.assertTrue(name in message or "already" in message, message)

    def test_a_quota_holds_for_claims_at_the_same_time(self):
        with self.registry.cursor() as cr:
            self._env(cr)["crm.lead.pool"].browse(
                self.ids["crm.lead.pool"]
            ).held_max = 2
        user_id = self.ids["res.users"][0]
        results = self._run([(user_id, lead_id) for lead_id in self.ids["crm.lead"]])
        self.assertEqual([result for result, _ in results].count("won"), 2)
        for result, message in results:
            if result == "lost":
                self.assertIn("You hold 2 of 2", message)
