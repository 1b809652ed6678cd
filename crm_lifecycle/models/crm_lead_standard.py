from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.field_paths import is_filled


class CrmLead(models.Model):
    """What marketing finds out before it hands a lead over, and how far it has come.

    Budget, authority, need and timeline are the four questions of the BANT practice;
    the size of the company says whom they are asked of.
    """

    _inherit = "crm.lead"

    lifecycle_company_size = fields.Selection(
        [
            ("micro", "1 to 9 people"),
            ("small", "10 to 49 people"),
            ("medium", "50 to 249 people"),
            ("large", "250 to 999 people"),
            ("huge", "1,000 people and more"),
        ],
        "Company Size",
    )
    lifecycle_budget = fields.Monetary(
        "Budget",
        currency_field="company_currency",
        help="What the customer is ready to spend.",
    )
    lifecycle_decision_maker = fields.Char(
        "Decision Maker", help="Who decides there, and how to reach that person."
    )
    lifecycle_need = fields.Text("Need", help="What the customer wants to solve.")
    lifecycle_timeline = fields.Selection(
        [
            ("now", "At once"),
            ("quarter", "Within three months"),
            ("half", "Within half a year"),
            ("year", "Within a year"),
            ("later", "Later"),
        ],
        "Timeline",
        help="When the customer wants to have it.",
    )
    lifecycle_standard_percent = fields.Integer(
        "Completeness",
        compute="_compute_lifecycle_standard",
        help="How much of the hand-over standard is known.",
    )
    lifecycle_standard_missing = fields.Char(
        "Still to Find Out", compute="_compute_lifecycle_standard"
    )
    lifecycle_standard_met = fields.Boolean(
        "Hand-over Standard Met",
        compute="_compute_lifecycle_standard",
        search="_search_lifecycle_standard_met",
    )

    # fields that a company adds to the standard are read anew after saving
    @api.depends(
        "lifecycle_company_size",
        "lifecycle_budget",
        "lifecycle_decision_maker",
        "lifecycle_need",
        "lifecycle_timeline",
    )
    @api.depends_context("lang")
    def _compute_lifecycle_standard(self):
        names = self.env["crm.lead.standard.item"]._get_field_names()
        for lead in self:
            missing = lead._lifecycle_get_missing_items()
            lead.lifecycle_standard_missing = ", ".join(missing) or False
            lead.lifecycle_standard_met = not missing
            known = len(names) - len(missing)
            lead.lifecycle_standard_percent = (
                round(100 * known / len(names)) if names else 100
            )

    def _lifecycle_get_missing_items(self):
        """What of the hand-over standard is not known of one lead.

        :return: list of names in the reader's language
        """
        self.ensure_one()
        lead = self.sudo()  # sudo: the standard may ask what the reader does not see
        return [
            lead._fields[name].get_description(self.env, ["string"])["string"]
            for name in self.env["crm.lead.standard.item"]._get_field_names()
            if not is_filled(lead[name])
        ]

    @api.model
    def _search_lifecycle_standard_met(self, operator, value):
        if operator != "in":
            return NotImplemented
        met = Domain.AND(
            Domain(name, "not in", [False, 0] if field.type == "monetary" else [False])
            for name in self.env["crm.lead.standard.item"]._get_field_names()
            for field in (self._fields[name],)
        )
        return met if True in value else ~met


class CrmLifecycleRequirement(models.Model):
    """The whole standard can be asked for before a lead moves on."""

    _inherit = "crm.lifecycle.requirement"

    kind = fields.Selection(
        selection_add=[("standard", "The Hand-over Standard Is Met")],
        ondelete={"standard": "cascade"},
    )

    def _get_asked_paths(self):
        if self.kind != "standard":
            return super()._get_asked_paths()
        return self.env["crm.lead.standard.item"]._get_field_names()

    def _find_gaps_standard(self, records):
        return self._find_gaps_fields(records)

    @api.model
    def _get_values_error(self, model_name, values):
        if values.get("kind") == "standard" and model_name != "crm.lead":
            return self.env._("The hand-over standard is asked of leads only.")
        return super()._get_values_error(model_name, values)

    def _get_label(self):
        self.ensure_one()
        if self.kind == "standard" and not self.name:
            return self.env._("Hand-over standard")
        return super()._get_label()
