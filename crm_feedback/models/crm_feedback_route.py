from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CrmFeedbackRoute(models.Model):
    """To whom feedback goes: the first line that fits counts.

    Where no line fits, the owner of the category answers, else the customer's
    salesperson, see ``crm_feedback_owner.py``.
    """

    _name = "crm.feedback.route"
    _description = "Feedback Route"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    kind = fields.Selection(
        lambda self: self.env["crm.feedback"]
        ._fields["kind"]
        ._description_selection(self.env),
        help="Empty: every kind.",
    )
    severity = fields.Selection(
        lambda self: self.env["crm.feedback"]
        ._fields["severity"]
        ._description_selection(self.env),
        help="Empty: every severity.",
    )
    category_ids = fields.Many2many("crm.feedback.category", string="Categories")
    categ_ids = fields.Many2many("product.category", string="Product Categories")
    tier_ids = fields.Many2many("crm.customer.tier", string="Customer Tiers")
    country_ids = fields.Many2many("res.country", string="Countries")
    owner_rule = fields.Selection(
        [
            ("salesperson", "The customer's salesperson"),
            ("load", "Whoever of these has least to do"),
        ],
        "Answered by",
        required=True,
        default="load",
    )
    member_ids = fields.Many2many(
        "res.users", string="People", domain="[('share', '=', False)]"
    )
    handler_id = fields.Many2one(
        "res.users",
        "Handled by",
        domain="[('share', '=', False)]",
        help="Solves it; empty: who answers.",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        "Followed up by",
        domain="[('share', '=', False)]",
        help="Sees to it that it is done; empty: the leader of the owner's team.",
    )

    @api.constrains("owner_rule", "member_ids")
    def _check_members(self):
        for route in self:
            if route.owner_rule == "load" and not route.member_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” gives feedback to whoever has least to do. Name the "
                        "people it may go to.",
                        route.name,
                    )
                )

    @api.constrains("member_ids", "handler_id", "supervisor_id")
    def _check_people(self):
        for route in self:
            people = route.member_ids | route.handler_id | route.supervisor_id
            people._feedback_check_owner()

    @api.model
    def _get_lines(self):
        """The lines that are in use, in their order."""
        # sudo: a route leads everybody's feedback
        return self.sudo().search([("active", "=", True)])

    def _fits(self, vals, partner, product):
        """Tell whether new feedback takes this line.

        :param dict vals: of the feedback
        :param partner: its customer, maybe none
        :param product: what it is about, maybe nothing
        """
        self.ensure_one()
        customer = partner.commercial_partner_id
        country = partner.country_id or customer.country_id
        categories = product.categ_id.parent_path or ""
        return (
            self.company_id.id in (False, vals["company_id"])
            and self.kind in (False, vals["kind"])
            and self.severity in (False, vals["severity"])
            and (
                not self.category_ids
                or vals.get("category_id") in self.category_ids.ids
            )
            and (not self.tier_ids or customer.customer_tier_id in self.tier_ids)
            and (not self.country_ids or country in self.country_ids)
            and (
                not self.categ_ids
                or any(str(i) in categories.split("/") for i in self.categ_ids.ids)
            )
        )

    def _choose(self, partner, company, loads):
        """Who answers by this line; nobody when none of them can.

        :param Counter loads: open feedback per user; the chosen one gets one more
        """
        self.ensure_one()
        if self.owner_rule == "salesperson":
            users = [partner.user_id, partner.commercial_partner_id.user_id]
        else:
            users = self.member_ids.sorted(lambda user: (loads[user.id], user.id))
        for user in users:
            if user._feedback_can_own(company):
                loads[user.id] += 1
                return user
        return self.env["res.users"]


class CrmFeedback(models.Model):
    """Three roles: who answers the customer, who solves it, who sees to it."""

    _inherit = "crm.feedback"

    handler_id = fields.Many2one(
        "res.users",
        "Handled by",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
        help="Solves it; empty: the owner.",
    )
    supervisor_id = fields.Many2one(
        "res.users",
        "Followed up by",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
        help="Sees to it that it is answered and solved.",
    )
    route_id = fields.Many2one(
        "crm.feedback.route",
        "Came By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.constrains("handler_id", "supervisor_id")
    def _check_roles(self):
        (self.handler_id | self.supervisor_id)._feedback_check_owner()

    @api.model
    def _name_owners(self, vals_list, partner_ids=()):
        routes = self.env["crm.feedback.route"]._get_lines()
        loads = routes and self._count_loads(routes.member_ids)
        # sudo: rules do not depend on what the user may see
        partners = self.env["res.partner"].sudo()
        products = self.env["product.product"].sudo()  # sudo: as above
        for vals in vals_list if routes else ():
            partner = partners.browse(vals.get("partner_id")).with_prefetch(partner_ids)
            product = products.browse(vals.get("product_id"))
            fitting = (r for r in routes if r._fits(vals, partner, product))
            if route := next(fitting, None):
                self._follow_route(vals, route, partner, loads)
        result = super()._name_owners(vals_list, partner_ids)
        self._name_supervisors(vals_list)
        return result

    @api.model
    def _follow_route(self, vals, route, partner, loads):
        vals["route_id"] = route.id
        if not vals.get("user_id"):
            company = self.env["res.company"].browse(vals["company_id"])
            vals["user_id"] = route._choose(partner, company, loads).id
        for name in ("handler_id", "supervisor_id"):
            vals[name] = vals.get(name) or route[name].id

    @api.model
    def _count_loads(self, users):
        """How much open feedback each user owns; one query."""
        domain = self._get_open_domain() & Domain("user_id", "in", users.ids)
        # sudo: all of it counts, whoever may see it
        groups = self.sudo()._read_group(domain, ["user_id"], ["__count"])
        return Counter({user.id: count for user, count in groups})

    @api.model
    def _name_supervisors(self, vals_list):
        """The leader of the owner's team sees to it, where nobody else is named."""
        # sudo: who leads whom
        users = self.env["res.users"].sudo()
        owners = users.browse({vals["user_id"] for vals in vals_list} - {False})
        companies = self.env["res.company"]
        for vals in vals_list:
            if vals.get("supervisor_id") or not vals["user_id"]:
                continue
            owner = users.browse(vals["user_id"]).with_prefetch(owners.ids)
            leader = owner.sale_team_id.user_id
            company = companies.browse(vals["company_id"])
            if leader != owner and leader._feedback_can_own(company):
                vals["supervisor_id"] = leader.id

    def _message_auto_subscribe_followers(self, updated_values, default_subtype_ids):
        """Who handles it and who follows it up hear of it as its owner does."""
        found = super()._message_auto_subscribe_followers(
            updated_values, default_subtype_ids
        )
        names = ("handler_id", "supervisor_id")
        ids = {updated_values.get(name) for name in names} - {None, False}
        known = {partner_id for partner_id, _subtypes, _template in found}
        for user in self.env["res.users"].sudo().browse(ids):  # sudo: their addresses
            if user.active and user.partner_id.id not in known:
                found.append((user.partner_id.id, default_subtype_ids, False))
        return found

    @api.model
    def _leave_owners(self, users):
        result = super()._leave_owners(users)
        for name in ("handler_id", "supervisor_id"):
            domain = self._get_open_domain() & Domain(name, "in", users.ids)
            # sudo: in every company they worked for
            self.sudo().search(domain).write({name: False})
        return result
