from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

OWNER_GROUP = "crm_lifecycle.group_crm_lifecycle_user"
OWNER_COUNT = 4
# who answers, the first who can; the last columns of what is raised
OWNERS = SQL(
    "p.user_id AS salesperson_id, tier.owner_user_id AS tier_owner_id,"
    " s.user_id AS stage_owner_id, team.user_id AS leader_id"
)


class CrmChurnAlert(models.Model):
    """Who answers for an alert."""

    _inherit = "crm.churn.alert"

    @api.model
    def _get_owners(self, rows):
        """Who answers for each customer: salesperson, the tier's person, stage owner,
        leader of the sales team, nobody.

        :param list rows: of :class:`Silent`, or with the same last columns
        :return: list of users, empty where nobody can
        """
        users = self.env["res.users"]
        companies = self.env["res.company"]
        known = users.browse({i for row in rows for i in row[-OWNER_COUNT:] if i})
        known.fetch(["active", "share", "company_ids"])
        return [
            self._pick_owner(
                users.browse(filter(None, row[-OWNER_COUNT:])),
                companies.browse(row.company_id),
            )
            for row in rows
        ]

    @api.model
    def _pick_owner(self, candidates, company):
        """The first who still works here, in that company, and may see alerts."""
        for user in candidates:
            if (
                user.active
                and not user.share
                and company in user.company_ids
                and user.has_group(OWNER_GROUP)
            ):
                return user
        return candidates.browse()

    @api.model
    def _replace_gone_owners(self):
        """Give open alerts of owners who have left to whoever answers now."""
        orphans = self.search(
            self._get_open_domain() & Domain("user_id.active", "=", False)
        )
        for alert in orphans:
            customer = alert.partner_id
            candidates = (
                customer.user_id
                | customer.customer_tier_id.owner_user_id
                | alert.stage_id.user_id
                | customer.user_id.sale_team_id.user_id
            )
            alert.user_id = self._pick_owner(candidates, alert.company_id)
