from datetime import datetime, timedelta
from random import Random

from .health_common import HealthCommon

END = datetime(2026, 3, 2, 12, 0)


class PurchaseCommon(HealthCommon):
    """Many customers with purchases of two years, of whom some leave."""

    @classmethod
    def _buy_many(cls, rows):
        """Confirmed orders as rows copied from one that Odoo made.

        :param rows: of ``(partner id, moment, amount)``
        """
        pattern = cls._new_order(cls.customer, END - timedelta(days=3000))
        cls.env.flush_all()
        cr = cls.env.cr
        cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema ="
            " current_schema AND table_name = 'sale_order'"
        )
        columns = {name: f'o."{name}"' for (name,) in cr.fetchall()}
        columns.update(
            id="nextval('sale_order_id_seq')",
            name="'M'",
            access_token="NULL",
            partner_id="v.partner",
            date_order="v.moment",
            create_date="v.moment",
            amount_untaxed="v.amount",
        )
        names = ", ".join(f'"{name}"' for name in columns)
        cr.execute_values(
            f"INSERT INTO sale_order ({names}) SELECT {', '.join(columns.values())}"
            " FROM (VALUES %s) AS v(partner, moment, amount),"
            f" sale_order o WHERE o.id = {pattern.id}",
            rows,
            template="(%s, %s::timestamp, %s::numeric)",
            page_size=5000,
        )
        pattern._action_cancel()
        pattern.unlink()
        cls.env.invalidate_all()

    @classmethod
    def _live(cls, count, seed=1, days=700):
        """Customers who buy at a rate of their own until they leave.

        :return: ``(customers, rows of purchases)``
        """
        rng = Random(seed)
        customers = cls.env["res.partner"].create(
            [{"name": f"Living {n}", "is_company": True} for n in range(count)]
        )
        rows = []
        for customer in customers:
            day = rng.uniform(0, days * 0.8)
            every = rng.choice((7, 20, 45, 90))
            leaves = rng.choice((0.02, 0.1, 0.4))
            while day < days:
                moment = END - timedelta(days=days - day)
                rows.append((customer.id, moment, rng.uniform(20, 500)))
                if rng.random() < leaves:
                    break
                day += rng.expovariate(1 / every) + 0.1
        return customers, rows
