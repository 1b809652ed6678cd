from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW
from .common_pool import PoolCommon


@tagged("post_install", "-at_install")
class TestPool(PoolCommon):
    def _refused(self, function, *words):
        with self.assertRaises(UserError) as caught:
            function()
        for word in words:
            self.assertIn(word, str(caught.exception))

    # ------------------------------------------------------------
    # Claim and release
    # ------------------------------------------------------------

    def test_a_member_claims_and_becomes_the_owner(self):
        lead = self._new_pooled()
        card = self._card(lead, self.colleague)
        action = card.action_claim()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead.id))
        self.assertEqual(lead.user_id, self.colleague)
        self.assertFalse(lead.lifecycle_pool_id)
        self.assertEqual(lead.with_user(self.colleague).name, "Lead 0")
        events = lead.lifecycle_pool_event_ids
        self.assertEqual(events.mapped("kind"), ["claimed", "released"])
        self.assertEqual(events[0].owner_id, self.colleague)
        self.assertEqual(events[0].previous_owner_id, self.seller)
        self.assertEqual(events[1].reason, "Too far away")

    def test_the_second_hears_who_was_faster(self):
        lead = self._new_pooled()
        card = self._card(lead, self.colleague)
        late = self._card(lead, self.leader)
        card.action_claim()
        self._refused(late.action_claim, self.colleague.name, "faster")
        self._refused(card.action_claim, "already")
        nosy = late.with_user(self.outsider)
        with self.assertRaises(UserError) as caught:
            nosy.action_claim()
        self.assertNotIn(self.colleague.name, str(caught.exception))

    def test_only_members_claim(self):
        lead = self._new_pooled()
        self.assertFalse(self._card(lead, self.outsider))
        card = self._card(lead, self.colleague).with_user(self.outsider)
        self._refused(card.action_claim, "not a member", "East")
        self.pool.team_ids = self.team
        self.team.member_ids = self.outsider
        self.assertTrue(self._card(lead, self.outsider), "its team is a member")
        self._card(lead, self.outsider).action_claim()
        self.assertEqual(lead.user_id, self.outsider)

    def test_quota_of_held_records_is_named(self):
        self.pool.held_max = 2
        self._new_leads(2, user_id=self.colleague.id)
        self._new_leads(1, user_id=self.colleague.id).action_set_lost()
        lead = self._new_pooled()
        self._refused(self._card(lead, self.colleague).action_claim, "You hold 2 of 2")
        self.pool.held_max = 3
        self._card(lead, self.colleague).action_claim()
        self.assertEqual(lead.user_id, self.colleague)

    def test_only_what_fits_the_pool_counts_as_held(self):
        self.pool.write({"held_max": 1, "domain": "[('expected_revenue', '>', 1000)]"})
        self._new_leads(3, user_id=self.colleague.id, expected_revenue=10)
        lead = self._new_pooled(expected_revenue=2000)
        self._card(lead, self.colleague).action_claim()
        self.assertEqual(lead.user_id, self.colleague)

    def test_claims_per_day_are_counted(self):
        self.pool.daily_max = 2
        leads = self._new_pooled(4)
        cards = [self._card(lead, self.colleague) for lead in leads]
        with freeze_time(NOW):
            for card in cards[:2]:
                card.action_claim()
            self._refused(cards[2].action_claim, "claimed 2 of 2")
        with freeze_time(NOW + timedelta(days=1)):
            cards[2].action_claim()
        self.assertEqual(leads.mapped("user_id"), self.colleague)
        self.assertFalse(leads[3].user_id)

    def test_previous_owner_waits_for_the_cooldown(self):
        with freeze_time(NOW):
            lead = self._new_pooled()
        card = self._card(lead, self.seller)
        with freeze_time(NOW + timedelta(days=13)):
            self.env.invalidate_all()
            self.assertEqual(card.locked_until, (NOW + timedelta(days=14)).date())
            self._refused(card.action_claim, "from 2026-03-16")
            self.assertFalse(self._card(lead, self.colleague).locked_until)
        with freeze_time(NOW + timedelta(days=15)):
            card.action_claim()
        self.assertEqual(lead.user_id, self.seller)

    def test_several_cards_are_claimed_at_once(self):
        leads = self._new_pooled(3)
        cards = self.env["crm.lead.pool.card"].with_user(self.colleague).search([])
        cards = cards.filtered(lambda card: card.res_id in leads.ids)
        action = cards.action_claim()
        self.assertEqual(leads.user_id, self.colleague)
        self.assertEqual(action["domain"], [("id", "in", leads.ids)])

    def test_releasing_by_the_wizard(self):
        leads = self._new_leads(2)
        wizard = self.env["crm.lead.pool.release"].with_user(self.seller)
        form = Form(
            wizard.with_context(default_res_model="crm.lead", active_ids=leads.ids)
        )
        self.assertEqual(form.pool_id, self.pool, "the first it fits")
        form.reason = "Speaks Japanese"
        form.save().action_release()
        self.assertEqual(leads.lifecycle_pool_id, self.pool)
        self.assertEqual(leads.lifecycle_previous_user_id, self.seller)
        self.assertIn("Speaks Japanese", leads[0].message_ids[0].body)

    def test_nobody_releases_what_others_own(self):
        lead = self._new_leads(user_id=self.colleague.id)
        wizard = self.env["crm.lead.pool.release"].with_user(self.seller)
        wizard = wizard.with_context(active_ids=lead.ids).create(
            {"res_model": "crm.lead", "pool_id": self.pool.id, "reason": "Mine"}
        )
        with self.assertRaises(AccessError):
            wizard.action_release()
        customer = self.customer.copy({"user_id": self.colleague.id})
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        wizard.write({"res_model": "res.partner", "pool_id": self.customer_pool.id})
        wizard = wizard.with_context(active_ids=customer.ids)
        self._refused(wizard.action_release, "in the care of", self.colleague.name)

    def test_closed_records_and_foreign_kinds_do_not_wait(self):
        lead = self._new_leads()
        self._refused(
            lambda: lead._lifecycle_release(self.customer_pool, "x"), "another kind"
        )
        lead.action_set_lost()
        self._refused(lambda: lead._lifecycle_release(self.pool, "x"), "closed")

    def test_tasks_and_followers_are_handed_over(self):
        lead = self._new_leads(partner_id=self.contact.id)
        lead.message_subscribe((self.seller.partner_id | self.contact).ids)
        task = lead.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        lead._lifecycle_release(self.pool, "Too far away")
        self.assertFalse(task.user_id)
        self.assertNotIn(self.seller.partner_id, lead.message_partner_ids)
        self.assertNotIn(self.contact, lead.message_partner_ids)
        self._card(lead, self.colleague).action_claim()
        self.assertEqual(task.user_id, self.colleague)

    def test_customers_wait_with_their_contacts(self):
        self.customer.partner_share = True
        self.customer._lifecycle_release(self.customer_pool, "Retired seller")
        family = self.customer | self.contact
        self.assertEqual(family.lifecycle_pool_id, self.customer_pool)
        late = self.env["res.partner"].create(
            {"name": "Later Contact", "parent_id": self.customer.id}
        )
        self.assertEqual(late.lifecycle_pool_id, self.customer_pool)
        self._card(self.customer, self.colleague).action_claim()
        self.assertEqual(self.customer.user_id, self.colleague)
        self.assertFalse((family | late).lifecycle_pool_id)

    # ------------------------------------------------------------
    # Definition
    # ------------------------------------------------------------

    def test_domains_are_checked_on_save(self):
        for domain in (
            "[('no_such_field', '=', 1)]",
            "[('name', '=', ",
            "__import__('os').getcwd()",
            "[('user_id.no_such_field', '=', 1)]",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError) as e:
                self.pool.domain = domain
            self.assertIn("East", str(e.exception))

    def test_a_pool_broken_later_names_itself_and_takes_nothing(self):
        self.env.cr.execute(
            "UPDATE crm_lead_pool SET domain = '[(''gone'', ''='', 1)]' WHERE id = %s",
            [self.pool.id],
        )
        self.env.invalidate_all()
        other = self.pool.copy({"name": "Second", "domain": "[]"})
        lead = self._new_leads()
        self.assertEqual(lead._lifecycle_find_pools(), {lead: other})
        self.assertIn("gone", self.pool.last_error)
        self.pool.domain = "[]"
        self.pool._get_record_domain()
        self.assertFalse(self.pool.last_error)

    def test_a_pool_in_use_stays(self):
        self._new_pooled()
        for function in (
            self.pool.unlink,
            self.pool.action_archive,
            lambda: self.pool.write({"res_model": "res.partner"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                function()

    def test_pools_lead_to_pools_of_the_same_kind(self):
        with self.assertRaises(ValidationError):
            self.pool.target_pool_id = self.customer_pool

    # ------------------------------------------------------------
    # Two companies, merges
    # ------------------------------------------------------------

    def test_pools_of_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids += other
        theirs = self.pool.copy({"name": "Theirs", "company_id": other.id})
        lead = self._new_leads(company_id=self.env.company.id)
        self._refused(lambda: lead._lifecycle_release(theirs, "x"), "another company")
        lead = self._new_leads(company_id=other.id, team_id=False, user_id=False)
        lead._lifecycle_release(theirs, "x")
        self.assertFalse(self._card(lead, self.colleague))
        card = self._card(lead)
        self._refused(card.with_user(self.colleague).action_claim, "company")

    def test_merging_leads_keeps_the_pool_history(self):
        leads = self._new_leads(2)
        leads[0]._lifecycle_release(self.pool, "First")
        kept = leads.merge_opportunity()
        self.assertIn("First", kept.lifecycle_pool_event_ids.mapped("reason"))
        self.assertEqual(kept.user_id, self.seller)
        self.assertFalse(kept.lifecycle_pool_id, "the merged lead has an owner")

    def test_merging_customers_keeps_the_pool_history(self):
        twin = self.customer.copy({"name": "Twin Inc"})
        twin._lifecycle_release(self.customer_pool, "Twin")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | twin).ids, self.customer)
        self.assertEqual(
            self.customer.lifecycle_pool_event_ids.mapped("reason"), ["Twin"]
        )
        self.assertFalse(self.customer.lifecycle_pool_id)

    def test_releasing_many_costs_as_many_queries_as_few(self):
        def cost(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads._lifecycle_release(self.pool, "x")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(self._new_leads(2))
        few, many = cost(self._new_leads(3)), cost(self._new_leads(60))
        self.assertLess(many - few, 57 * 0.5, (few, many))
        self.assertTrue(fields.Datetime.now())
