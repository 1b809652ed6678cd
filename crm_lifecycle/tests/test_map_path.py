from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestMapPath(LifecycleCommon):
    """The way of one record, drawn on the chart of its process."""

    def _get(self, record, user=None):
        return record.with_user(user or self.seller).get_lifecycle_path_map()

    def test_path_names_the_stages_and_whether_the_move_was_drawn(self):
        self.customer._lifecycle_move(self.new)
        self.customer._lifecycle_move(self.active)
        self.customer._lifecycle_move(self.new, reason="Back to the start")
        data = self._get(self.contact)
        steps = [(s["key"], s["source"], s["drawn"]) for s in data["steps"]]
        self.assertEqual(
            steps,
            [
                (self.new.key, False, False),
                (self.active.key, self.new.key, True),
                (self.new.key, self.active.key, False),
            ],
        )
        self.assertEqual(data["steps"][-1]["reason"], "Back to the start")
        self.assertEqual(data["process"]["id"], self.process.id)
        keys = {node["key"] for node in data["nodes"]}
        self.assertEqual(keys, set(self.process.stage_ids.mapped("key")))

    def test_stages_that_are_gone_are_still_on_the_path(self):
        gone = self.env["crm.lifecycle.stage"].sudo()
        gone = gone.create({"name": "Trial", "process_id": self.process.id})
        self.customer._lifecycle_move(gone)
        self.customer._lifecycle_move(self.active)
        gone._remove_from_process()
        data = self._get(self.customer)
        former = next(node for node in data["nodes"] if node["key"] == gone.key)
        self.assertTrue(former["former"])

    def test_record_without_a_stay_has_none(self):
        self.assertEqual(self._get(self.customer), {})

    def test_who_does_not_see_the_record_does_not_see_its_path(self):
        lead = self._new_leads(user_id=self.leader.id)
        with self.assertRaises(AccessError):
            self._get(lead)
        with self.assertRaises(AccessError):
            self._get(self.customer, self._new_user("outsider"))
