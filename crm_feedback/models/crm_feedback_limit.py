from odoo import api, fields, models, tools


class CrmFeedbackLimit(models.Model):
    """By when a kind of feedback is answered and solved.

    The first line that fits counts; the customer's tier has its targets on the time
    limit itself.
    """

    _name = "crm.feedback.limit"
    _description = "Time Limits of Feedback"
    _order = "sequence, id"
    _rec_name = "answer_policy_id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
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
    answer_policy_id = fields.Many2one(
        "crm.sla.policy",
        "First Answer Within",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    solution_policy_id = fields.Many2one(
        "crm.sla.policy",
        "Solved Within",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )

    @api.model
    @tools.ormcache()
    def _get_limits(self):
        """The active lines in their order, as tuples that are compared quickly."""
        # sudo: limits of every company run
        limits = self.sudo().search([("active", "=", True)])
        return tuple(
            (
                limit.kind,
                limit.severity,
                limit.company_id.id,
                limit.answer_policy_id.filtered("active").id,
                limit.solution_policy_id.filtered("active").id,
            )
            for limit in limits
        )

    @api.model
    def _find_policies(self, feedback):
        """The time limits of one feedback.

        :return: ``(first answer, solution)``, each a ``crm.sla.policy``, maybe empty
        """
        # sudo: a limit holds, whoever records the feedback
        policies = self.env["crm.sla.policy"].sudo()
        for kind, severity, company_id, answer_id, solution_id in self._get_limits():
            if (
                kind in (False, feedback.kind)
                and severity in (False, feedback.severity)
                and company_id in (False, feedback.company_id.id)
            ):
                return policies.browse(answer_id), policies.browse(solution_id)
        return policies, policies

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        self.env.registry.clear_cache()
        return limits

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
