import json

from odoo.tests import tagged

from .common import LifecycleCommon

TYPE = "crm_lifecycle.moved"


@tagged("post_install", "-at_install")
class TestMapLive(LifecycleCommon):
    def _told(self):
        """What open maps are told at the end of the transaction."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()
        messages = self.env["bus.bus"].search([("message", "like", TYPE)])
        told = [(json.loads(m.channel), json.loads(m.message)) for m in messages]
        messages.unlink()
        return told

    def test_maps_are_told_once_for_all_that_moved(self):
        leads = self._new_leads(5)
        self._told()
        for lead in leads:
            lead.stage_id = self.pipeline_qualified
        self.customer._lifecycle_move(self.active)
        told = self._told()
        self.assertEqual(len(told), 1)
        channel, message = told[0]
        self.assertEqual(channel[1:], ["crm.lifecycle.process", self.process.id])
        self.assertEqual(message["payload"], {"process_id": self.process.id})

    def test_maps_hear_when_others_answer_for_a_record(self):
        lead = self._new_leads()
        self._told()
        lead.name = "Renamed"
        self.assertFalse(self._told())
        lead.user_id = self.leader
        self.assertEqual(len(self._told()), 1)

    def test_only_who_sees_a_process_listens_to_it(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        theirs = self.process.copy({"name": "Of others", "company_id": other.id})
        names = [
            f"crm.lifecycle.process_{process.id}" for process in self.process | theirs
        ]

        others = ["own", "crm.lifecycle.process_x"]

        def listen(user):
            websocket = self.env["ir.websocket"].with_user(user)
            return websocket._get_map_channels(
                [*names, "own", "crm.lifecycle.process_x"]
            )

        kept, processes = listen(self.seller)
        self.assertEqual(processes, self.process)
        self.assertEqual(kept, others)
        kept, processes = listen(self._new_user("outsider"))
        self.assertFalse(processes)
        self.assertEqual(kept, others)
