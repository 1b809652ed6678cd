"""Who takes part: salespeople and their teams, products, customers and contacts."""

from odoo.fields import Command

XMLID_OF_COUNTRY = {"gb": "base.uk"}  # all others are base.<code>


def load(story):
    """Create everybody; found later in the dicts of ``story``."""
    data = story.load_json("cast")
    _load_users(story, data)
    _load_teams(story, data)
    story.products = story.records(
        "product.product",
        {
            f"product_{key}": {
                "name": values["name"],
                "list_price": values["price"],
                "type": "consu",
            }
            for key, values in data["products"].items()
        },
    )
    story.baskets = data["baskets"]
    story.customer_rows = {row["key"]: row for row in story.rows("customers")}
    _load_customers(story)


def _load_users(story, data):
    languages = {code for code, _name in story.env["res.lang"].get_installed()}
    seller = story.env.ref("sales_team.group_sale_salesman")
    leader = story.env.ref("sales_team.group_sale_salesman_all_leads")
    users = story.records(
        "res.users",
        {
            f"user_{login}": {
                "name": values["name"],
                "login": login,
                "password": login,
                "email": f"{login}@coffee.example.com",
                "lang": values["lang"] if values.get("lang") in languages else "en_US",
                "group_ids": [
                    Command.link((seller if _sees_own(values) else leader).id)
                ],
            }
            for login, values in data["users"].items()
        },
    )
    story.users = {key.removeprefix("user_"): user for key, user in users.items()}


def _sees_own(values):
    """Salespeople see their own leads; team leaders and the other roles see all."""
    return "team" in values and not values.get("leads_team")


def _load_teams(story, data):
    sellers = {login: v for login, v in data["users"].items() if "team" in v}

    def members(team):
        return {login: v for login, v in sellers.items() if v["team"] == team}

    def leader(team):
        return next(login for login, v in members(team).items() if v.get("leads_team"))

    teams = story.records(
        "crm.team",
        {
            key: {
                "name": name,
                "user_id": story.users[leader(key)].id,
                "member_ids": [story.users[login].id for login in members(key)],
            }
            for key, name in data["teams"].items()
        },
    )
    story.teams = {login: teams[values["team"]] for login, values in sellers.items()}


def _load_customers(story):
    story.customers = _load_partners(story, "customer", _prepare_company)
    story.contacts = _load_partners(story, "contact", _prepare_contact)
    known = [
        story.moment(int(row["first"]) + 3, story.chance("known", key))
        for key, row in story.customer_rows.items()
    ]
    for partners in (story.customers, story.contacts):
        records = story.env["res.partner"].union(*partners.values())
        story.backdate(records, "create_date", known)


def _load_partners(story, kind, prepare):
    """One partner for each customer; ``{key: partner}``."""
    loaded = story.records(
        "res.partner",
        {
            f"{kind}_{key}": prepare(story, row)
            for key, row in story.customer_rows.items()
        },
    )
    return dict(zip(story.customer_rows, loaded.values(), strict=True))


def _prepare_contact(story, row):
    return {
        "name": row["contact"],
        "function": row["function"],
        "parent_id": story.customers[row["key"]].id,
        "email": f"contact@{row['key'].replace('_', '-')}.example.com",
        "phone": row["phone"],
    }


def _prepare_company(story, row):
    code = row["country"]
    country = story.env.ref(XMLID_OF_COUNTRY.get(code, f"base.{code}"))
    domain = row["key"].replace("_", "-")
    return {
        "name": row["name"],
        "is_company": True,
        "city": row["city"],
        "country_id": country.id,
        "industry_id": story.env.ref(f"base.res_partner_industry_{row['industry']}").id,
        "phone": row["phone"],
        "email": f"office@{domain}.example.com",
        "user_id": story.users[row["salesperson"]].id,
    }
