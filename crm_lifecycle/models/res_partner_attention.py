from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _lifecycle_get_shared_domain(self):
        return Domain("id", "in", self._get_lifecycle_shared_query())

    @api.model
    def _get_lifecycle_shared_query(self):
        """Customers on whom people of several sales teams work at the same time.

        By open leads, and by open activities on the customer and on these leads.
        """
        self.env["crm.lead"].flush_model()
        self.env["mail.activity"].flush_model()
        self.env["crm.team.member"].flush_model()
        self.flush_model(["commercial_partner_id"])
        return SQL(
            """(
            WITH lead AS (
                SELECT l.id, l.team_id, p.commercial_partner_id AS partner_id
                  FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
                 WHERE l.active AND l.won_status = 'pending'
                   AND (l.company_id IS NULL OR l.company_id = ANY(%(companies)s))
            ), activity AS (
                SELECT a.res_model, a.res_id, m.crm_team_id AS team_id
                  FROM mail_activity a
                  JOIN crm_team_member m ON m.user_id = a.user_id AND m.active
                 WHERE a.active AND a.res_model IN ('crm.lead', 'res.partner')
            ), work AS (
                SELECT partner_id, team_id FROM lead WHERE team_id IS NOT NULL
                 UNION ALL
                SELECT lead.partner_id, activity.team_id
                  FROM activity JOIN lead ON lead.id = activity.res_id
                 WHERE activity.res_model = 'crm.lead'
                 UNION ALL
                SELECT p.commercial_partner_id, activity.team_id
                  FROM activity JOIN res_partner p ON p.id = activity.res_id
                 WHERE activity.res_model = 'res.partner'
            )
            SELECT partner_id FROM work GROUP BY partner_id
            HAVING count(DISTINCT team_id) > 1)""",
            companies=self.env.companies.ids,
        )

    @api.model
    def _lifecycle_get_attention_action(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.res_partner_action_attention"
        )
