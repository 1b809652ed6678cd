from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.crm_lifecycle.exceptions import MoveRefused

from .common import TEMPLATES, TemplateCase


@tagged("post_install", "-at_install")
class TestTemplateRuns(TemplateCase):
    """A template is used, published for a team, and a lead goes all the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.now()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Runs Through", "is_company": True}
        )
        cls.sellers = {
            lang: new_test_user(
                cls.env,
                f"seller_{lang}",
                groups="sales_team.group_sale_salesman",
                lang=lang,
            )
            for lang in ("en_US", "zh_CN")
        }
        cls.product = cls.env["product.product"].create(
            {"name": "Something", "type": "consu"}
        )

    def at(self, days):
        """Freeze the clock so many days after the start."""
        return freeze_time(self.start + timedelta(days=days))

    def run_through(self, process, lang):
        """A salesperson moves a lead from its first stage until it is won.

        :return: the names of the stages in ``lang``, as the salesperson sees them
        """
        seller = self.sellers[lang]
        self.customer.phone = False  # known from the run before
        lead = self.env["crm.lead"].with_user(seller).with_context(lang=lang)
        stages = process.stage_ids.filtered("crm_stage_id")
        lead = lead.create(
            {
                "name": "Opportunity",
                "type": "opportunity",
                "user_id": seller.id,
                "team_id": process.team_ids.id,
                "partner_id": self.customer.id,
                "stage_id": stages[0].crm_stage_id.id,
            }
        )
        names, self.missing = [], []
        for stage in stages:
            self.missing += self.move_on(lead, stage)
            self.assertEqual(lead.lifecycle_stage_id, stage)
            names.append(lead.lifecycle_stage_id.name)
        self.assertEqual(lead.won_status, "won")
        visits = self.env["crm.lifecycle.visit"]
        stays = visits.search_count([("lead_id", "=", lead.id)])
        self.assertEqual(stays, len(stages))
        return names

    def get_names(self, template, lang):
        """The names of the stages of leads on their way, by the file."""
        return [
            stage["name"][lang]
            for stage in self.read_file(template)["stages"]
            if stage["phase"] == "lead" and stage["outcome"] != "lost"
        ]

    def buy(self, days):
        with self.at(days):
            self.env["sale.order"].create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
            ).action_confirm()

    def advance(self, days):
        """The nightly run for the customer, so many days after the start."""
        with self.at(days):
            self.env.invalidate_all()
            self.customer._lifecycle_advance()
        return self.customer.lifecycle_stage_id.key

    def test_a_lead_runs_through_every_template_in_chinese(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                process = self.publish(template)
                names = self.run_through(process, "zh_CN")
                self.assertEqual(names, self.get_names(template, "zh_CN"))
                self.assertIn("已有电话或邮箱", " ".join(self.missing))
                self.assertIn("已估算预计收入", " ".join(self.missing))

    def test_a_lead_runs_through_every_template_in_english(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                process = self.publish(template)
                names = self.run_through(process, "en_US")
                self.assertEqual(names, self.get_names(template, "en_US"))
                self.assertIn("Missing: Phone or e-mail known.", self.missing)

    def test_the_nine_steps_in_chinese_are_those_of_the_whiteboard(self):
        process = self.publish("process_nine_steps")
        names = self.run_through(process, "zh_CN")
        stages = process.stage_ids.with_context(lang="zh_CN")
        names += stages.filtered(lambda s: s.phase == "customer").mapped("name")
        self.assertEqual(
            "→".join(names),
            "线索获取→初步筛选→首次接触→需求诊断→方案呈现→商务谈判→成交签约→售后交付→客户维护",
        )

    def test_the_guidance_is_read_in_the_language_of_the_salesperson(self):
        stage = self.publish("process_five_steps").stage_ids[0]
        self.assertIn("same day", stage.guidance)
        self.assertIn("当天回复", stage.with_context(lang="zh_CN").guidance)

    def test_the_team_sees_the_lead_stages_in_the_order_of_the_chart(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                process = self.publish(template)
                team = process.team_ids
                domain = ["|", ("team_ids", "=", False), ("team_ids", "in", team.ids)]
                pipeline = self.env["crm.stage"].search(domain)
                self.assertEqual(
                    process.stage_ids.crm_stage_id.ids,
                    (pipeline & process.stage_ids.crm_stage_id).ids,
                )
                self.assertFalse(pipeline - process.stage_ids.crm_stage_id)

    def test_a_won_customer_of_the_nine_steps_moves_on_after_a_month(self):
        process = self.publish("process_nine_steps")
        self.run_through(process, "en_US")
        self.assertEqual(self.customer.lifecycle_stage_id.key, "delivery")
        self.buy(0)
        self.assertEqual(self.advance(29), "delivery")
        self.assertEqual(self.advance(32), "delivery")  # not handed over yet
        handover = self.env["crm.lifecycle.handover"].search(
            [("partner_id", "=", self.customer.id)]
        )
        handover.action_accept()
        self.assertEqual(self.advance(32), "care")
        here = [("partner_id", "=", self.customer.id), ("left_date", "=", False)]
        self.assertEqual(self.env["crm.lifecycle.visit"].search(here).origin, "auto")

    def test_a_won_customer_of_the_five_steps_stays_a_customer(self):
        process = self.publish("process_five_steps")
        self.run_through(process, "en_US")
        self.assertEqual(self.customer.lifecycle_stage_id.key, "customer")
        self.buy(0)
        self.assertEqual(self.advance(400), "customer")

    def test_a_customer_goes_through_the_whole_lifecycle_by_purchases(self):
        process = self.publish("process_customer_lifecycle")
        self.run_through(process, "en_US")
        self.buy(0)
        self.assertEqual(self.customer.lifecycle_stage_id.key, "maintenance")
        self.buy(20)
        self.assertEqual(self.customer.lifecycle_stage_id.key, "repurchase")
        self.assertEqual(self.advance(20 + 119), "repurchase")
        self.assertEqual(self.advance(20 + 122), "warning")
        self.assertEqual(self.advance(20 + 242), "winback")
        self.buy(270)
        self.assertEqual(self.customer.lifecycle_stage_id.key, "repurchase")
        self.assertEqual(self.advance(270 + 122), "warning")
        self.assertEqual(self.advance(270 + 242), "winback")
        self.assertEqual(self.advance(270 + 542), "lost_customer")
        self.buy(900)
        self.assertEqual(self.customer.lifecycle_stage_id.key, "repurchase")

    def test_one_purchase_and_silence_lead_to_the_warning(self):
        process = self.publish("process_customer_lifecycle")
        self.run_through(process, "en_US")
        self.buy(0)
        self.assertEqual(self.advance(119), "maintenance")
        self.assertEqual(self.advance(122), "warning")

    def test_what_a_template_asks_for_is_refused_without_it(self):
        process = self.publish("process_five_steps")
        seller = self.sellers["en_US"]
        stages = process.stage_ids.filtered("crm_stage_id")
        lead = self.env["crm.lead"].create(
            {
                "name": "Lacks everything",
                "type": "opportunity",
                "user_id": seller.id,
                "team_id": process.team_ids.id,
                "stage_id": stages[0].crm_stage_id.id,
            }
        )
        lead = lead.with_user(seller)
        for stage in stages[1:]:
            with self.assertRaises(MoveRefused), self.env.cr.savepoint():
                lead.stage_id = stage.crm_stage_id
        self.env.invalidate_all()
        self.assertEqual(lead.lifecycle_stage_id, stages[0])
        checklist = lead.get_lifecycle_kit()["requirements"]
        self.assertEqual([line["is_met"] for line in checklist], [False])
