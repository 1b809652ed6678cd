from odoo import api, fields, models, tools


class CrmLifecycleStage(models.Model):
    """Stages at which one department hands over to the next."""

    _inherit = "crm.lifecycle.stage"

    is_handover = fields.Boolean(
        "Hand-over",
        help="Whoever receives a lead or customer here accepts or returns it; before "
        "that it does not go on.",
    )
    handover_assigns = fields.Boolean(
        "Accepting Takes Over",
        help="Whoever accepts becomes the salesperson.",
    )
    handover_policy_id = fields.Many2one(
        "crm.sla.policy",
        "Accept Within",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', (company_id, False))]",
        help="How long the receiver may take to accept. The time limit of the stage "
        "itself begins when it is accepted.",
    )

    @api.model
    def _get_definition_fields(self):
        return [
            *super()._get_definition_fields(),
            "is_handover",
            "handover_assigns",
            "handover_policy_id",
        ]

    @api.model
    @tools.ormcache()
    def _get_handover_stage_ids(self):
        """Ids of the hand-over stages; where none are, nothing is asked."""
        # sudo: the engine runs the processes of every company
        stages = self.sudo().with_context(active_test=False)
        return frozenset(stages.search([("is_handover", "=", True)])._ids)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_handover") is False:
            # sudo: hand-overs are kept by the engine alone
            handovers = self.env["crm.lifecycle.handover"].sudo()
            handovers.search(
                [
                    ("stage_id", "in", self.ids),
                    ("state", "in", handovers.OPEN_STATES),
                ]
            )._withdraw()
        return result
