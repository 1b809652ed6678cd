from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_pool import PoolCommon

SECRET = "secret@hidden.example"
READERS = ("colleague", "outsider", "all_documents", "seller")


@tagged("post_install", "-at_install")
class TestPoolAccess(PoolCommon):
    """Whatever way they ask: sellers learn nothing of what waits in a pool."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all_documents = cls._new_user(
            "all_documents", "sales_team.group_sale_salesman_all_leads"
        )
        cls.contact.write({"email": SECRET, "phone": "+1 555 0100"})
        cls.lead = cls._new_leads(
            name="Call 555 0100",
            partner_id=cls.contact.id,
            email_from=SECRET,
            contact_name="Hidden Person",
            website="https://hidden.example",
            street="1 Hidden Street",
        )
        cls.note = cls.lead.message_post(
            body=f"Write to {SECRET}", author_id=cls.manager.partner_id.id
        )
        cls.task = cls.lead.activity_schedule(
            "mail.mail_activity_data_call", summary=SECRET, user_id=cls.seller.id
        )
        cls.done = cls.lead.activity_schedule(
            "mail.mail_activity_data_call", summary=SECRET, user_id=cls.manager.id
        )
        cls.done.with_user(cls.manager).action_feedback(feedback=SECRET)
        cls.file = cls.env["ir.attachment"].create(
            {
                "name": SECRET,
                "raw": b"x",
                "res_model": "crm.lead",
                "res_id": cls.lead.id,
            }
        )
        cls.lead._lifecycle_release(cls.pool, "Too far away")
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _readers(self):
        for name in READERS:
            with self.subTest(user=name):
                self.env.invalidate_all()
                yield getattr(self, name)

    def test_the_lead_is_hidden_by_every_way_of_asking(self):
        for user in self._readers():
            leads = self.env["crm.lead"].with_user(user)
            lead = leads.browse(self.lead.id)
            found = [("email_from", "=", SECRET)]
            self.assertFalse(leads.search(found))
            self.assertFalse(leads.search_read([("id", "=", lead.id)], ["email_from"]))
            self.assertFalse(leads.search_count(found))
            self.assertFalse(leads.name_search("Call 555"))
            groups = leads._read_group(found, ["email_from"], ["__count"])
            self.assertFalse(groups)
            self.assertFalse(leads.formatted_read_group(found, ["name"], ["__count"]))
            self.assertFalse(leads.web_search_read(found, {"name": {}})["records"])
            for method, *arguments in (
                ("read", ["email_from"]),
                ("web_read", {"phone": {}}),
                ("export_data", ["email_from", "contact_name"]),
                ("copy",),
                ("message_post",),
            ):
                self.env.invalidate_all()
                with self.assertRaises(UserError):
                    getattr(lead, method)(*arguments)

    def test_messages_tasks_files_and_stays_are_hidden(self):
        of_lead = [("model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        of_record = [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        for user in self._readers():
            env = self.env(user=user)
            messages = env["mail.message"].search(of_lead)
            told = messages.sudo().notified_partner_ids  # what was sent is sent
            self.assertFalse(messages if user.partner_id not in told else False)
            self.assertFalse(env["mail.activity"].search(of_record))
            self.assertFalse(env["ir.attachment"].search(of_record))
            followers = env["mail.followers"].search(of_record)
            self.assertFalse(followers.filtered("partner_id.partner_share"))
            for model in ("crm.lifecycle.visit", "crm.activity.report"):
                found = env[model].search([("lead_id", "=", self.lead.id)])
                self.assertFalse(found, model)
            self.assertFalse(
                env["crm.lead.pool.event"].search([("lead_id", "=", self.lead.id)])
            )

    def test_templates_are_not_rendered_for_what_is_hidden(self):
        template = self.env["mail.template"].create(
            {
                "name": "Preview",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "body_html": '<p t-out="object.email_from"/>',
            }
        )
        for user in self._readers():
            preview = self.env["mail.template.preview"].with_user(user)
            preview = preview.create(
                {
                    "mail_template_id": template.id,
                    "resource_ref": f"crm.lead,{self.lead.id}",
                }
            )
            self.assertNotIn(SECRET, preview.body_html)
            with self.assertRaises(UserError):
                template.with_user(user)._render_field("body_html", self.lead.ids)

    def test_the_card_tells_what_it_may(self):
        self.lead.write(
            {"expected_revenue": 5000, "tag_ids": [(0, 0, {"name": "Fair"})]}
        )
        card = self._card(self.lead, self.colleague)
        self.assertEqual((card.expected_revenue, card.tags), (5000, "Fair"))
        values = card.read()[0]
        for word in (SECRET, "hidden", "Hidden", "555", self.customer.name):
            self.assertNotIn(word, str(values))
        for path in ("res_id.email_from", "pool_id.record_ids.email_from"):
            with self.assertRaises(ValueError):
                card.search([(path, "ilike", "a")])
        self.pool.show_title = True
        self.env.invalidate_all()
        self.assertEqual(card.title, "Call 555 0100", "where the pool allows it")

    def test_customers_are_hidden_with_their_contacts(self):
        self.customer.email = "inc@hidden.example"
        self.customer._lifecycle_release(self.customer_pool, "Retired")
        for user in self._readers():
            partners = self.env["res.partner"].with_user(user)
            domain = [("id", "in", (self.customer | self.contact).ids)]
            self.assertFalse(partners.search(domain))
            self.assertFalse(partners.name_search("Customer Inc"))
            self.assertFalse(partners._read_group(domain, ["email"]))
            with self.assertRaises(AccessError):
                partners.browse(self.contact.id).read(["email", "phone"])
            stays = self.env["crm.lifecycle.visit"].with_user(user)
            self.assertFalse(stays.search([("partner_id", "=", self.customer.id)]))
            self.assertFalse(
                self.env["crm.lead"]
                .with_user(user)
                .search([("partner_id.email", "=", SECRET)])
            )

    def test_colleagues_outside_sales_and_managers_go_on_working(self):
        self.customer._lifecycle_release(self.customer_pool, "Retired")
        clerk = self._new_user("clerk")
        self.assertEqual(self.contact.with_user(clerk).email, SECRET)
        self.assertEqual(self.contact.with_user(self.manager).email, SECRET)
        self.assertEqual(self.lead.with_user(self.manager).email_from, SECRET)
        self.pool.user_id = self.leader
        self.env.invalidate_all()
        self.assertEqual(self.lead.with_user(self.leader).email_from, SECRET)

    def test_an_order_of_a_hidden_customer_opens(self):
        order = self._new_order(self.customer, date="2024-01-01")
        order.user_id = self.seller
        self.customer._lifecycle_release(self.customer_pool, "Retired")
        self.env.flush_all()
        self.env.invalidate_all()
        values = order.with_user(self.seller).web_read(
            {"partner_id": {"fields": {"display_name": {}}}, "amount_total": {}}
        )
        self.assertTrue(values)

    def test_what_is_claimed_is_seen_by_the_owner_alone(self):
        self._card(self.lead, self.colleague).action_claim()
        self.env.invalidate_all()
        self.assertEqual(self.lead.with_user(self.colleague).email_from, SECRET)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.outsider).read(["email_from"])
        self.assertTrue(
            self.env["crm.lead.pool.event"]
            .with_user(self.colleague)
            .search([("lead_id", "=", self.lead.id)])
        )

    # ------------------------------------------------------------
    # The guard
    # ------------------------------------------------------------

    def test_nobody_takes_a_lead_past_the_button(self):
        for user in self._readers():
            lead = self.lead.with_user(user)
            for vals in ({"user_id": user.id}, {"lifecycle_pool_id": False}):
                with self.assertRaises(UserError):
                    lead.write(vals)
            result = lead.load([".id", "user_id/.id"], [[str(lead.id), str(user.id)]])
            self.assertFalse(result["ids"])
            self.assertFalse(self.lead.user_id)
        with self.assertRaises(UserError) as caught:
            self.lead.with_user(self.colleague).user_id = self.colleague
        self.assertIn("Claim", str(caught.exception))
        self.assertIn("East", str(caught.exception))

    def test_forged_contexts_and_private_methods_do_not_help(self):
        lead = self.lead.with_user(self.colleague)
        with self.assertRaises(UserError):
            lead.with_context(lifecycle_pool_move="claimed", su=True).write(
                {"user_id": self.colleague.id}
            )
        own = self._new_leads(user_id=self.colleague.id).with_user(self.colleague)
        for vals in (
            {"lifecycle_pool_id": self.pool.id},
            {"lifecycle_cooldown_date": "2026-01-01 00:00:00"},
        ):
            with self.assertRaises(UserError):
                own.write(vals)
        with self.assertRaises(UserError):
            lead.create({"name": "x", "lifecycle_pool_id": self.pool.id})

    def test_managers_assign_from_the_pool(self):
        self.lead.with_user(self.manager).user_id = self.colleague
        self.assertFalse(self.lead.lifecycle_pool_id)
        event = self.lead.lifecycle_pool_event_ids[0]
        self.assertEqual((event.kind, event.user_id), ("assigned", self.manager))

    def test_managers_fill_a_pool_by_import(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        result = leads.load(
            ["name", "lifecycle_pool_id/.id"], [["Imported", str(self.pool.id)]]
        )
        lead = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(lead.lifecycle_pool_id, self.pool)
        self.assertFalse(lead.user_id)
        self.assertTrue(lead.lifecycle_pooled_date)
