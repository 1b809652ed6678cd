from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CrmLeadPool(models.Model):
    """A place where leads or customers without an owner wait to be claimed.

    What waits in a pool is hidden from sellers by record rules; they see the cards
    of ``crm.lead.pool.card``, which hold nothing one could contact anybody with.
    The pool also takes back what its members neglect, see ``_cron_recycle``.
    """

    _name = "crm.lead.pool"
    _description = "Lead Pool"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(
        default=10,
        help="A record that several pools fit comes under the first of them.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    res_model = fields.Selection(
        [("crm.lead", "Leads"), ("res.partner", "Customers")],
        "Holds",
        required=True,
        default="crm.lead",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Sees what waits in the pool and may assign it.",
    )
    user_ids = fields.Many2many(
        "res.users", string="Members", domain="[('share', '=', False)]"
    )
    team_ids = fields.Many2many(
        "crm.team", string="Member Teams", help="Without members it is everybody's."
    )
    domain = fields.Char(
        "Takes",
        default="[]",
        help="What belongs here, by value, industry or region: it is counted as held, "
        "offered for release here and taken back from members who neglect it.",
    )
    last_error = fields.Char(readonly=True)
    show_title = fields.Boolean(
        "Show Subjects",
        help="Cards show the subject of the lead or the name of the customer. Choose "
        "this only when they say nothing by which somebody could be contacted.",
    )
    held_max = fields.Integer(
        "Records Held at Most",
        help="How many open records that fit the pool one member may own; 0 for any "
        "number. A claim beyond it is refused.",
    )
    daily_max = fields.Integer(
        "Claims per Day at Most", help="By one member; 0 for any number."
    )
    touch_days = fields.Integer(
        "Days without a Touch",
        help="Taken back when the owner has not written, called, met or moved it on "
        "for so long; 0 for never.",
    )
    advance_days = fields.Integer(
        "Days without Advance",
        help="Taken back when it has not changed its stage for so long; 0 for never.",
    )
    order_days = fields.Integer(
        "Days Protected by an Order",
        default=90,
        help="Nothing is taken back while a quotation or an order runs, or for so "
        "long after an order was confirmed.",
    )
    warn_days = fields.Integer(
        "Warned Days Before",
        default=3,
        help="The owner gets an activity so long before a record is taken back.",
    )
    cooldown_days = fields.Integer(
        default=14,
        help="For so long the previous owner neither may claim it nor gets it "
        "assigned by a rule.",
    )
    target_pool_id = fields.Many2one(
        "crm.lead.pool",
        "Taken Back To",
        domain="[('res_model', '=', res_model), ('id', '!=', id)]",
        help="This pool itself when empty.",
    )
    is_auto_assigned = fields.Boolean(
        "Assign Automatically",
        help="The rule-based assignment of Odoo may hand out what waits here. "
        "Otherwise it waits to be claimed.",
    )
    record_count = fields.Integer("Waiting", compute="_compute_record_count")

    _held_max_positive = models.Constraint(
        "CHECK (held_max >= 0 AND daily_max >= 0)", "A quota cannot be negative."
    )
    _days_positive = models.Constraint(
        "CHECK (touch_days >= 0 AND advance_days >= 0 AND order_days >= 0"
        " AND warn_days >= 0 AND cooldown_days >= 0)",
        "A number of days cannot be negative.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_record_count(self):
        cards = self.env["crm.lead.pool.card"]._read_group(
            [("pool_id", "in", self.ids)], ["pool_id"], ["__count"]
        )
        counts = {pool.id: count for pool, count in cards}
        for pool in self:
            pool.record_count = counts.get(pool.id, 0)

    # ------------------------------------------------------------
    # Definition
    # ------------------------------------------------------------

    @api.constrains("domain", "res_model")
    def _check_domain(self):
        for pool in self:
            try:
                pool._parse_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "What the pool “%(pool)s” takes cannot be understood: "
                        "%(error)s",
                        pool=pool.name,
                        error=error,
                    )
                ) from error

    @api.constrains("target_pool_id", "res_model", "company_id")
    def _check_target(self):
        for pool in self:
            target = pool.target_pool_id
            if target and (
                target == pool
                or target.res_model != pool.res_model
                or (target.company_id and target.company_id != pool.company_id)
            ):
                raise ValidationError(
                    self.env._(
                        "“%(pool)s” cannot hand over to “%(target)s”: choose another "
                        "pool of the same company for the same kind of record.",
                        pool=pool.name,
                        target=target.name,
                    )
                )

    @api.constrains("company_id", "res_model", "active")
    def _check_waiting(self):
        for pool in self:
            misplaced = Domain("lifecycle_pool_id", "=", pool.id)
            hosts = dict(self._fields["res_model"].selection)
            if pool.active:
                del hosts[pool.res_model]
            for name in hosts:
                # sudo: the pool knows what members may not see
                host = self.env[name].sudo().with_context(active_test=False)
                if host.search_count(misplaced, limit=1):
                    raise ValidationError(
                        self.env._(
                            "Records wait in “%s”. Assign them or move them to "
                            "another pool first.",
                            pool.name,
                        )
                    )

    def _get_host(self):
        """The model of what waits here, all records of it."""
        self.ensure_one()
        # sudo: the pool knows what members may not see
        return self.env[self.res_model].sudo().with_context(active_test=False)

    def _parse_domain(self):
        """What belongs here, as a ``Domain``.

        :raise ValueError: it is no domain, or names a field the model does not have
        """
        domain = Domain(literal_eval(self.domain or "[]"))
        domain.validate(self.env[self.res_model].sudo())  # sudo: any field of the model
        return domain

    def _get_record_domain(self):
        """The open records that belong here; nothing when the definition is broken.

        A definition that was broken later, by removing a field for example, names
        itself and stops nothing else.
        """
        self.ensure_one()
        try:
            domain, error = self._parse_domain(), False
        except Exception as broken:
            domain, error = Domain.FALSE, str(broken)
        if (self.last_error or False) != error:
            self.sudo().last_error = error  # sudo: whoever finds out
        companies = [False, self.company_id.id] if self.company_id else None
        if companies:
            domain &= Domain("company_id", "in", companies)
        return domain & self.env[self.res_model]._lifecycle_get_poolable_domain()

    # ------------------------------------------------------------
    # Members and their quotas
    # ------------------------------------------------------------

    @api.model
    def _get_member_domain(self, user):
        """The pools of which ``user`` is a member."""
        everybody = Domain("user_ids", "=", False) & Domain("team_ids", "=", False)
        return (
            everybody
            | Domain("user_ids", "in", user.ids)
            | Domain("team_ids.crm_team_member_ids.user_id", "in", user.ids)
        )

    def _get_members(self):
        """The users who may claim here; empty when it is everybody's."""
        self.ensure_one()
        pool = self.sudo()  # sudo: memberships of others
        return pool.user_ids | pool.team_ids.crm_team_member_ids.user_id

    def _is_managed_by(self, user):
        """Whether ``user`` sees what waits here and may assign it."""
        self.ensure_one()
        return user == self.user_id or user.has_group("sales_team.group_sale_manager")

    def _get_held_count(self, user):
        """How many open records that fit this pool ``user`` owns."""
        domain = self._get_record_domain() & Domain("user_id", "=", user.id)
        return self._get_host().search_count(domain)

    def _check_claim(self, user, count):
        """Refuse ``count`` claims of ``user`` that the pool does not allow.

        :raise UserError: naming the number that was reached
        """
        self.ensure_one()
        members = self._get_members()
        if members and user not in members and not self._is_managed_by(user):
            raise UserError(self.env._("You are not a member of “%s”.", self.name))
        taken = self.env["crm.lead.pool.tally"]._add(self, user, count)
        if self.daily_max and taken > self.daily_max:
            raise UserError(
                self.env._(
                    "You have claimed %(number)s of %(maximum)s today in “%(pool)s”.",
                    number=taken - count,
                    maximum=self.daily_max,
                    pool=self.name,
                )
            )
        held = self._get_held_count(user) if self.held_max else 0
        if self.held_max and held + count > self.held_max:
            raise UserError(
                self.env._(
                    "You hold %(number)s of %(maximum)s in “%(pool)s”. Release one "
                    "before you claim another.",
                    number=held,
                    maximum=self.held_max,
                    pool=self.name,
                )
            )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_view_cards(self):
        """Open what waits in the pool."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lead_pool_card_action"
        )
        action["domain"] = [("pool_id", "=", self.id)]
        return action

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting(self):
        for pool in self:
            if pool._get_host().search_count(
                [("lifecycle_pool_id", "=", pool.id)], limit=1
            ):
                raise UserError(
                    self.env._("Records wait in “%s”. Assign them first.", pool.name)
                )
