from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tests import Form, tagged

from ..models.crm_lifecycle_mixin import LifecycleMove
from .common import LifecycleCommon


class HostContract(LifecycleCommon):
    """What every model that flows through a process must do, whatever it is."""

    allow_inherited_tests_method = True
    host_model = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record, cls.first, cls.second = cls._prepare_host()

    def _move_values(self, stage):
        """What a user writes to move a record to ``stage``."""
        return {"lifecycle_stage_id": stage.id}

    def _assert_one_new_stay(self, stage, user=None):
        visits = self._visits(self.record)
        self.assertEqual(visits.mapped("stage_id"), self.first | stage)
        self.assertEqual(len(visits), 2, "one move is one new stay")
        self.assertTrue(visits[0].left_date, "the old stay has ended")
        self.assertFalse(visits[1].left_date)
        self.assertEqual(visits[1].previous_stage_id, self.first)
        self.assertEqual(visits[1].revision_id, self.process.revision_id)
        if user:
            self.assertEqual(visits[1].user_id, user)
        self.assertEqual(self.record.lifecycle_stage_id, stage)
        self.assertEqual(self.record.lifecycle_stage_date, visits[1].entered_date)

    def test_drag_and_rpc_write_one_stay(self):
        record = self.record.with_user(self.manager)
        record.web_save(self._move_values(self.second), {"display_name": {}})
        self._assert_one_new_stay(self.second, self.manager)

    def test_form_writes_one_stay(self):
        with Form(self.record.with_user(self.manager)) as form:
            for name, value in self._move_values(self.second).items():
                field = self.record._fields[name]
                form[name] = self.env[field.comodel_name].browse(value)
        self._assert_one_new_stay(self.second, self.manager)

    def test_import_writes_one_stay(self):
        record = self.record.with_user(self.manager)
        (name,) = self._move_values(self.second)
        xml_id = self.record.export_data(["id"])["datas"][0][0]
        (value,) = self._move_values(self.second).values()
        result = record.load(["id", f"{name}/.id"], [[xml_id, str(value)]])
        self.assertFalse([m for m in result["messages"] if m["type"] == "error"])
        self._assert_one_new_stay(self.second, self.manager)

    def test_automation_writes_one_stay(self):
        (name, value) = next(iter(self._move_values(self.second).items()))
        model = self.env["ir.model"]._get(self.host_model)
        self.env["base.automation"].create(
            {
                "name": "Move on rename",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [
                    (
                        6,
                        0,
                        self.env["ir.model.fields"]._get(self.host_model, "name").ids,
                    )
                ],
                "filter_domain": "[('name', '=', 'Go')]",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Move",
                            "model_id": model.id,
                            "state": "code",
                            "code": f"record.write({{'{name}': {value}}})",
                        },
                    )
                ],
            }
        )
        self.record.with_user(self.manager).name = "Go"
        self._assert_one_new_stay(self.second)

    def test_automations_can_listen_to_the_stage(self):
        model = self.env["ir.model"]._get(self.host_model)
        (name, value) = next(iter(self._move_values(self.second).items()))
        field = self.env["ir.model.fields"]._get(self.host_model, name)
        self.env["base.automation"].create(
            {
                "name": "Mark movers",
                "model_id": model.id,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [(6, 0, field.ids)],
                "filter_domain": f"[('{name}', '=', {value})]",
                "action_server_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Mark",
                            "model_id": model.id,
                            "state": "code",
                            "code": "record['phone'] = (record.phone or '') + '+'",
                        },
                    )
                ],
            }
        )
        self.record.phone = False
        self.record.write(self._move_values(self.second))
        self.assertEqual(self.record.phone, "+", "heard once when moved by a user")
        self.record._lifecycle_move(self.first)
        self.record._lifecycle_move(self.second, origin="auto")
        self.assertEqual(self.record.phone, "++", "heard when it moves by itself")

    def test_server_code_gives_reason_and_origin(self):
        self.record._lifecycle_move(self.second, reason="Because", origin="auto")
        visit = self._visits(self.record)[-1]
        self.assertEqual((visit.reason, visit.origin), ("Because", "auto"))
        self.assertFalse(visit.user_id, "nobody moved it by hand")

    def test_forged_context_has_no_effect(self):
        forged = {"reason": "Forged", "origin": "migration", "used": False}
        self.process.sudo().strict = True
        self.process.transition_ids.sudo().unlink()
        with self.assertRaises(UserError):
            self.record.with_context(lifecycle_move=forged).write(
                self._move_values(self.second)
            )

    def test_reason_is_used_up_by_the_first_move(self):
        move = LifecycleMove(reason="Once")
        record = self.record.with_context(lifecycle_move=move)
        record.write(self._move_values(self.second))
        record.write(self._move_values(self.first))
        self.assertEqual(
            self._visits(self.record).mapped("reason"), [False, "Once", False]
        )

    def test_writing_the_same_stage_is_no_move(self):
        self.record.write(self._move_values(self.first))
        self.assertEqual(len(self._visits(self.record)), 1)

    def test_move_to_the_stage_of_another_phase_is_refused(self):
        foreign = self.process.stage_ids.filtered(
            lambda s: s.phase != self.record._lifecycle_phase
        )[0]
        with self.assertRaisesRegex(UserError, "other records"):
            self.record._lifecycle_move(foreign)

    def test_move_to_a_draft_is_refused_with_its_name(self):
        draft = self.process.copy({"name": "Not running"})
        stage = draft.stage_ids.filtered(
            lambda s: s.phase == self.record._lifecycle_phase and s.crm_stage_id
        )[:1] or draft.stage_ids.filtered(
            lambda s: s.phase == self.record._lifecycle_phase
        )
        with self.assertRaisesRegex(UserError, "Not running"):
            self.record._lifecycle_move(stage[0])

    def test_strict_process_refuses_what_is_not_drawn_and_names_the_judge(self):
        self.process.sudo().strict = True
        self.process.transition_ids.sudo().unlink()
        refused = self.record._lifecycle_get_blockers(self.second)
        self.assertEqual(list(refused), [self.record])
        with self.assertRaises(UserError) as error:
            self.record.write(self._move_values(self.second))
        self.assertIn(refused[self.record][0], str(error.exception))

    def test_strict_process_lets_drawn_moves_pass(self):
        self.process.sudo().strict = True
        self.env["crm.lifecycle.transition"].sudo().search(
            [("source_id", "=", self.first.id), ("target_id", "=", self.second.id)]
        ).unlink()
        move = (
            self.env["crm.lifecycle.transition"]
            .sudo()
            .create({"source_id": self.first.id, "target_id": self.second.id})
        )
        self.record.write(self._move_values(self.second))
        self.assertEqual(self._visits(self.record)[-1].transition_id, move)

    def test_off_chart_move_is_logged_as_such(self):
        self.env["crm.lifecycle.transition"].sudo().search(
            [("source_id", "=", self.first.id), ("target_id", "=", self.second.id)]
        ).unlink()
        self.record.write(self._move_values(self.second))
        visit = self._visits(self.record)[-1]
        self.assertFalse(visit.transition_id)
        self.assertEqual(visit._get_path_step()["marks"][0]["label"], "Off the chart")

    def test_reading_rights_are_not_enough_to_move(self):
        reader = self._new_user("reader")
        with self.assertRaises(UserError):
            self.record.with_user(reader).write(self._move_values(self.second))
        self.assertEqual(len(self._visits(self.record)), 1)

    @contextmanager
    def _count_lifecycle_queries(self):
        """Counts the statements that read or write our tables or columns."""
        counter = []
        original = Cursor.execute

        def execute(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if "crm_lifecycle_" in text:
                counter.append(text)
            return original(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", execute):
            yield counter

    def _assert_constant_queries(self, few, many):
        counts = []
        for records in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            with self._count_lifecycle_queries() as counter:
                records.write(self._move_values(self.second))
                self.env.flush_all()
            counts.append(len(counter))
            self.assertEqual(records.lifecycle_stage_id, self.second)
        self.assertLessEqual(counts[0], 12)
        self.assertEqual(counts[1], counts[0], "queries must not grow with the records")


@tagged("post_install", "-at_install")
class TestLeadHost(HostContract):
    host_model = "crm.lead"

    @classmethod
    def _prepare_host(cls):
        nodes = cls.process.stage_ids.filtered("crm_stage_id")
        first = nodes.filtered(lambda s: s.crm_stage_id == cls.pipeline_new)
        second = nodes.filtered(lambda s: s.crm_stage_id == cls.pipeline_qualified)
        return cls._new_leads(), first, second

    def _move_values(self, stage):
        return {"stage_id": stage.crm_stage_id.id}

    def test_a_thousand_leads_move_in_a_constant_number_of_queries(self):
        self._assert_constant_queries(self._new_leads(20), self._new_leads(1000))


@tagged("post_install", "-at_install")
class TestPartnerHost(HostContract):
    host_model = "res.partner"

    @classmethod
    def _prepare_host(cls):
        cls.customer._lifecycle_move(cls.new)
        cls._visits(cls.customer)
        return cls.customer, cls.new, cls.dormant

    def test_many_customers_move_in_a_constant_number_of_queries(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(220)]
        )
        partners._lifecycle_move(self.new)
        self._assert_constant_queries(partners[:20], partners[20:])


del HostContract  # the contract itself is not a test
