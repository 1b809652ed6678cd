from odoo import fields, models


class CrmLifecycleReturnReason(models.Model):
    """Why the receiver of a hand-over gives it back."""

    _name = "crm.lifecycle.return.reason"
    _description = "Reason for Returning a Hand-over"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "There is already such a reason.")
