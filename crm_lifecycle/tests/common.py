from datetime import datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

NOW = datetime(2026, 3, 2, 9, 0)


class LifecycleCommon(TransactionCase):
    """The running default process, three employees and a few customers.

    seller    own documents, user group
    leader    own documents, team manager group, leads the team
    manager   sales administrator, process manager
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(cls.env.context, tracking_disable=True, no_reset_password=True)
        )
        # tests of the first touch bring their own rules; no other counts its clocks
        cls.env["crm.lead.touch.rule"].search([]).active = False
        cls.process = cls.env.ref("crm_lifecycle.process_default")
        cls.new = cls.env.ref("crm_lifecycle.stage_customer_new")
        cls.active = cls.env.ref("crm_lifecycle.stage_customer_active")
        cls.dormant = cls.env.ref("crm_lifecycle.stage_customer_dormant")
        cls.lost = cls.env.ref("crm_lifecycle.stage_customer_lost")
        cls.lead_lost = cls.env.ref("crm_lifecycle.stage_lead_lost")
        cls.pipeline = cls.env.ref("crm.stage_lead1") | cls.env.ref("crm.stage_lead2")
        cls.pipeline_new, cls.pipeline_qualified = cls.pipeline
        cls.pipeline_won = cls.env.ref("crm.stage_lead4")
        cls.team = cls.env["crm.team"].create({"name": "Lifecycle Team"})
        cls.seller = cls._new_user("seller", "sales_team.group_sale_salesman")
        cls.leader = cls._new_user(
            "leader",
            "sales_team.group_sale_salesman",
            "crm_lifecycle.group_crm_lifecycle_team_manager",
        )
        cls.manager = cls._new_user("manager", "sales_team.group_sale_manager")
        cls.team.user_id = cls.leader
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer Inc", "is_company": True, "user_id": cls.seller.id}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Carla Contact", "parent_id": cls.customer.id}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Thing", "type": "consu", "list_price": 100.0}
        )

    @classmethod
    def _new_user(cls, name, *groups):
        return new_test_user(
            cls.env, f"lifecycle_{name}", groups=",".join(("base.group_user", *groups))
        )

    @classmethod
    def _new_leads(cls, count=1, **values):
        return cls.env["crm.lead"].create(
            [
                {
                    "name": f"Lead {number}",
                    "type": "opportunity",
                    "team_id": cls.team.id,
                    "user_id": cls.seller.id,
                    "stage_id": cls.pipeline_new.id,
                    **values,
                }
                for number in range(count)
            ]
        )

    @classmethod
    def _new_order(cls, partner, date=None, confirm=True, company=None):
        """A quotation, confirmed the way people do it unless it is dated back."""
        company = company or cls.env.company
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [(0, 0, {"product_id": cls.product.id})],
                }
            )
        )
        if date:
            order.write({"state": "sale", "date_order": date})
        elif confirm:
            order.action_confirm()
        return order

    @classmethod
    def _visits(cls, record):
        """The stays of one record, oldest first."""
        key = record._lifecycle_visit_key
        return cls.env["crm.lifecycle.visit"].search(
            [(key, "=", record.id)], order="entered_date, id"
        )

    @classmethod
    def _path(cls, record):
        return [visit.stage_id.name for visit in cls._visits(record)]

    @staticmethod
    def _days(number):
        return timedelta(days=number)
