from odoo.tests import HttpCase, tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestMapUi(LifecycleCommon, HttpCase):
    def test_seller_watches_filters_and_opens_what_stands_there(self):
        pipeline = self.env["crm.stage"].create({"name": "Tour Stage", "sequence": 2})
        for number, user in enumerate((self.seller, self.seller, self.seller.browse())):
            self._new_leads(
                name=f"Tour Map Lead {number}", user_id=user.id, stage_id=pipeline.id
            )
        self.start_tour(
            f"/odoo/lifecycle-map/{self.process.id}",
            "crm_lifecycle_map_watch_tour",
            login=self.seller.login,
        )

    def test_manager_draws_a_process_publishes_it_and_it_runs(self):
        others = self.env["crm.team"].create({"name": "Others"})
        self.env["crm.stage"].search([]).team_ids = others
        self.env["crm.sla.policy"].create({"name": "Tour Limit", "hours": 80})
        process = self.env["crm.lifecycle.process"].create(
            {"name": "Drawn by the tour", "team_ids": [(6, 0, self.team.ids)]}
        )
        self.start_tour(
            f"/odoo/lifecycle-map/{process.id}",
            "crm_lifecycle_map_draw_tour",
            login=self.manager.login,
        )
        self.assertEqual(process.state, "published")
        definition = process._get_definition()
        self.assertEqual(process.revision_id.definition, definition)
        self.assertEqual(definition["stages"], self._get_expected_stages(process))
        self.assertEqual(
            [(move["source"], move["target"]) for move in definition["moves"]],
            [
                ("new_stage", "new_stage_2"),
                ("new_stage", "new_stage_4"),
                ("new_stage_2", "new_stage_3"),
                ("new_stage_2", "new_stage_4"),
            ],
        )
        lead = self._new_leads(stage_id=process.stage_ids[0].crm_stage_id.id)
        self.assertEqual(lead.lifecycle_stage_id.name, "Talk")
        self.assertTrue(lead.lifecycle_deadline)

    def _get_expected_stages(self, process):
        """What was drawn, with what any stage has that nobody has touched."""
        untouched = self.env["crm.lifecycle.stage"].new({"phase": "lead"})
        plain = {
            name: untouched[name] if name != "position" else False
            for name in untouched._get_definition_fields()
            if untouched._fields[name].type != "many2one"
        }
        references = {
            name: False
            for name in untouched._get_definition_fields()
            if untouched._fields[name].type == "many2one"
        }
        drawn = (
            {
                "name": "Talk",
                "color": 4,
                "department": {"en_US": "Sales"},
                "goal": {"en_US": "We know what they need."},
                "sla_policy_id": {"name": "Tour Limit", "xmlid": False},
            },
            {"name": "Offer", "department": False},
            {"name": "Gone", "outcome": "lost"},
            {"name": "Deal", "outcome": "won"},
        )
        return [
            {
                **plain,
                **references,
                **values,
                "name": {"en_US": values["name"]},
                "sequence": sequence,
                "key": key,
                "pipeline": stage.crm_stage_id._lifecycle_get_definition(),
            }
            for values, sequence, key, stage in zip(
                drawn,
                (10, 20, 25, 30),
                ("new_stage", "new_stage_2", "new_stage_4", "new_stage_3"),
                process.stage_ids,
                strict=True,
            )
        ]
