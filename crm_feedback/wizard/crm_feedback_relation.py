from odoo import api, fields, models


class CrmFeedbackRelation(models.TransientModel):
    """A small page: do customers who complained leave more often?"""

    _name = "crm.feedback.relation"
    _description = "Complaints and Leaving"

    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_result(self):
        leaving = self.env["crm.feedback.leaving"]
        section = leaving._get_relation_section(self.env.companies)
        section["title"] = ""  # that of the page
        more = leaving._get_satisfaction_section(self.env.companies)
        html = self.env["ir.qweb"]._render(
            "crm_feedback.sections", {"sections": [section, more]}
        )
        for relation in self:
            relation.result = html
