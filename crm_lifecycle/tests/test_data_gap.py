from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..models.crm_data_gap import AT_MOST
from .common import NOW, LifecycleCommon


@tagged("post_install", "-at_install")
class TestDataGap(LifecycleCommon):
    """What is missing, who repairs it, and by when."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Gap = cls.env["crm.data.gap"]
        cls.industry = cls.env["res.partner.industry"].create({"name": "Bakeries"})
        cls.source = cls.env["utm.source"].create({"name": "Trade Fair"})
        cls.customer.write(
            {
                "email": "office@customer.example.com",
                "phone": "+32 2 555 01 00",
                "industry_id": cls.industry.id,
            }
        )
        cls.customer._lifecycle_move(cls.active)
        cls.lead = cls._new_leads(
            email_from="lead@lead.example.com",
            phone="+32 2 555 01 01",
            source_id=cls.source.id,
        )

    def _gap(self, record, user=None):
        gaps = self.Gap.with_user(user or self.env.user)
        self.env.invalidate_all()
        return gaps.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )

    def _codes(self, record, user=None):
        codes = self._gap(record, user).codes
        return set(codes.split(",")) if codes else set()

    def test_complete_records_are_not_listed(self):
        self.assertFalse(self._gap(self.customer))
        self.assertFalse(self._gap(self.lead))

    def _run_weekly(self):
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_data_gap_ask").method_direct_trigger()

    def test_nobody_is_flooded_by_the_weekly_run(self):
        leads = self._new_leads(AT_MOST + 5)
        self._run_weekly()
        tasks = self.env["mail.activity"].search(
            Domain("activity_type_id", "=", self.Gap._get_activity_type().id)
            & Domain("user_id", "=", self.seller.id)
        )
        self.assertEqual(len(tasks), AT_MOST)
        self._run_weekly()
        self.assertEqual(len(tasks.exists()), AT_MOST)
        with self.subTest("whoever asks for all of them asks for all"):
            self.Gap.search(
                [("res_model", "=", "crm.lead"), ("res_id", "in", leads.ids)]
            ).action_ask()
            self.env.invalidate_all()
            self.assertTrue(all(lead.activity_ids for lead in leads))

    def test_each_gap_of_a_customer(self):
        self.customer.write({"email": False, "phone": False, "industry_id": False})
        self.customer.user_id = False
        gap = self._gap(self.customer)
        self.assertEqual(
            self._codes(self.customer), {"email", "phone", "industry", "owner"}
        )
        self.assertEqual(
            gap.reasons, "No e-mail, No phone, No industry, No salesperson"
        )
        self.assertEqual((gap.gap_count, gap.partner_id), (4, self.customer))
        self.contact.write({"email": "carla@customer.example.com", "phone": "+32 1"})
        self.assertEqual(self._codes(self.customer), {"industry", "owner"})

    def test_each_gap_of_a_lead(self):
        self.lead.write(
            {"email_from": False, "phone": False, "source_id": False, "user_id": False}
        )
        self.assertEqual(self._codes(self.lead), {"email", "phone", "source", "owner"})
        self.customer.industry_id = False
        self.lead.partner_id = self.customer
        self.assertIn("industry", self._codes(self.lead))
        self.lead.action_set_lost()
        self.assertFalse(self._gap(self.lead), "what is lost needs no data")

    def test_who_waits_in_a_pool_lacks_no_salesperson(self):
        pool = self.env["crm.lead.pool"].create({"name": "East"})
        self.lead._lifecycle_release(pool, "Too far away")
        self.assertFalse(self._gap(self.lead))

    def test_possible_duplicates_by_mail_phone_and_tax_number(self):
        twin = self.env["res.partner"].create(
            {
                "name": "Customer Incorporated",
                "is_company": True,
                "user_id": self.seller.id,
                "industry_id": self.industry.id,
                "email": "OFFICE@customer.example.com",
                "phone": "+32 2 555 09 99",
            }
        )
        twin._lifecycle_move(self.active)
        for values, found in (
            ({}, True),
            ({"email": "other@customer.example.com"}, False),
            ({"phone": self.customer.phone}, True),
            ({"phone": "+32 2 555 09 99", "vat": "BE0477472701"}, False),
        ):
            twin.write(values)
            for record in (self.customer, twin):
                with self.subTest(values=values, record=record.name):
                    self.assertEqual("duplicate" in self._codes(record), found)
        self.customer.vat = twin.vat
        self.assertIn("duplicate", self._codes(twin))

    def test_leads_of_one_customer_are_no_duplicates(self):
        other = self._new_leads(
            email_from="lead@lead.example.com",
            phone="+32 2 555 01 09",
            source_id=self.source.id,
        )
        self.assertEqual(self._codes(other), {"duplicate"})
        (self.lead | other).partner_id = self.customer
        (self.lead | other).email_from = "lead@lead.example.com"
        self.assertFalse(self._codes(other))

    def test_one_rule_for_list_filter_and_domain(self):
        self.customer.email = False
        for name in ("res.partner", "crm.lead"):
            host = self.env[name]
            for code, (_text, domain) in host._lifecycle_get_data_gaps().items():
                with self.subTest(host=name, code=code):
                    rows = self.Gap.search(
                        [("res_model", "=", name), ("codes", "like", code)]
                    )
                    found = host.search(
                        Domain(domain) & host._lifecycle_get_checked_domain()
                    )
                    self.assertEqual(set(rows.mapped("res_id")), set(found.ids))

    def test_users_see_gaps_of_the_records_they_see(self):
        theirs = self._new_leads(user_id=self.leader.id)
        self.assertFalse(self._gap(theirs, self.seller))
        self.assertTrue(self._gap(theirs, self.manager))
        other = self.env["res.company"].create({"name": "Other Company"})
        self.customer.write({"company_id": other.id, "email": False})
        self.assertFalse(self._gap(self.customer, self.manager))
        with self.assertRaises(AccessError):
            self._gap(theirs, self._new_user("outsider"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.Gap.with_user(self.manager).has_access(operation))

    @freeze_time(NOW)
    def test_the_owner_is_asked_once_until_a_day(self):
        self.lead.phone = False
        gap = self._gap(self.lead, self.manager)
        self.assertFalse(gap.activity_date)
        for _time in range(2):
            gap.action_ask()
            gap = self._gap(self.lead, self.manager)
        activity = self.lead.activity_ids
        self.assertEqual(
            (activity.user_id, activity.summary), (self.seller, "No phone")
        )
        self.assertEqual(gap.activity_date, NOW.date() + timedelta(days=7))
        self.assertEqual(gap.activity_user_id, self.seller)

    @freeze_time(NOW)
    def test_where_there_is_no_owner_who_is_responsible_is_asked(self):
        self.lead.user_id = False
        self._gap(self.lead, self.manager).action_ask()
        self.assertEqual(self.lead.activity_ids.user_id, self.leader)

    @freeze_time(NOW)
    def test_the_task_is_done_when_the_data_are_complete(self):
        self.lead.phone = False
        self._gap(self.lead).action_ask()
        self.Gap._close_repaired()
        self.assertTrue(self.lead.activity_ids)
        self.lead.phone = "+32 2 555 01 01"
        self.Gap._close_repaired()
        self.assertFalse(self.lead.activity_ids)

    def test_a_row_opens_its_record(self):
        self.lead.phone = False
        action = self._gap(self.lead).action_open_record()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("crm.lead", self.lead.id)
        )

    def test_many_rows_cost_no_more_queries(self):
        specification = {
            "name": {},
            "reasons": {},
            "user_id": {"fields": {"display_name": {}}},
        }
        counts = []
        for number in (2, 40):
            self._new_leads(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.Gap.web_search_read([], specification, limit=80)["records"]
            counts.append(self.env.cr.sql_log_count - before)
        self.assertGreater(len(rows), 40)
        self.assertLessEqual(counts[1], counts[0])

    def test_the_process_says_how_many(self):
        self.lead.phone = False
        count = self.process.with_user(self.manager).data_gap_count
        self.assertEqual(count, self.Gap.with_user(self.manager).search_count([]))
        self.assertGreater(count, 0)


@tagged("post_install", "-at_install")
class TestReferral(LifecycleCommon):
    def test_recommendations_of_a_customer_and_its_contacts_are_counted(self):
        leads = self._new_leads(2, lifecycle_referrer_id=self.contact.id)
        leads |= self._new_leads(lifecycle_referrer_id=self.customer.id)
        leads[0].action_set_lost()
        for partner in (self.customer, self.contact):
            seen = partner.with_user(self.seller)
            self.assertEqual(seen.lifecycle_referral_count, 3)
        action = self.customer.action_view_referrals()
        found = self.env["crm.lead"].with_context(active_test=False)
        self.assertEqual(found.search(action["domain"]), leads.sorted("id", True))

    def test_merged_leads_keep_who_recommended_them(self):
        leads = self._new_leads(2)
        leads[1].lifecycle_referrer_id = self.customer
        merged = leads.merge_opportunity()
        self.assertEqual(merged.lifecycle_referrer_id, self.customer)

    def test_the_profile_shows_what_became_of_them(self):
        lead = self._new_leads(
            lifecycle_referrer_id=self.contact.id, partner_name="Neighbour"
        )
        lead.action_set_won()
        profile = self.customer.with_user(self.manager).get_lifecycle_profile()
        [section] = [s for s in profile["sections"] if s["key"] == "referrals"]
        self.assertEqual(section["rows"][0]["look"], "success")
