from odoo import api, fields, models
from odoo.fields import Domain

from .crm_churn_score import LEVELS, selection_level

# customers never learn how they are judged
INTERNAL = "base.group_user"
FIELDS = ("churn_level", "churn_score", "churn_reason", "churn_score_id")


class ResPartner(models.Model):
    """The health of a customer, the worst over the companies the user may see."""

    _inherit = "res.partner"

    churn_score_id = fields.Many2one(
        "crm.churn.score", "Customer Health", compute="_compute_churn", groups=INTERNAL
    )
    churn_level = fields.Selection(
        lambda self: selection_level(self.env),
        "Health Level",
        compute="_compute_churn",
        search="_search_churn_level",
        groups=INTERNAL,
    )
    churn_score = fields.Integer(
        "Health",
        compute="_compute_churn",
        search="_search_churn_score",
        groups=INTERNAL,
        help="100: nothing speaks against the customer. 0: everything does.",
    )
    churn_reason = fields.Char(
        "Main Reason of Risk", compute="_compute_churn", groups=INTERNAL
    )
    churn_explanation = fields.Html(
        "Why This Health",
        compute="_compute_churn_explanation",
        sanitize=False,
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_churn(self):
        # sudo: level and main reason are for every employee, of companies they see
        scores = self.env["crm.churn.score"].sudo()
        found = scores.search(
            Domain("partner_id", "in", self.commercial_partner_id.ids)
            & Domain("company_id", "in", self.env.companies.ids),
            order="score desc, id",
        )
        worst = {score.partner_id.id: score for score in found}
        for partner in self:
            score = worst.get(partner.commercial_partner_id._origin.id, scores)
            partner.churn_score_id = score
            partner.churn_level = score.level
            partner.churn_score = score.score
            partner.churn_reason = score.reason

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_churn_explanation(self):
        for partner in self:
            partner.churn_explanation = partner.churn_score_id.explanation

    def _search_churn_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        levels = [level for level in value if level]
        domain = Domain("commercial_partner_id", "in", self._find_churn_levels(levels))
        if len(levels) < len(value):  # also those without one
            domain |= ~Domain(
                "commercial_partner_id", "in", self._find_churn_levels(LEVELS)
            )
        return domain

    def _find_churn_levels(self, levels):
        """A query of the customers whose worst level is one of these."""
        ours = Domain("company_id", "in", self.env.companies.ids)
        worse = LEVELS[: min(map(LEVELS.index, levels), default=0)]
        # sudo: as in _compute_churn
        scores = self.env["crm.churn.score"].sudo()
        found = scores._search(ours & Domain("level", "in", list(levels)))
        if worse and len(self.env.companies) > 1:
            worst = scores._search(ours & Domain("level", "in", list(worse)))
            found = scores._search(
                ours
                & Domain("level", "in", list(levels))
                & ~Domain("partner_id", "in", worst.subselect("partner_id"))
            )
        return found.subselect("partner_id")

    def _search_churn_score(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        ours = Domain("company_id", "in", self.env.companies.ids)
        # sudo: as in _compute_churn
        scores = self.env["crm.churn.score"].sudo()
        found = scores._search(ours & Domain("score", operator, value))
        domain = Domain("commercial_partner_id", "in", found.subselect("partner_id"))
        if operator in (">", ">="):  # the worst counts
            opposite = {">": "<=", ">=": "<"}[operator]
            below = scores._search(ours & Domain("score", opposite, value))
            domain &= ~Domain(
                "commercial_partner_id", "in", below.subselect("partner_id")
            )
        return domain

    @api.model
    def _forget_churn(self):
        self.invalidate_model([*FIELDS, "churn_explanation"], flush=False)

    def action_view_churn_score(self):
        """Open the health of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_churn.crm_churn_score_action"
        )
        return dict(
            action,
            views=[(False, "form")],
            res_id=self.churn_score_id.id,
            context={},
        )
