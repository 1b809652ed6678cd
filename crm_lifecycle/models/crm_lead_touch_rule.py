from odoo import api, fields, models, tools


class CrmLeadTouchRule(models.Model):
    """Which leads have to be touched first within which time limit.

    The first rule that fits a new lead counts, in the order of the list.
    """

    _name = "crm.lead.touch.rule"
    _description = "Limit of the First Touch"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    policy_id = fields.Many2one(
        "crm.sla.policy",
        "Time Limit",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="By when somebody should have been in touch, and who is told when nobody "
        "was.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        check_company=True,
        help="Empty for the leads of every team, and those without one.",
    )
    source_ids = fields.Many2many(
        "utm.source",
        string="Sources",
        help="Empty for leads of every source, and those without one.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty for the leads of all companies."
    )

    @api.depends("policy_id", "team_ids", "source_ids")
    def _compute_display_name(self):
        for rule in self:
            names = [*rule.team_ids.mapped("name"), *rule.source_ids.mapped("name")]
            name = rule.policy_id.name or ""
            rule.display_name = f"{name} ({', '.join(names)})" if names else name

    # ------------------------------------------------------------
    # Matching
    # ------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """The active rules in their order, as tuples that can be compared quickly."""
        # sudo: rules of every company run
        rules = self.sudo().search([("policy_id.active", "=", True)])
        return tuple(
            (
                rule.policy_id.id,
                rule.company_id.id,
                frozenset(rule.team_ids.ids),
                frozenset(rule.source_ids.ids),
            )
            for rule in rules
        )

    @api.model
    def _find_policies(self, leads):
        """The time limit of the first touch of each lead, empty for none.

        :return: ``{lead: crm.sla.policy}``
        """
        # sudo: a limit holds, whoever creates the lead
        policies = self.env["crm.sla.policy"].sudo()
        return {lead: policies.browse(self._find_policy_id(lead)) for lead in leads}

    @api.model
    def _find_policy_id(self, lead):
        for policy_id, company_id, team_ids, source_ids in self._get_rules():
            if (
                (not company_id or company_id == lead.company_id.id)
                and (not team_ids or lead.team_id.id in team_ids)
                and (not source_ids or lead.source_id.id in source_ids)
            ):
                return policy_id
        return ()

    # ------------------------------------------------------------
    # A change counts for what comes from now on
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
