from odoo import fields, models


class CrmLifecycleExceptionKind(models.Model):
    """Why a record leaves the chart: what exceptions are analysed by."""

    _name = "crm.lifecycle.exception.kind"
    _description = "Kind of Exception"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_emergency = fields.Boolean(
        "Emergency",
        help="The record moves at once and the approval follows. Until then it is "
        "flagged.",
    )
    description = fields.Char(
        "When to Use", translate=True, help="Shown to who asks for an exception."
    )
