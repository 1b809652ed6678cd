"""Leads that nobody has yet wait in a pool until somebody claims them."""

POOL = {
    "name": "Trade Fair Leads",
    "held_max": 25,
    "daily_max": 3,
    "touch_days": 0,
    "show_title": True,
}
# subject, company, contact, city, country, amount
WAITING = (
    (
        "Beans for three food trucks",
        "Rolling Bites",
        "Jana Novak",
        "Prague",
        "cz",
        3400,
    ),
    ("Coffee corner in a bookshop", "Leseinsel", "Hans Maurer", "Zurich", "ch", 5200),
    (
        "Breakfast service for 80 rooms",
        "Hotel Fjordblikk",
        "Siri Moe",
        "Bergen",
        "no",
        11800,
    ),
    ("写字楼大堂咖啡亭", "浦江物业", "徐敏", "上海", "cn", 9600),
    ("Tea tasting for staff", "Kobe Logistics", "Yui Mori", "Kobe", "jp", 2800),
)


def load(story):
    """Fill the pool of both sales teams."""
    teams = story.env["crm.team"].union(*story.teams.values())
    pool = story.env["crm.lead.pool"].create(
        {**POOL, "user_id": story.users["helena"].id, "team_ids": teams.ids}
    )
    story.env["crm.lead"].create(
        [
            {
                "name": subject,
                "type": "opportunity",
                "partner_name": company,
                "contact_name": contact,
                "city": city,
                "country_id": story.env.ref(f"base.{country}").id,
                "email_from": f"{contact.split()[0].lower()}@fair.example.com",
                "expected_revenue": amount,
                "user_id": False,
                "lifecycle_pool_id": pool.id,
            }
            for subject, company, contact, city, country, amount in WAITING
        ]
    )
