from odoo import api, fields, models
from odoo.fields import Domain

RECURS_DAYS = 90
RECURS_FROM = 3  # so many complaints with one cause are no accident


class CrmFeedbackCause(models.Model):
    """Why customers complain: the tree of root causes."""

    _name = "crm.feedback.cause"
    _description = "Root Cause"
    _parent_store = True
    _parent_name = "parent_id"
    _rec_name = "complete_name"
    _order = "complete_name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "crm.feedback.cause", "Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, store=True, translate=False
    )
    company_id = fields.Many2one("res.company", help="Empty: for all companies.")
    feedback_count = fields.Integer("Feedback", compute="_compute_feedback_count")

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(parent_id, 0), COALESCE(company_id, 0))",
        "A cause is named once below another one.",
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for cause in self:
            parts = (cause.parent_id.complete_name, cause.name)
            cause.complete_name = " / ".join(part for part in parts if part)

    @api.depends_context("lang")
    @api.depends("name", "parent_id")
    def _compute_display_name(self):
        for cause in self:
            names, step = [], cause
            while step:
                names.insert(0, step.name or "")
                step = step.parent_id
            cause.display_name = " / ".join(names)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_feedback_count(self):
        """With what lies below."""
        groups = self.env["crm.feedback"]._read_group(
            [("cause_id", "child_of", self.ids)], ["cause_id"], ["__count"]
        )
        for cause in self:
            path = cause.parent_path or ""
            cause.feedback_count = sum(
                count
                for below, count in groups
                if path and below.parent_path.startswith(path)
            )

    def action_view_feedback(self):
        """Open the feedback that has this cause, or one below it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_feedback_action"
        )
        action["domain"] = [("cause_id", "child_of", self.id)]
        action["context"] = {"default_cause_id": self.id}
        return action


class CrmLifecycleSuggestion(models.Model):
    """Causes that come again are something to change in the process."""

    _inherit = "crm.lifecycle.suggestion"

    @api.model
    def _get_suggestion_sources(self):
        return {
            **super()._get_suggestion_sources(),
            "feedback": (self.env._("What Customers Say"), self._collect_causes),
        }

    def _collect_causes(self, process):
        for cause, stage, count, customers in self._count_causes(process):
            yield {
                "key": f"{stage.key}/{cause.id}",
                "name": self.env._(
                    "Remove a cause of complaints at “%(stage)s”: %(cause)s",
                    stage=stage.name,
                    cause=cause.display_name,
                ),
                "evidence": self.env._(
                    "%(count)s complaints of %(customers)s customers who stood there, "
                    "in %(days)s days.",
                    count=count,
                    customers=customers,
                    days=RECURS_DAYS,
                ),
                "expected_effect": self.env._(
                    "Up to %s complaints less in the same time.", count
                ),
                "stage_id": stage.id,
                "numbers": {"count": count, "customers": customers},
            }

    def _count_causes(self, process):
        """Which causes came again at which stage of a process."""
        # sudo: complaints are counted, whoever asked
        feedback = self.env["crm.feedback"].sudo()
        domain = (
            Domain("kind", "=", "complaint")
            & Domain("cause_id", "!=", False)
            & Domain("lifecycle_stage_id.process_id", "=", process.id)
            & Domain("date", ">=", f"today -{RECURS_DAYS}d")
        )
        if process.company_id:
            domain &= Domain("company_id", "=", process.company_id.id)
        return feedback._read_group(
            domain,
            ["cause_id", "lifecycle_stage_id"],
            ["__count", "commercial_partner_id:count_distinct"],
            having=[("__count", ">=", RECURS_FROM)],
        )
