from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestPartner(LifecycleCommon):
    def test_first_order_makes_a_customer_and_a_second_an_active_one(self):
        order = self._new_order(self.contact, confirm=False)
        order.with_user(self.seller).action_confirm()
        self.assertEqual(self._path(self.customer), ["New Customer"])
        self.assertEqual(self._visits(self.customer).user_id, self.seller)
        self._new_order(self.customer)
        self.assertEqual(self._path(self.customer), ["New Customer", "Active"])
        self.assertEqual(self.customer.lifecycle_purchase_count, 2)

    def test_orders_of_many_customers_confirmed_at_once(self):
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(5)])
        orders = self.env["sale.order"]
        for partner in partners:
            orders |= self._new_order(partner, confirm=False)
        orders.action_confirm()
        self.assertEqual(set(partners.mapped("lifecycle_stage_id")), {self.new})

    def test_contacts_show_search_and_group_by_the_stage_of_their_company(self):
        self.customer._lifecycle_move(self.active)
        family = self.customer | self.contact
        domain = [("id", "in", family.ids)]
        partners = self.env["res.partner"].with_user(self.seller)
        self.assertEqual(
            partners.search([*domain, ("lifecycle_stage_id", "=", self.active.id)]),
            family,
        )
        groups = partners._read_group(domain, ["lifecycle_stage_id"], ["__count"])
        self.assertEqual(groups, [(self.active, 2)])
        self.assertEqual(
            self.contact.export_data(["lifecycle_stage_id"])["datas"], [["Active"]]
        )
        self.assertEqual(self.contact.get_lifecycle_path()[0]["stage"], "Active")

    def test_new_contact_shows_the_stage_at_once(self):
        self.customer._lifecycle_move(self.active)
        contact = self.env["res.partner"].create(
            {"name": "Late", "parent_id": self.customer.id}
        )
        self.assertEqual(contact.lifecycle_stage_id, self.active)

    def test_moving_a_contact_moves_the_company(self):
        self.customer._lifecycle_move(self.active)
        self.contact.lifecycle_stage_id = self.dormant
        self.assertEqual(self._path(self.customer), ["Active", "Dormant"])
        self.assertFalse(self._visits(self.contact))

    def test_contact_who_leaves_a_company_leaves_its_stage(self):
        self.customer._lifecycle_move(self.active)
        self.contact.parent_id = False
        self.assertFalse(self.contact.lifecycle_stage_id)

    def test_customer_who_becomes_a_contact_brings_the_stage_along(self):
        person = self.env["res.partner"].create({"name": "Founder"})
        person._lifecycle_move(self.active)
        person.parent_id = self.customer
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        self.assertEqual(self._visits(person).mapped("is_open"), [False])
        self.assertIn("Founder", self._visits(self.customer).reason)

    def test_customer_who_becomes_a_contact_takes_the_stage_of_the_company(self):
        person = self.env["res.partner"].create({"name": "Founder"})
        person._lifecycle_move(self.active)
        self.customer._lifecycle_move(self.dormant)
        person.parent_id = self.customer
        self.assertEqual(person.lifecycle_stage_id, self.dormant)
        self.assertEqual(self._path(self.customer), ["Dormant"])

    def test_leaving_the_process_ends_the_stay(self):
        self.customer._lifecycle_move(self.active)
        self.customer.lifecycle_stage_id = False
        self.assertFalse(self._visits(self.customer).filtered("is_open"))
        self.assertFalse(self.contact.lifecycle_stage_id)
        self.assertFalse(self.customer.lifecycle_stage_date)

    def test_customer_created_in_a_stage_has_a_path(self):
        partner = self.env["res.partner"].create(
            {"name": "Imported", "lifecycle_stage_id": self.dormant.id}
        )
        self.assertEqual(self._path(partner), ["Dormant"])

    def _merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target, extra_checks=False
        )

    def test_merged_customers_keep_all_stays_and_one_open(self):
        other = self.env["res.partner"].create({"name": "Twin", "is_company": True})
        other._lifecycle_move(self.new)
        other._lifecycle_move(self.active)
        self._new_order(self.customer, date="2026-01-05 10:00:00")
        self._new_order(other, date="2026-02-05 10:00:00")
        self.customer._lifecycle_move(self.dormant)
        self._merge(other, self.customer)
        visits = self._visits(self.customer)
        self.assertEqual(len(visits), 3)
        self.assertEqual(visits.filtered("is_open").stage_id, self.dormant)
        self.assertEqual(self.customer.lifecycle_stage_id, self.dormant)
        self.assertEqual(self.customer.lifecycle_purchase_count, 2)

    def test_merging_a_customer_into_a_stranger_makes_a_customer(self):
        other = self.env["res.partner"].create({"name": "Twin", "is_company": True})
        other._lifecycle_move(self.active)
        self._merge(other, self.customer)
        self.assertEqual(self._path(self.customer), ["Active"])
        self.assertEqual(self.customer.lifecycle_stage_id, self.active)
        self.assertTrue(self._visits(self.customer).is_open)

    def test_deleted_customer_takes_stays_and_facts_along(self):
        partner = self.env["res.partner"].create({"name": "Short"})
        partner._lifecycle_move(self.active)
        visits = self._visits(partner)
        partner.unlink()
        self.assertFalse(visits.exists())

    def test_kanban_has_a_column_for_every_customer_stage(self):
        self.customer._lifecycle_move(self.active)
        result = (
            self.env["res.partner"]
            .with_user(self.seller)
            .with_context(read_group_expand=True)
            .web_read_group(
                [("id", "=", self.customer.id)], ["lifecycle_stage_id"], ["__count"]
            )
        )
        columns = [group["lifecycle_stage_id"][1] for group in result["groups"]]
        self.assertEqual(
            columns,
            self.process.stage_ids.filtered(lambda s: s.phase == "customer").mapped(
                "name"
            ),
        )

    def test_stage_is_one_for_the_group_but_purchases_are_per_company(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        self._new_order(self.customer)
        self._new_order(self.customer, company=other)
        here = self.customer.with_company(self.env.company).with_context(
            allowed_company_ids=self.env.company.ids
        )
        self.manager.company_ids |= other
        both = self.customer.with_user(self.manager).with_context(
            allowed_company_ids=[self.env.company.id, other.id]
        )
        self.assertEqual(here.with_user(self.seller).lifecycle_purchase_count, 1)
        self.assertEqual(both.lifecycle_purchase_count, 2)
        domain = [("id", "=", self.customer.id), ("lifecycle_purchase_count", ">=", 2)]
        self.assertTrue(both.search_count(domain))
        self.assertFalse(here.with_user(self.seller).search_count(domain))
        self.assertEqual(here.lifecycle_stage_id, self.active)

    def test_purchase_searches_agree_with_the_shown_figures(self):
        silent = self.env["res.partner"].create({"name": "Silent"})
        self._new_order(self.customer, date="2026-01-05 10:00:00")
        self._new_order(self.customer, date="2026-02-05 10:00:00")
        self.env["crm.customer.metrics"]._refresh()
        everybody = self.customer | silent | self.contact
        for name, operator, value in (
            ("lifecycle_purchase_count", "=", 0),
            ("lifecycle_purchase_count", "!=", 0),
            ("lifecycle_purchase_count", ">=", 1),
            ("lifecycle_purchase_count", "<", 2),
            ("lifecycle_purchase_count", "<", 3),
            ("lifecycle_purchase_count", "in", [0, 2]),
            ("lifecycle_last_purchase_date", "=", False),
            ("lifecycle_last_purchase_date", "!=", False),
            ("lifecycle_last_purchase_date", "<", "2026-02-05 10:00:00"),
            ("lifecycle_last_purchase_date", "<=", "2026-02-05 10:00:00"),
            ("lifecycle_first_purchase_date", ">", "2026-01-01 00:00:00"),
        ):
            with self.subTest(name=name, operator=operator, value=value):
                leaf = [(name, operator, value)]
                found = everybody.search([("id", "in", everybody.ids), *leaf])
                self.assertEqual(
                    found, self._filter_by_hand(everybody, name, operator, value)
                )

    def _filter_by_hand(self, partners, name, operator, value):
        def holds(partner):
            shown = partner[name]
            if operator == "in":
                return shown in value
            if operator in ("=", "!="):
                return (shown == value) == (operator == "=")
            wanted = (
                value
                if isinstance(value, int)
                else partner._fields[name].to_datetime(value)
            )
            if shown is False:
                return False
            return {
                "<": shown < wanted,
                "<=": shown <= wanted,
                ">": shown > wanted,
                ">=": shown >= wanted,
            }[operator]

        return partners.filtered(holds)
