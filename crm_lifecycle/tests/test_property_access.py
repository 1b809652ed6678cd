from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_requirement import RequirementCommon


@tagged("post_install", "-at_install")
class TestPropertyAccess(RequirementCommon):
    """Finance sees what is for finance alone, in one flow with all the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance_group = cls.env["res.groups"].create({"name": "Credit check"})
        cls.finance = cls._new_user("finance", "sales_team.group_sale_salesman")
        cls.finance.group_ids += cls.finance_group
        cls.lead.user_id = cls.finance
        lines = cls.env["crm.lifecycle.property"].sudo()  # sudo: the process runs
        cls.limit, cls.cups = lines.create(
            [
                {
                    "stage_id": cls.stage.id,
                    "name": "Credit limit",
                    "kind": "integer",
                    "group_ids": [(6, 0, cls.finance_group.ids)],
                },
                {"stage_id": cls.stage.id, "name": "Cups", "kind": "integer"},
            ]
        )
        cls.outsider = cls._new_user(
            "outsider",
            "sales_team.group_sale_salesman_all_leads",
            "base.group_allow_export",
        )
        cls.values = {cls.limit.key: 5000, cls.cups.key: 40}
        cls.lead.with_user(cls.finance).lifecycle_properties = cls.values

    def _read(self, user):
        (values,) = self.lead.with_user(user).read(["lifecycle_properties"])
        return {p["string"]: p.get("value") for p in values["lifecycle_properties"]}

    def test_others_see_the_rest(self):
        self.assertEqual(self._read(self.finance), {"Credit limit": 5000, "Cups": 40})
        self.assertEqual(self._read(self.outsider), {"Cups": 40})
        self.lead.stage_id = self.pipeline_qualified
        for user, labels in (
            (self.finance, ["Credit limit", "Cups"]),
            (self.outsider, ["Cups"]),
        ):
            path = self.lead.with_user(user).get_lifecycle_path()
            self.assertEqual([line["label"] for line in path[0]["fields"]], labels)

    def test_nothing_is_found_sorted_or_grouped_by_what_is_hidden(self):
        path = f"lifecycle_properties.{self.limit.key}"
        domain = [(path, ">", 4000)]
        leads = self.env["crm.lead"].with_user(self.finance)
        self.assertEqual(leads.search(domain), self.lead)
        leads = leads.with_user(self.outsider)
        for leak in (
            lambda: leads.search(domain),
            lambda: leads.search_count([(path, "=", 5000)]),
            lambda: leads.search([], order=path),
            lambda: leads._read_group([], [path], ["__count"]),
            lambda: leads.formatted_read_group([], [path], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                leak()
        rows = self.lead.with_user(self.outsider).export_data([path])["datas"]
        self.assertNotIn("5000", str(rows))

    def test_who_does_not_see_it_writes_around_it(self):
        lead = self.lead.with_user(self.outsider)
        with self.assertRaises(AccessError):
            lead.lifecycle_properties = {self.limit.key: 1}
        shown = lead.read(["lifecycle_properties"])[0]["lifecycle_properties"]
        shown[0]["value"] = 50
        lead.web_save({"lifecycle_properties": shown}, {})
        self.assertEqual(
            self.lead.sudo().lifecycle_properties._values,
            {self.limit.key: 5000, self.cups.key: 50},
        )

    def test_it_is_required_of_everybody_and_offered_to_those_who_may(self):
        self._require(
            field_paths=f"lifecycle_properties.{self.limit.key}", name="Credit known"
        )
        lead = self._new_leads(user_id=self.finance.id)
        for user, fields in ((self.finance, 1), (self.outsider, 0)):
            (line,) = lead.with_user(user).get_lifecycle_kit()["requirements"]
            self.assertFalse(line["is_met"])
            self.assertEqual(len(line["fields"]), fields)

    def test_who_may_see_it_travels_with_the_definition(self):
        definition = self.process._get_definition()
        stage = next(s for s in definition["stages"] if s["key"] == self.stage.key)
        groups = [line["group_ids"] for line in stage["properties"]]
        self.assertEqual(groups[0][0]["full_name"], "Credit check")
        copy = self.process.copy()
        twin = copy.stage_ids.filtered(lambda s: s.key == self.stage.key)
        self.assertEqual(twin.property_ids[0].group_ids, self.finance_group)
