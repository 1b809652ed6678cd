"""What has been noted and attached of what the stages ask for, and what has not."""

from datetime import timedelta

SOURCES = (
    "utm.utm_source_search_engine",
    "utm.utm_source_referral",
    "utm.utm_source_linkedin",
)
DECIDERS = {
    "en_US": ("The owner", "Head of purchasing", "Facility manager", "General manager"),
    "zh_CN": ("老板", "采购经理", "行政主管", "总经理"),
}
BEYOND_NEED = ("qualified", "proposition", "won")  # stages in which the need is known


def load(story):
    """Two of three leads are in order, the third lacks something."""
    leads = story.leads.filtered("active").sorted("id")
    for number, lead in enumerate(leads):
        values = _prepare_lead(story, lead, number)
        if values:
            lead.write(values)
    offered = leads.filtered(lambda lead: lead.lifecycle_stage_id.key == "proposition")
    for lead in offered[::2] | offered[1::4]:
        lead._handle_partner_assignment(create_missing=True)
    _attach_orders(story, offered[::4])


def _prepare_lead(story, lead, number):
    rng = story.chance("asked", lead.name)
    values = {}
    if number % 3:
        values["source_id"] = story.env.ref(rng.choice(SOURCES)).id
    stage = lead.lifecycle_stage_id.key
    if stage in BEYOND_NEED and number % 4:
        deciders = DECIDERS["zh_CN" if lead.name > "\u3000" else "en_US"]
        values["lifecycle_properties"] = {
            "cups_a_day": rng.randrange(4, 80) * 10,
            "decision_maker": rng.choice(deciders),
        }
    if stage == "proposition" and number % 5:
        days = rng.randrange(5, 45)
        values["date_deadline"] = (story.now + timedelta(days=days)).date()
    return values


def _attach_orders(story, leads):
    """The signed orders of those who are about to be won."""
    story.env["ir.attachment"].create(
        [
            {
                "name": "Signed order.txt",
                "raw": f"Order of {lead.partner_name or lead.name}: signed.".encode(),
                "res_model": lead._name,
                "res_id": lead.id,
            }
            for lead in leads
        ]
    )
