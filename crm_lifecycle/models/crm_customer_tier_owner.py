from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

BATCH = 500


class CrmCustomerTier(models.Model):
    """The person who looks after the customers of a tier."""

    _inherit = "crm.customer.tier"

    owner_rule = fields.Selection(
        [
            ("none", "Nobody"),
            ("user", "A person"),
            ("role", "Who has least to do in a role"),
        ],
        "Dedicated Salesperson",
        required=True,
        default="none",
    )
    owner_user_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", ondelete="restrict"
    )
    owner_role_id = fields.Many2one("res.role", "Role", ondelete="restrict")
    owner_replaces = fields.Boolean(
        "Replace the Salesperson",
        help="Also takes over customers that have a salesperson when they enter the "
        "tier. Otherwise it only gets those who have none.",
    )

    @api.constrains("owner_rule", "owner_user_id", "owner_role_id")
    def _check_owner(self):
        for tier in self:
            missing = {
                "user": not tier.owner_user_id,
                "role": not tier.owner_role_id,
            }
            if missing.get(tier.owner_rule):
                raise ValidationError(
                    self.env._(
                        "Choose the person or the role that gets the customers of "
                        "“%s”.",
                        tier.name,
                    )
                )
            if tier.owner_rule == "user":
                tier.owner_user_id._lifecycle_check_owner()

    @api.model
    def _follow_changes(self, changes):
        result = super()._follow_changes(changes)
        for tier, same in changes.grouped("tier_id").items():
            customers = same.partner_id
            if tier.owner_rule in ("user", "role"):
                if not tier.owner_replaces:
                    customers = customers.filtered(lambda p: not p.user_id)
                tier._assign_owner(customers)
        return result

    @api.model
    def _assign_missing_owners(self, commit=lambda count: True):
        """Give a salesperson to the customers who have none, where a tier says so.

        :return: whether all is done
        """
        customers = self.env["res.partner"]
        for tier in self.search([("owner_rule", "!=", "none")]):
            ids = customers.search(
                customers._get_tiered_domain()
                & Domain("customer_tier_id", "=", tier.id)
                & Domain("user_id", "=", False)
                & Domain("lifecycle_pool_id", "=", False)
            ).ids
            for batch in split_every(BATCH, ids):
                tier._assign_owner(customers.browse(batch))
                if not commit(len(batch)):
                    return False
        return True

    def _assign_owner(self, customers):
        """Give customers to the person of the tier, or to the people of its role in
        turn, who has fewest customers first.

        What waits in a pool waits to be claimed. Somebody who has left or does not
        work for the company of a customer does not get it.
        """
        self.ensure_one()
        customers = customers.filtered(lambda p: p.active and not p.lifecycle_pool_id)
        people = self._get_owners()
        if not customers or not people:
            return
        load = self._count_owned(people) if len(people) > 1 else Counter()
        given = {}
        for customer in customers:
            company = customer.company_id
            able = [u for u in people if not company or company in u.company_ids]
            if not able or customer.user_id in able:
                continue
            owner = min(able, key=lambda user: load[user.id])
            load[owner.id] += 1
            given.setdefault(owner, []).append(customer.id)
        for owner, ids in given.items():
            customers.browse(ids)._lifecycle_assign(owner)

    def _get_owners(self):
        people = self.owner_user_id if self.owner_rule == "user" else None
        if self.owner_rule == "role":
            people = self.owner_role_id.user_ids
        people = people or self.env["res.users"]
        return people.filtered(lambda user: user.active and not user.share)

    @api.model
    def _count_owned(self, people):
        customers = self.env["res.partner"]
        rows = customers._read_group(
            customers._get_tiered_domain() & Domain("user_id", "in", people.ids),
            ["user_id"],
            ["__count"],
        )
        return Counter({user.id: count for user, count in rows})
