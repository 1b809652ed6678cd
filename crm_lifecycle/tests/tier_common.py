from freezegun import freeze_time

from .common import NOW
from .test_metrics_common import MetricsCommon


class TierCommon(MetricsCommon):
    """Three tiers: VIP by revenue, loyal by purchases, and one for all others.

    vip      10,000 of revenue in 12 months; stays down to 8,000, 30 days of grace
    loyal    3 purchases
    rest     everybody else
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Tier = cls.env["crm.customer.tier"]
        cls.Change = cls.env["crm.customer.tier.change"]
        cls.Tier.search([]).active = False  # those of templates
        cls.vip = cls._new_tier(
            "Test VIP",
            10,
            cls._criterion("revenue_12m", 10000, keep_value=8000),
            is_vip=True,
            grace_days=30,
        )
        cls.loyal = cls._new_tier("Loyal", 20, cls._criterion("purchase_count", 3))
        cls.rest = cls._new_tier("All Others", 30)

    @classmethod
    def _new_tier(cls, name, sequence, *criteria, **values):
        return cls.Tier.create(
            {
                "name": name,
                "sequence": sequence,
                "criterion_ids": [(0, 0, values) for values in criteria],
                **values,
            }
        )

    @staticmethod
    def _criterion(fact, value, **values):
        return {"fact": fact, "value": value, **values}

    def _buys(self, amount, days_ago=1, partner=None, **values):
        """An order, and what the night makes of it."""
        self._sell(days_ago, amount, partner=partner, **values)
        return self._night(partner=partner)

    def _night(self, now=NOW, partner=None):
        """The facts and tiers of a night; the tier of the customer afterwards."""
        with freeze_time(now):
            self.Metrics._refresh()
            self.Tier._evaluate_all()
        return (self.customer if partner is None else partner).customer_tier_id

    def _changes(self, partner=None):
        """The history of one customer, oldest first."""
        customer = self.customer if partner is None else partner
        return self.Change.search([("partner_id", "=", customer.id)], order="date, id")

    @classmethod
    def _new_customers(cls, count, **values):
        return cls.env["res.partner"].create(
            [
                {"name": f"Buyer {number}", "is_company": True, **values}
                for number in range(count)
            ]
        )
