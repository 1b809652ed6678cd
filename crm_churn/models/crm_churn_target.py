from odoo import fields, models


class CrmChurnTarget(models.Model):
    """What a company wants an indicator to reach."""

    _name = "crm.churn.target"
    _description = "Target of an Indicator"
    _order = "company_id, indicator"
    _rec_name = "indicator"

    indicator = fields.Selection(
        lambda self: [
            (key, indicator.label)
            for key, indicator in self.env["crm.churn.indicator"]
            ._get_indicators()
            .items()
        ],
        required=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
        index=True,
    )
    value = fields.Float("Target", required=True)

    _indicator_uniq = models.UniqueIndex(
        "(indicator, company_id)", "An indicator has one target per company."
    )
    _value_positive = models.Constraint(
        "CHECK (value >= 0)", "A target cannot be negative."
    )
