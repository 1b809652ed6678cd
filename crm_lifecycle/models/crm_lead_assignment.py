from ast import literal_eval

from odoo import api, fields, models

KIND = "lifecycle_assigned_kind"


class CrmLead(models.Model):
    """Why a lead went to its salesperson, or to nobody."""

    _inherit = "crm.lead"

    lifecycle_assigned_kind = fields.Selection(
        [
            ("manual", "By hand"),
            ("preferred", "By rule: among the salesperson's preferred leads"),
            ("turn", "By rule: in turn, within the salesperson's quota"),
            ("pool", "Claimed from a pool"),
            ("handover", "With an accepted hand-over"),
            ("departure", "Taken over from somebody who left"),
            ("escalation", "By an escalation"),
            ("auto", "By an automatic rule"),
        ],
        "Assigned",
        readonly=True,
        copy=False,
        help="Empty: the salesperson has had it from the beginning.",
    )
    lifecycle_assigned_by_id = fields.Many2one(
        "res.users",
        "Assigned by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    lifecycle_unassigned_reason = fields.Char(
        "Why Nobody Has It",
        compute="_compute_lifecycle_unassigned_reason",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    def write(self, vals):
        if "user_id" not in vals:
            return super().write(vals)
        # sudo: sellers cannot read what waits in a pool
        changing = self.sudo().filtered(lambda r: r.user_id.id != vals["user_id"])
        result = super().write(vals)
        if changing:
            kind = self._lifecycle_get_assigned_kind() if vals["user_id"] else False
            by_person = kind and self.env.user.active
            models.BaseModel.write(
                changing,
                {
                    "lifecycle_assigned_kind": kind,
                    "lifecycle_assigned_by_id": by_person and self.env.uid,
                },
            )
        return result

    @api.model
    def _lifecycle_get_assigned_kind(self):
        if kind := self.env.context.get(KIND):
            return kind
        if self.env.context.get("lifecycle_pool_move"):
            return "pool"
        return "manual" if self.env.user.active else "auto"

    # ------------------------------------------------------------
    # Why nobody has it
    # ------------------------------------------------------------

    @api.depends("user_id", "team_id", "lifecycle_pool_id")
    @api.depends_context("lang")
    def _compute_lifecycle_unassigned_reason(self):
        for lead in self:
            # sudo: quotas and rules of colleagues
            reason = not lead.user_id and lead.sudo()._lifecycle_get_unassigned_reason()
            lead.lifecycle_unassigned_reason = reason

    def _lifecycle_get_unassigned_reason(self):
        """The first thing that keeps the lead from being assigned, in a sentence."""
        self.ensure_one()
        team = self.team_id
        if self.lifecycle_pool_id:
            return self.env._(
                "It waits in the pool “%s” to be claimed.", self.lifecycle_pool_id.name
            )
        if not team:
            return self.env._("It belongs to no sales team.")
        parameters = self.env["ir.config_parameter"]
        if not parameters.get_param("crm.lead.auto.assignment"):
            return self.env._("Rule-based assignment is switched off in the settings.")
        members = team.crm_team_member_ids.filtered(lambda m: not m.assignment_optout)
        if team.assignment_optout or not members:
            return self.env._("Nobody of “%s” takes leads by rule.", team.name)
        takers = members.filtered(
            lambda member: self.filtered_domain(
                literal_eval(member.assignment_domain or "[]")
            )
        )
        if not takers:
            return self.env._("Nobody of “%s” takes leads of this kind.", team.name)
        if all(member._get_assignment_quota() <= 0 for member in takers):
            return self.env._(
                "Everybody of “%s” who takes such leads has reached the quota.",
                team.name,
            )
        return self.env._("It will be assigned by the next run of the rules.")


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def _assign_and_convert_leads(self, force_quota=False):
        """Note of each lead whether it was preferred or came in turn."""
        teams = self.with_context(**{KIND: "turn"})
        result = super(CrmTeam, teams)._assign_and_convert_leads(force_quota)
        for member, values in result.items():
            preferred = literal_eval(member.assignment_domain_preferred or "[]")
            if preferred and values["assigned"]:
                models.BaseModel.write(
                    values["assigned"].filtered_domain(preferred),
                    {"lifecycle_assigned_kind": "preferred"},
                )
        return result


class CrmLifecycleHandover(models.Model):
    _inherit = "crm.lifecycle.handover"

    def action_accept(self):
        handovers = self.with_context(**{KIND: "handover"})
        return super(CrmLifecycleHandover, handovers).action_accept()


class CrmSlaTimer(models.Model):
    _inherit = "crm.sla.timer"

    def _escalate_by_reassign(self, level, people):
        timers = self.with_context(**{KIND: "escalation"})
        return super(CrmSlaTimer, timers)._escalate_by_reassign(level, people)
