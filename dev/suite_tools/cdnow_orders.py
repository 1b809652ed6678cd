"""The purchase log as customers and confirmed orders of an Odoo database.

Runs inside Odoo: by ``dev/suite load-cdnow``, and by the test that compares the
stages with plain arithmetic. Orders are rows copied from one that Odoo made, so
that thousands take seconds and are still what Odoo of this version expects.
"""

from datetime import datetime
from typing import NamedTuple

END_OF_STUDY = datetime(1998, 6, 30, 23, 59, 59)
REFERENCE = "CDNOW"
# Columns of an order and its line that are worth its amount; the copied ones are 1.
MONEY = (
    "amount_untaxed",
    "amount_total",
    "amount_to_invoice",
    "price_unit",
    "technical_price_unit",
    "price_subtotal",
    "price_total",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
    "untaxed_amount_to_invoice",
)

# What differs in the copies, as SQL over the purchase ``p``.
DATES = {"create_date": "p.moment", "write_date": "p.moment"}
ORDER_COLUMNS = {
    **DATES,
    "id": "p.order_id",
    "name": "p.name",
    "access_token": "NULL",
    "partner_id": "p.partner_id",
    "partner_invoice_id": "p.partner_id",
    "partner_shipping_id": "p.partner_id",
    "date_order": "p.moment",
}
LINE_COLUMNS = {
    **DATES,
    "id": "nextval('sale_order_line_id_seq')",
    "order_id": "p.order_id",
    "order_partner_id": "p.partner_id",
}


class Purchase(NamedTuple):
    """One line of the log."""

    customer: int
    moment: datetime
    discs: int
    amount: float


def parse(text):
    """The purchases of the log, in its order.

    >>> purchase = parse(" 00004 0001 19970101 02 29.33")[0]
    >>> purchase.customer, str(purchase.moment), purchase.discs, purchase.amount
    (1, '1997-01-01 12:00:00', 2, 29.33)
    """
    purchases = []
    for line in text.splitlines():
        if line.strip():
            _master, customer, date, discs, amount = line.split()
            moment = datetime.strptime(f"{date}12", "%Y%m%d%H")
            purchases.append(Purchase(int(customer), moment, int(discs), float(amount)))
    return purchases


def is_loaded(env):
    """Tell whether the log is in this database already."""
    known = [("ref", "=like", f"{REFERENCE} %")]
    return bool(env["res.partner"].search_count(known, limit=1))


def load_and_count(env, text):
    """Load the log; return what is to be told of it."""
    purchases = parse(text)
    customers = load(env, purchases)
    return {
        "customers": len(customers),
        "orders": len(purchases),
        "stages": {
            f"On {END_OF_STUDY:%Y-%m-%d}:": count_stages(env, customers, END_OF_STUDY),
            "Today:": count_stages(env, customers),
        },
    }


def load(env, purchases):
    """Load the log, then let everybody stand where the purchases say.

    :return: the customers
    """
    partners = env["res.partner"].with_context(tracking_disable=True)
    numbers = sorted({purchase.customer for purchase in purchases})
    customers = partners.create(
        [
            {
                "name": f"{REFERENCE} Customer {number:04}",
                "ref": f"{REFERENCE} {number:04}",
                "company_id": False,
            }
            for number in numbers
        ]
    )
    _load_orders(env, purchases, dict(zip(numbers, customers.ids, strict=True)))
    env["crm.customer.metrics"]._refresh()
    env["crm.lifecycle.mixin"]._lifecycle_rebuild_history()
    partners.browse(partners._lifecycle_find_due())._lifecycle_advance()
    return customers


def count_stages(env, customers, moment=None):
    """How many customers stood in each stage at a moment, by its technical name.

    :param datetime moment: UTC, now when not given
    """
    domain = [("partner_id", "in", customers.ids)]
    if moment:
        domain += [("entered_date", "<=", moment)]
        domain += ["|", ("left_date", "=", False), ("left_date", ">", moment)]
    else:
        domain += [("left_date", "=", False)]
    groups = env["crm.lifecycle.visit"]._read_group(domain, ["stage_id"], ["__count"])
    return {stage.key: count for stage, count in groups}


def _load_orders(env, purchases, customer_ids):
    """Insert a copy of one order, and of its line, for each purchase."""
    order = _make_pattern(env, customer_ids[purchases[0].customer])
    rows = [
        (customer_ids[p.customer], p.moment, f"{REFERENCE} {number:05}", p.amount)
        for number, p in enumerate(purchases, 1)
    ]
    env.cr.execute(
        "CREATE TEMP TABLE cdnow_purchase (id serial, partner_id int, moment timestamp,"
        " name varchar, amount numeric,"
        " order_id int DEFAULT nextval('sale_order_id_seq')) ON COMMIT DROP"
    )
    env.cr.execute_values(
        "INSERT INTO cdnow_purchase (partner_id, moment, name, amount) VALUES %s", rows
    )
    _copy_row(env, order, ORDER_COLUMNS)
    _copy_row(env, order.order_line, LINE_COLUMNS)
    env.cr.execute("DROP TABLE cdnow_purchase")
    order._action_cancel()
    order.unlink()
    env.invalidate_all()


def _make_pattern(env, customer_id):
    """A confirmed order over 1.00, as Odoo makes it.

    Not by the button, which would make a customer of today.
    """
    product = env["product.product"].create({"name": "Compact Discs", "type": "consu"})
    line = {"product_id": product.id, "price_unit": 1, "tax_ids": False}
    order = env["sale.order"].create(
        {"partner_id": customer_id, "state": "sale", "order_line": [(0, 0, line)]}
    )
    env.flush_all()
    return order


def _copy_row(env, record, values):
    """Insert the row of ``record`` once per purchase.

    :param dict values: SQL expressions of the columns that differ
    """
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema AND table_name = %s",
        [table],
    )
    columns = {name: f't."{name}"' for (name,) in env.cr.fetchall()}
    for name in columns.keys() & set(MONEY):
        columns[name] = f't."{name}" * p.amount'
    columns.update(values)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())}"
        f" FROM {table} t, cdnow_purchase p WHERE t.id = %s ORDER BY p.id",
        [record.id],
    )
