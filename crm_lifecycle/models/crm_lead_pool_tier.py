from odoo import fields, models
from odoo.tools import SQL


class CrmCustomerTier(models.Model):
    """How long an owner may neglect a customer of the tier, or a lead of one."""

    _inherit = "crm.customer.tier"

    recycle_rule = fields.Selection(
        [
            ("pool", "As the pool says"),
            ("days", "After other days"),
            ("never", "Never"),
        ],
        "Taken Back to the Pool",
        required=True,
        default="pool",
    )
    recycle_days = fields.Integer(
        "Days without a Touch",
        default=30,
        help="Instead of the days of the pool, where it takes back at all.",
    )

    _recycle_days_positive = models.Constraint(
        "CHECK (recycle_days > 0)", "Say after how many days it is taken back."
    )


class CrmLeadPool(models.Model):
    _inherit = "crm.lead.pool"

    def _get_recycle_columns(self):
        """The days of the customer's tier come before those of the pool."""
        columns = super()._get_recycle_columns()
        tier = self.env[self.res_model]._lifecycle_get_tier_column()
        return {
            "touch": SQL(
                """
                CASE WHEN %(touch)s = 0 THEN 0 ELSE COALESCE((
                    SELECT CASE t.recycle_rule WHEN 'never' THEN 0
                                               WHEN 'days' THEN t.recycle_days END
                      FROM crm_customer_tier t WHERE t.id = %(tier)s), %(touch)s) END
                """,
                touch=columns["touch"],
                tier=tier,
            ),
            "advance": SQL(
                """
                COALESCE((SELECT 0 FROM crm_customer_tier t
                           WHERE t.id = %(tier)s AND t.recycle_rule = 'never'),
                         %(advance)s)
                """,
                advance=columns["advance"],
                tier=tier,
            ),
        }
