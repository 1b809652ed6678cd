from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_customer_hint_query import DEFAULTS


class ResConfigSettings(models.TransientModel):
    """From when on a product is proposed to a customer."""

    _inherit = "res.config.settings"

    lifecycle_hint_months = fields.Integer(
        "Orders of the Last Months",
        config_parameter="crm_lifecycle.hint_months",
        default=DEFAULTS.months,
    )
    lifecycle_hint_peers = fields.Integer(
        "Similar Customers at Least",
        config_parameter="crm_lifecycle.hint_peers",
        default=DEFAULTS.peers,
        help="Where fewer are of the same industry and tier, those of the industry "
        "count, then those of the tier.",
    )
    lifecycle_hint_support = fields.Integer(
        "Bought By at Least",
        config_parameter="crm_lifecycle.hint_support",
        default=DEFAULTS.support,
    )
    lifecycle_hint_confidence = fields.Float(
        "Share of Them at Least (%)",
        config_parameter="crm_lifecycle.hint_confidence",
        default=DEFAULTS.confidence,
    )
    lifecycle_hint_most = fields.Integer(
        "Hints per Customer at Most",
        config_parameter="crm_lifecycle.hint_most",
        default=DEFAULTS.most,
    )

    @api.constrains(
        "lifecycle_hint_months",
        "lifecycle_hint_peers",
        "lifecycle_hint_support",
        "lifecycle_hint_confidence",
        "lifecycle_hint_most",
    )
    def _check_lifecycle_hints(self):
        for settings in self:
            numbers = (
                settings.lifecycle_hint_months,
                settings.lifecycle_hint_peers,
                settings.lifecycle_hint_support,
                settings.lifecycle_hint_most,
            )
            if min(numbers) < 1 or not 0 < settings.lifecycle_hint_confidence <= 100:
                raise ValidationError(
                    self.env._(
                        "Cross-sell hints need at least one month, customer and hint, "
                        "and a share between 0 and 100 percent."
                    )
                )
