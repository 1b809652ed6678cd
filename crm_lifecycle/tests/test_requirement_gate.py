from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..exceptions import MoveRefused
from .common_requirement import RequirementCommon

WORDS = "Missing: Phone known (Phone)."


@tagged("post_install", "-at_install")
class TestRequirementGate(RequirementCommon):
    """No way of moving a lead leads around what is required."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requirement = cls._require(field_paths="phone", name="Phone known")

    def _new_action(self, values, model="crm.lead", **more):
        """A server action that writes ``values`` as code, or as given by ``more``."""
        return {
            "name": "Move",
            "model_id": self.env["ir.model"]._get(model).id,
            "state": "code",
            "code": f"records.write({values})",
            **more,
        }

    def _new_rule(self, name, model="crm.lead", **more):
        """An automation rule that fires when ``name`` is written."""
        field = self.env["ir.model.fields"]._get(model, name)
        return self.env["base.automation"].create(
            {
                "name": "Rule",
                "model_id": self.env["ir.model"]._get(model).id,
                "trigger": "on_create_or_write",
                "trigger_field_ids": [Command.set(field.ids)],
                **more,
            }
        )

    def assert_stays(self, route, lead=None):
        """``route`` is refused in the words of the checklist, and nothing is done."""
        lead = lead or self.lead
        with self.assertRaises(MoveRefused) as caught, self.env.cr.savepoint():
            route()
        self.assertIn(WORDS, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(lead.lifecycle_stage_id, self.stage)
        self.assertEqual(lead.stage_id, self.pipeline_new)
        self.assertEqual(len(self._visits(lead)), 1)

    def test_no_route_of_a_user_leads_around(self):
        lead = self.lead.with_user(self.seller)
        qualified, won = self.pipeline_qualified, self.pipeline_won

        def by_form():
            with Form(lead) as form:
                form.stage_id = qualified

        spec = {"display_name": {}}
        routes = {
            "form": by_form,
            "drag": lambda: lead.web_save({"stage_id": qualified.id}, spec),
            "write": lambda: lead.write({"stage_id": qualified.id}),
            "lifecycle stage": lambda: lead.write(
                {"lifecycle_stage_id": self.following.id}
            ),
            "kit button": lambda: lead.action_lifecycle_move(self.following.id),
            "with a reason": lambda: lead.action_lifecycle_move(
                self.following.id, "Because I say so"
            ),
            "won button": lead.action_set_won_rainbowman,
            "probability": lambda: lead.write({"probability": 100, "stage_id": won.id}),
            "list": lambda: lead.web_save_multi([{"stage_id": won.id}], spec),
            "superuser": lambda: lead.sudo().write({"stage_id": won.id}),
            "administrator": lambda: lead.with_user(self.manager).write(
                {"stage_id": won.id}
            ),
            "forged context": lambda: lead.with_context(
                lifecycle_move={"origin": "migration"}, import_file=True
            ).write({"stage_id": won.id}),
        }
        for name, route in routes.items():
            with self.subTest(route=name):
                self.assert_stays(route)

    def test_import_names_the_line_and_the_reason(self):
        xml_id = self.lead.export_data(["id"])["datas"][0][0]
        for user in (self.seller, self.manager):
            result = self.lead.with_user(user).load(
                ["id", "stage_id/.id"], [[xml_id, str(self.pipeline_qualified.id)]]
            )
            self.assertFalse(result["ids"])
            self.assertIn(WORDS, result["messages"][0]["message"])
        self.env.invalidate_all()
        self.assertEqual(self.lead.lifecycle_stage_id, self.stage)
        result = self.lead.with_user(self.seller).load(
            ["id", "stage_id/.id", "phone"],
            [[xml_id, str(self.pipeline_qualified.id), "+32 2 555 12 34"]],
        )
        self.assertTrue(result["ids"], result["messages"])
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)

    def test_mass_edit_names_every_record_and_moves_none(self):
        leads = self._new_leads(12)
        leads[3].phone = "+32 2 555 12 34"
        with self.assertRaises(MoveRefused) as caught, self.env.cr.savepoint():
            leads.with_user(self.seller).write({"stage_id": self.pipeline_qualified.id})
        self.assertEqual(str(caught.exception).count(WORDS), 10)
        self.assertIn("… and 1 more.", str(caught.exception))
        details = caught.exception.context["lifecycle_refusal"]
        self.assertEqual(details["ids"], (leads - leads[3]).ids)
        self.assertEqual(len(details["forms"]), 5)
        self.env.invalidate_all()
        self.assertEqual(leads.lifecycle_stage_id, self.stage)

    def test_server_actions_are_refused(self):
        actions = self.env["ir.actions.server"]
        stage_id = self.pipeline_qualified.id
        field = self.env["ir.model.fields"]._get("crm.lead", "stage_id")
        for values in (
            self._new_action({"stage_id": stage_id}),
            self._new_action(
                {},
                state="object_write",
                update_path="stage_id",
                update_field_id=field.id,
                resource_ref=f"crm.stage,{stage_id}",
                value=str(stage_id),
            ),
        ):
            action = actions.create(values)
            context = {"active_model": "crm.lead", "active_ids": self.lead.ids}
            with mute_logger("odoo.addons.base.models.ir_actions"):
                self.assert_stays(action.with_context(**context).run)

    def test_an_automation_rule_is_refused_with_what_set_it_off(self):
        self._new_rule(
            "name",
            filter_domain="[('name', '=', 'Go')]",
            action_server_ids=[
                Command.create(
                    self._new_action({"stage_id": self.pipeline_qualified.id})
                )
            ],
        )
        self.assert_stays(
            lambda: self.lead.with_user(self.seller).write({"name": "Go"})
        )
        self.assertEqual(self.lead.name, "Lead 0")
        self.lead.phone = "+32 2 555 12 34"
        self.lead.with_user(self.seller).name = "Go"
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)

    def test_an_order_does_not_win_a_lead_that_lacks_something(self):
        self._new_rule(
            "state",
            "sale.order",
            filter_domain="[('state', '=', 'sale')]",
            action_server_ids=[
                Command.create(
                    self._new_action(
                        {},
                        "sale.order",
                        code="records.opportunity_id.action_set_won()",
                    )
                )
            ],
        )
        self.lead.partner_id = self.customer
        order = self._new_order(self.customer, confirm=False)
        order.opportunity_id = self.lead
        self.assert_stays(order.with_user(self.manager).action_confirm)
        self.assertEqual(order.state, "draft")
        self.lead.phone = "+32 2 555 12 34"
        order.with_user(self.manager).action_confirm()
        self.assertEqual(self.lead.lifecycle_stage_id, self.won)

    def test_merging_moves_nobody_on(self):
        self.lead.partner_id = self.customer
        other = self._new_leads(partner_id=self.customer.id)
        other.phone = "+32 2 555 12 34"
        other.stage_id = self.pipeline_qualified
        other.phone = False
        stages = {lead.id: lead.lifecycle_stage_id for lead in self.lead | other}
        merged = (self.lead | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.lifecycle_stage_id, stages[merged.id])
        self.assertEqual(len(self._visits(merged).filtered("is_open")), 1)

    def test_cron_leaves_who_lacks_something_where_they_are(self):
        auto = self.new.outgoing_ids.filtered(
            lambda move: move.target_id == self.active
        ).sudo()
        auto.domain = "[('city', '=', 'Bonn')]"
        self.requirement.unlink()
        self._require(stage=self.new, field_paths="vat", name="Tax ID known")
        others = self.env["res.partner"].create(
            [
                {"name": "Has none", "city": "Bonn"},
                {"name": "Has one", "city": "Bonn", "vat": "BE0477472701"},
            ]
        )
        others._lifecycle_move(self.new)
        with self.enter_registry_test_mode():
            cron = self.env.ref("crm_lifecycle.ir_cron_customer_metrics_refresh")
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            others.mapped("lifecycle_stage_id.name"),
            [
                "New Customer",
                "Active",
            ],
        )

    def test_a_confirmed_order_stands_and_moves_only_who_lacks_nothing(self):
        self.requirement.unlink()
        self._require(stage=self.new, field_paths="vat")
        self._new_order(self.customer)
        order = self._new_order(self.customer)
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)
        self.customer.vat = "BE0477472701"
        self._new_order(self.customer)
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)

    def test_customers_dragged_are_refused_too_and_may_not_leave_the_process(self):
        self.customer._lifecycle_move(self.new)
        self._require(stage=self.new, field_paths="vat", name="Tax ID known")
        for record in (self.customer, self.contact):
            for stage in (self.active, self.active.browse()):
                with self.assertRaises(MoveRefused), self.env.cr.savepoint():
                    record.lifecycle_stage_id = stage
        self.env.invalidate_all()
        self.assertEqual(self.customer.lifecycle_stage_id, self.new)

    def test_whoever_comes_under_another_process_begins_there(self):
        other = self.process.copy({"name": "Other"})
        team = self.env["crm.team"].create({"name": "Other"})
        other.team_ids = team
        other.action_publish()
        self.lead.team_id = team
        self.assertEqual(self.lead.lifecycle_process_id, other)
        with self.assertRaises(UserError):
            self.lead.stage_id = self.pipeline_won

    def test_a_return_and_a_removed_stage_ask_nobody(self):
        today = fields.Datetime.now()
        self.lead._lifecycle_move(self.following, origin="return")
        self.assertEqual(self.lead.lifecycle_stage_id, self.following)
        self.assertGreaterEqual(
            self.lead.lifecycle_stage_date, today.replace(microsecond=0)
        )
