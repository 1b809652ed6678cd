from odoo import fields, models
from odoo.tools import SQL


class CrmSlaReport(models.Model):
    """First touches are compared by where the leads come from."""

    _inherit = "crm.sla.report"
    _depends = {"crm.lead": ["source_id"]}

    source_id = fields.Many2one("utm.source", readonly=True)

    def _get_select(self):
        return SQL("%s, lead.source_id", super()._get_select())

    def _get_from(self):
        return SQL(
            "%s LEFT JOIN crm_lead AS lead ON lead.id = t.lead_id", super()._get_from()
        )
