"""When customers buy, and what: rhythms become dated confirmed orders."""

from odoo.fields import Command

CONSUMABLES = ("beans", "filter", "tea", "cups")


def order_days(row, rng):
    """Days ago of all orders of one customer, the oldest first.

    :param dict row: a line of ``customers.csv``
    :param rng: random generator of this customer
    """
    first, last = int(row["first"]), int(row["last"] or 0)
    every = int(row["every"])
    days = []
    day = float(first)
    while every and day > last:
        days += _get_burst(row, day, rng)
        done = (first - day) / max(first - last, 1)
        day -= every * _get_stretch(row["rhythm"], done) * rng.uniform(0.8, 1.2)
    days += [first] if not every else [last] if row["last"] else []
    return sorted({d for d in days if not _is_paused(row, d)}, reverse=True)


def _get_burst(row, day, rng):
    """One order, or the few of a season."""
    if row["rhythm"] != "seasonal":
        return [round(day)]
    season = [round(day - 9 * number) for number in range(rng.randrange(3, 6))]
    return [d for d in season if d >= 0]


def _get_stretch(rhythm, done):
    """How much longer than usual the interval is, after a share of the story."""
    return {"growing": 1.7 - 1.1 * done, "fading": 0.6 + 1.6 * done}.get(rhythm, 1)


def _is_paused(row, day):
    if not row["pause"]:
        return False
    start, end = map(int, row["pause"].split("-"))
    return end <= day <= start


def load(story):
    """Create the orders of all customers, in the order of their dates."""
    prepared = []
    for key, row in story.customer_rows.items():
        rng = story.chance("orders", key)
        days = order_days(row, rng)
        for number, day in enumerate(days):
            moment = story.moment(day, rng)
            lines = _prepare_lines(story, row, number, len(days), rng)
            prepared.append(_prepare_order(story, key, row, moment, lines))
    prepared.sort(key=lambda vals: vals["date_order"])
    story.orders = story.env["sale.order"].create(prepared)
    story.backdate(
        story.orders, "create_date", [vals["date_order"] for vals in prepared]
    )


def _prepare_order(story, key, row, moment, lines):
    salesperson = row["salesperson"]
    return {
        "partner_id": story.customers[key].id,
        "user_id": story.users[salesperson].id,
        "team_id": story.teams[salesperson].id,
        "date_order": moment,
        "state": "sale",
        "order_line": [Command.create(line) for line in lines],
    }


def _prepare_lines(story, row, number, count, rng):
    """Consumables, more of them for those who grow; equipment at the beginning."""
    basket = story.baskets[row["basket"]]
    growth = 0.6 + 1.2 * number / count if row["rhythm"] == "growing" else 1
    products = rng.sample(CONSUMABLES, basket["lines"])
    lines = [
        (product, max(1, round(basket["quantity"] * growth * rng.uniform(0.7, 1.3))))
        for product in products
    ]
    if number == 0 and basket["opening"] not in products:
        lines.append((basket["opening"], 1))
    return [
        {
            "product_id": story.products[f"product_{product}"].id,
            "product_uom_qty": quantity,
        }
        for product, quantity in lines
    ]
