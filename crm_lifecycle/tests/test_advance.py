from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestAdvance(LifecycleCommon):
    def _advance(self):
        self.env["crm.customer.metrics"]._refresh()
        self.customer._lifecycle_advance()

    def test_customer_goes_through_the_whole_life_by_itself(self):
        with freeze_time(NOW):
            self._new_order(self.customer)
            self._new_order(self.customer)
        for days, path in (
            (180, ["New Customer", "Active"]),
            (181, ["New Customer", "Active", "Dormant"]),
            (365, ["New Customer", "Active", "Dormant"]),
            (366, ["New Customer", "Active", "Dormant", "Lost Customer"]),
        ):
            with self.subTest(days=days), freeze_time(NOW + self._days(days)):
                self._advance()
                self.assertEqual(self._path(self.customer), path)
        with freeze_time(NOW + self._days(400)):
            self._new_order(self.customer)
            self.assertEqual(self._path(self.customer)[-1], "Active")
            self.assertEqual(self._visits(self.customer)[-1].origin, "event")

    def test_several_steps_in_one_night(self):
        with freeze_time(NOW):
            self._new_order(self.customer)
        with freeze_time(NOW + self._days(500)):
            self._advance()
        self.assertEqual(
            self._path(self.customer), ["New Customer", "Dormant", "Lost Customer"]
        )
        self.assertEqual(
            self._visits(self.customer)[1:].mapped("transition_id.trigger"),
            ["auto", "auto"],
        )

    def test_cron_moves_everybody_and_nothing_the_second_time(self):
        partners = self.env["res.partner"].create(
            [{"name": f"P{n}"} for n in range(30)]
        )
        for partner in partners:
            self._new_order(partner, date="2024-01-01 10:00:00")
        partners._lifecycle_move(self.new)
        with self.enter_registry_test_mode():
            cron = self.env.ref("crm_lifecycle.ir_cron_customer_metrics_refresh")
            cron.method_direct_trigger()
            self.assertEqual(set(partners.mapped("lifecycle_stage_id")), {self.lost})
            count = self.env["crm.lifecycle.visit"].search_count([])
            cron.method_direct_trigger()
        self.assertEqual(self.env["crm.lifecycle.visit"].search_count([]), count)

    def test_one_bad_record_is_skipped_and_logged_and_the_rest_moves(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(9)])
        for partner in partners:
            self._new_order(partner, date="2024-01-01 10:00:00")
        partners._lifecycle_move(self.new)
        bad = partners[4]
        mixin = type(self.env["res.partner"])
        original = mixin._lifecycle_prepare_row

        def fail(record, stage, standing, edges):
            if record == bad:
                raise ValueError("Never")
            return original(record, stage, standing, edges)

        self.env["crm.customer.metrics"]._refresh()
        logger = "odoo.addons.crm_lifecycle.models.crm_lifecycle_mixin_advance"
        with (
            patch.object(mixin, "_lifecycle_prepare_row", fail),
            self.assertLogs(logger, "WARNING") as logs,
        ):
            partners._lifecycle_advance_safely()
        self.assertEqual(
            set((partners - bad).mapped("lifecycle_stage_id")), {self.lost}
        )
        self.assertEqual(bad.lifecycle_stage_id, self.new)
        self.assertEqual(len(logs.output), 1)
        self.assertIn(bad.name, logs.output[0])

    def test_who_may_not_move_stays_and_is_no_noise(self):
        self._new_order(self.customer, date="2024-01-01 10:00:00")
        self.customer._lifecycle_move(self.new)
        mixin = type(self.env["res.partner"])

        def refuse(records, stage):
            return {record: ["Not yet."] for record in records}

        self.env["crm.customer.metrics"]._refresh()
        logger = "odoo.addons.crm_lifecycle.models.crm_lifecycle_mixin_advance"
        with (
            patch.object(mixin, "_lifecycle_get_gate_blockers", refuse),
            self.assertNoLogs(logger, "WARNING"),
        ):
            self.customer._lifecycle_advance_safely()
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)

    def test_contradicting_conditions_end(self):
        self.process.transition_ids.sudo().unlink()
        move = self.env["crm.lifecycle.transition"].sudo()
        for source, target, domain in (
            (self.new, self.active, "[('name', '!=', False)]"),
            (self.active, self.new, "[('id', '!=', 0)]"),
        ):
            move.create(
                {
                    "source_id": source.id,
                    "target_id": target.id,
                    "trigger": "auto",
                    "domain": domain,
                }
            )
        self.customer._lifecycle_move(self.new)
        self.customer._lifecycle_advance()
        self.assertEqual(self._path(self.customer), ["New Customer", "Active"])

    def test_one_bad_condition_names_itself_and_stops_nothing_else(self):
        bad = self.new.outgoing_ids.filtered(lambda m: m.target_id == self.active)
        self.env.cr.execute(
            "UPDATE crm_lifecycle_transition SET domain = %s WHERE id = %s",
            ("[('gone_field', '=', 1)]", bad.id),
        )
        bad.invalidate_recordset()
        logger = "odoo.addons.crm_lifecycle.models.crm_lifecycle_transition"
        with mute_logger(logger), freeze_time(NOW):
            self._new_order(self.customer)
        with mute_logger(logger), freeze_time(NOW + self._days(200)):
            self._advance()
        self.assertEqual(self._path(self.customer), ["New Customer", "Dormant"])
        self.assertIn("gone_field", bad.last_error)

    def test_bad_conditions_are_refused_on_save(self):
        draft = self.process.copy({"name": "Draft"})
        source, target = draft.stage_ids.filtered(lambda s: s.phase == "customer")[:2]
        for domain in (
            "[('no_such_field', '=', 1)]",
            "[('name', '=', 1",
            "__import__('os').getcwd()",
            "{'a': 1}",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaises(ValidationError) as error,
            ):
                self.env["crm.lifecycle.transition"].create(
                    {
                        "source_id": target.id,
                        "target_id": source.id,
                        "trigger": "auto",
                        "domain": domain,
                    }
                )
            self.assertIn("condition", str(error.exception))
