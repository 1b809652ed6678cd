from datetime import timedelta

from freezegun import freeze_time

from .purchase_common import END, PurchaseCommon

CUT = (END - timedelta(days=200)).date()


class BacktestCommon(PurchaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(END))
        cls.Test = cls.env["crm.churn.backtest"]

    @classmethod
    def _new_test(cls, **values):
        return cls.Test.create({"date": CUT, "horizon_days": 90, **values})

    @classmethod
    def _day(cls, days):
        """Noon, so many days after the day that is judged."""
        return END - timedelta(days=200 - days)


class BacktestFallen(BacktestCommon):
    """100 customers: 40 fall silent at different times, of whom 10 come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._new_customers(100)
        rows = []
        for place, customer in enumerate(cls.customers):
            # 60 buy every 20 days, the others stopped; 10 of these come back; 5 had
            # stopped long before
            stops = -100 if 60 <= place < 65 else -40 if place >= 60 else 150
            rows += [(customer.id, cls._day(d), 100) for d in range(-400, stops, 20)]
            if place >= 90:
                rows.append((customer.id, cls._day(30), 100))
        cls._buy_many(rows)
        cls.rhythm = cls._new_signal("rhythm", weight=60, limit_from=2, limit_full=2)
