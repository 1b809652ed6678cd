from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# who is asked when nobody who was meant can be, in this order
FALLBACK = ("accountable", "team_leader", "process_owner")


class CrmApprovalRuleLine(models.Model):
    """One who has to agree: a person, or what a person is to the target."""

    _name = "crm.approval.rule.line"
    _description = "Approver of an Approval Rule"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        "crm.approval.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    approver_type = fields.Selection(
        [
            ("user", "A person"),
            ("role", "Anybody in a role"),
            ("team_leader", "The sales team's leader"),
            ("accountable", "Who is accountable for the stage"),
            ("process_owner", "The owner of the process"),
        ],
        "Approver",
        required=True,
        default="user",
    )
    user_id = fields.Many2one(
        "res.users", "Person", domain="[('share', '=', False)]", ondelete="restrict"
    )
    role_id = fields.Many2one("res.role", "Role", ondelete="restrict")
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Asked instead when the approver is out of office or archived. Empty: "
        "whom the approver has named in the own preferences.",
    )

    @api.depends("approver_type", "user_id.name", "role_id.name")
    def _compute_display_name(self):
        labels = dict(self._fields["approver_type"]._description_selection(self.env))
        for line in self:
            names = {"user": line.user_id.name, "role": line.role_id.name}
            line.display_name = (
                names.get(line.approver_type) or labels[line.approver_type]
            )

    @api.constrains("approver_type", "user_id", "role_id", "substitute_id")
    def _check_approver(self):
        for line in self:
            if (
                line.approver_type in ("user", "role")
                and not (line[f"{line.approver_type}_id"])
            ):
                raise ValidationError(
                    self.env._(
                        "Choose the person or the role that has to agree in “%s”.",
                        line.rule_id.name,
                    )
                )
        (self.user_id | self.substitute_id)._lifecycle_check_owner()

    # ------------------------------------------------------------
    # Who it is
    # ------------------------------------------------------------

    def _resolve(self, target, excluded):
        """Who has to agree to a target, and who is asked for it now.

        The two differ when somebody is out of office or archived. Somebody who may
        not decide (the requester) is passed over; when nobody is left, the
        accountable of the stage, the team leader, then the owner of the process.

        :param target: one record with ``crm.approval.mixin``
        :param excluded: ``res.users`` who may not decide
        :return: ``(approvers, asked)``, both ``res.users``
        :raise UserError: nobody is left, naming what to configure
        """
        self.ensure_one()
        company = target._approval_get_company()
        for kind in (self.approver_type, *FALLBACK):
            approvers = self._get_users(kind, target) - excluded
            asked = self._get_present(approvers)
            asked = (asked - excluded)._approval_filter_usable(company)
            if asked:
                return approvers, asked
        raise UserError(
            self.env._(
                "Nobody can agree to “%(target)s”: %(approver)s is not available, and "
                "neither the stage, the sales team nor the process names somebody "
                "else. Name another approver in the approval rule, a team leader, or "
                "an owner of the process.",
                target=target.display_name,
                approver=self.display_name,
            )
        )

    def _get_users(self, kind, target):
        """The people of one kind, present or not."""
        if kind == "user":
            return self.user_id
        if kind == "role":
            return self.role_id.with_context(active_test=False).user_ids
        if kind == "team_leader":
            return target._approval_get_team().user_id
        if kind == "accountable":
            return target._approval_get_accountable()
        return target._approval_get_process_owner()

    def _get_present(self, approvers):
        """Those of a role who are there; when none is, who stands in for them."""
        present = approvers.filtered(lambda user: user._approval_is_present())
        if present:
            return present
        stand_ins = self.env["res.users"]
        for user in approvers:
            stand_ins |= user._approval_get_stand_in(self.substitute_id)
        return stand_ins
