from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command, fields

from .common import NOW, LifecycleCommon


class MetricsCommon(LifecycleCommon):
    """Documents of any date, and nightly runs within one transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Metrics = cls.env["crm.customer.metrics"]
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})

    def setUp(self):
        super().setUp()
        snapshot = type(self.Metrics)._get_snapshot

        def see_savepoint(metrics, ends):
            """The runs of a test share a transaction, but not the savepoints."""
            return snapshot(metrics, ends)._replace(xid=self._get_savepoint_number())

        self.startPatcher(
            patch.object(type(self.Metrics), "_get_snapshot", see_savepoint)
        )

    def _get_savepoint_number(self):
        with self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO crm_customer_metrics_mark (name) VALUES ('test')"
                " RETURNING xmin::text"
            )
            number = self.env.cr.fetchone()[0]
            self.env.cr.execute(
                "DELETE FROM crm_customer_metrics_mark WHERE name = 'test'"
            )
        return number

    def _do(self):
        """Changes that the next nightly run finds have to be made in here."""
        return self.env.cr.savepoint()

    def _facts(self, partner=None, company=None):
        partner = self.customer if partner is None else partner
        return self.Metrics.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    def _refreshed(self, partner=None, company=None):
        partner = self.customer if partner is None else partner
        self.Metrics._refresh(partner.ids)
        return self._facts(partner, company)

    @classmethod
    def _sell(cls, days_ago=0, amount=100.0, partner=None, **values):
        """A confirmed order of so many days before NOW."""
        company = values.pop("company", cls.company)
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "price_unit": amount,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )
        )
        date = NOW - timedelta(days=days_ago)
        order.write({"state": "sale", "date_order": date, **values})
        return order

    @classmethod
    def _invoice(cls, days_ago=0, amount=100.0, partner=None, post=True, **values):
        date = fields.Date.to_date(NOW - timedelta(days=days_ago))
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": date,
                "invoice_date_due": date + timedelta(days=30),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _write_message(self, record, author, date, **values):
        message = record.message_post(
            author_id=author.id,
            body="Hello",
            message_type=values.pop("message_type", "comment"),
            subtype_xmlid=values.pop("subtype", "mail.mt_comment"),
            **values,
        )
        message.date = date
        return message


class NightlyCommon(MetricsCommon):
    """A database whose facts are up to date."""

    def setUp(self):
        super().setUp()
        with freeze_time(NOW):
            self.Metrics._refresh_changed()

    def _run(self, now=NOW):
        """A nightly run; how many customers it looked at."""
        seen = []
        rebuild = type(self.Metrics)._rebuild

        def spy(metrics, partner_ids=None, *args):
            seen.append(partner_ids)
            return rebuild(metrics, partner_ids, *args)

        with freeze_time(now), patch.object(type(self.Metrics), "_rebuild", spy):
            self.Metrics._refresh_changed()
        return seen[0]

    def _find_differences(self, now=NOW):
        """Rows that a full rebuild would write."""
        self.env.flush_all()
        count = self.Metrics._collect_changes(None, now)
        if not count:
            return []
        self.env.cr.execute("SELECT * FROM crm_customer_metrics_todo")
        return self.env.cr.dictfetchall()
