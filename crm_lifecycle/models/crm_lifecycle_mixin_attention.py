from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleMixin(models.AbstractModel):
    """Who falls through: nobody answers, nothing is planned, between two stages."""

    _inherit = "crm.lifecycle.mixin"

    _lifecycle_attended_outcomes = ("open", "won")  # stages in which one is cared for

    lifecycle_attention = fields.Char(
        "Needs Attention Because",
        compute="_compute_lifecycle_attention",
        search="_search_lifecycle_attention",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.model
    def _lifecycle_get_attention_reasons(self):
        """Why a record needs attention: each reason once, for list, filter and count.

        :return: ``{code: (text, domain)}``
        """
        return {
            "owner": (self.env._("No salesperson"), Domain("user_id", "=", False)),
            "gone": (
                self.env._("Salesperson has left"),
                Domain("user_id.active", "=", False),
            ),
            "step": (self.env._("No next step"), self._lifecycle_get_idle_domain()),
            "stage": (
                self.env._("Stage without owner"),
                Domain("lifecycle_stage_id.is_ownerless", "=", True),
            ),
            "between": (
                self.env._("Between two stages"),
                self._lifecycle_get_between_domain(),
            ),
            "shared": (
                self.env._("Two departments at once"),
                self._lifecycle_get_shared_domain(),
            ),
        }

    @api.model
    def _lifecycle_get_idle_domain(self):
        """Nothing is planned; what was done is kept, archived, and is no next step."""
        return Domain("activity_ids", "not any", [("active", "=", True)])

    @api.model
    def _lifecycle_get_between_domain(self):
        """Left a stage and stands in none."""
        return Domain("lifecycle_stage_id", "=", False) & Domain(
            "lifecycle_visit_ids", "!=", False
        )

    @api.model
    def _lifecycle_get_shared_domain(self):
        """Hook: people of several teams work on it at the same time."""
        return Domain.FALSE

    @api.model
    def _lifecycle_get_attended_domain(self):
        """Those somebody has to care for: in a stage and not lost, or between two."""
        visits = self.env["crm.lifecycle.visit"]
        outcomes = self._lifecycle_attended_outcomes
        return self._lifecycle_get_between_domain() | Domain(
            "lifecycle_visit_ids",
            "any",
            visits._get_open_domain() & Domain("stage_id.outcome", "in", outcomes),
        )

    @api.model
    def _lifecycle_get_unattended_domain(self):
        """The definition of "without owner or next step"."""
        return self._lifecycle_get_attended_domain() & Domain(
            "lifecycle_attention", "in", ("owner", "gone", "step")
        )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_lifecycle_attention(self):
        everybody = self.with_context(active_test=False)
        here = Domain("id", "in", self.ids) & self._lifecycle_get_attended_domain()
        found = {record.id: [] for record in self}
        for text, domain in self._lifecycle_get_attention_reasons().values():
            for record in everybody.search(here & domain):
                found[record.id].append(text)
        for record in self:
            record.lifecycle_attention = ", ".join(found[record.id]) or False

    def _search_lifecycle_attention(self, operator, value):
        if operator != "in":
            return NotImplemented
        reasons = self._lifecycle_get_attention_reasons()
        return Domain.OR(reasons[code][1] for code in value if code in reasons)
