from datetime import datetime, timedelta

from odoo.addons.crm_lifecycle.tests.common import LifecycleCommon

NOW = datetime(2026, 3, 2, 9, 0)


class ChurnCommon(LifecycleCommon):
    """Limits of 60, 90 and 300 days; :meth:`_buys` sets the last purchase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_root").tz = "UTC"
        cls.env = cls.env(context=dict(cls.env.context, tz="UTC"))
        cls.Alert = cls.env["crm.churn.alert"]
        cls.company = cls.env.company
        limits = ((cls.new, 60), (cls.active, 90), (cls.dormant, 300), (cls.lost, 0))
        for stage, days in limits:
            stage.churn_silence_days = days
        cls.other_company = cls.env["res.company"].create({"name": "Other Company"})
        cls.customer._lifecycle_move(cls.active)

    @classmethod
    def _new_customers(cls, count, stage=None, **values):
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "is_company": True, **values}
                for number in range(count)
            ]
        )
        partners._lifecycle_move(stage or cls.active)
        return partners

    @classmethod
    def _buys(cls, partners, days_ago, company=None, now=NOW):
        """Facts of customers who last purchased so many days ago."""
        metrics = cls.env["crm.customer.metrics"]
        company = company or cls.company
        metrics.search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        ).unlink()
        date = now - timedelta(days=days_ago)
        return metrics.create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "purchase_count": 1,
                    "first_purchase_date": date,
                    "last_purchase_date": date,
                }
                for partner in partners
            ]
        )

    @classmethod
    def _raise(cls, partners=None):
        """Raise what is due now, for these customers alone."""
        partners = cls.customer if partners is None else partners
        rows = cls.Alert._fetch_silent(0, 10000)
        return cls.Alert._raise_rows(
            [row for row in rows if row.partner_id in set(partners.ids)]
        )

    @classmethod
    def _new_alert(cls, partner=None, days=91, user=None, **values):
        """An open alert as the nightly run raises it."""
        partner = cls.customer if partner is None else partner
        alert = cls.Alert.create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "stage_id": cls.active.id,
                "limit_days": 90,
                "silence_days": days,
                "last_purchase_date": NOW - timedelta(days=days),
                "raised_date": NOW,
                "deadline": NOW.date() + timedelta(days=3),
                "user_id": user.id if user else False,
                **values,
            }
        )
        alert._schedule_call()
        return alert

    @classmethod
    def _alerts(cls, partners):
        return cls.Alert.search([("partner_id", "in", partners.ids)], order="id")
