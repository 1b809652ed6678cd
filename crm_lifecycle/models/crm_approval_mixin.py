from markupsafe import Markup

from odoo import api, fields, models


class CrmApprovalMixin(models.AbstractModel):
    """What makes a model something people have to agree to.

    A model inherits this, adds its kind to ``crm.approval.rule`` and says by the
    hooks below what it is worth, to whom it belongs, and what happens in the end.
    """

    _name = "crm.approval.mixin"
    _description = "Approval Mixin"

    _approval_kind = None  # the kind of crm.approval.rule

    approval_request_id = fields.Many2one(
        "crm.approval.request",
        "Approval",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
    )
    approval_state = fields.Selection(
        related="approval_request_id.state",
        string="Approval State",
        groups="base.group_user",
    )
    approval_missing = fields.Char(
        related="approval_request_id.missing", groups="base.group_user"
    )
    is_my_approval = fields.Boolean(
        "Waits for Me",
        compute="_compute_is_my_approval",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends_context("uid")
    @api.depends("approval_request_id.line_ids.state")
    def _compute_is_my_approval(self):
        for record in self:
            record.is_my_approval = record.approval_request_id.is_my_turn

    def _has_field_access(self, field, operation):
        """Which approval is in force is written by the engine alone."""
        if (
            operation == "write"
            and field.name == "approval_request_id"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def unlink(self):
        # sudo: the approvals of what is deleted go with it
        requests = self.env["crm.approval.request"].sudo()
        requests = requests.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        result = super().unlink()
        requests.unlink()
        return result

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def _approval_ask(self, reason, rules=None):
        """Ask for the approval of one record.

        :param str reason: the requester's, may be empty
        :param dict rules: ``{rule: [reason, …]}`` as judged; who is accountable for
            the stage is asked when there is none
        :return: the ``crm.approval.request``
        :raise UserError: nobody can be asked
        """
        self.ensure_one()
        target = self.sudo()  # sudo: requests are written by the engine alone
        requests = target.env["crm.approval.request"]
        return requests._open(target, self.env.user, reason, rules or {})

    def action_approve(self):
        """Ask the current user for a comment, then approve."""
        self.ensure_one()
        return self.approval_request_id.action_approve()

    def action_reject(self):
        """Ask the current user for the reason, then reject."""
        self.ensure_one()
        return self.approval_request_id.action_reject()

    def action_view_approval(self):
        self.ensure_one()
        return self.approval_request_id._get_form_action()

    def _approval_stamp(self, body, author=None, notify=None):
        """Write into the chatter what happened; customers do not see it.

        :param body: text, or ``Markup``
        :param author: ``res.users``
        :param notify: ``res.users`` who get it as a notification
        """
        author = author or self.env.user
        for record in self._approval_get_chatter_records():
            # sudo: approvers need no right to edit what they decide about
            record.sudo().message_post(
                body=Markup("<p>%s</p>") % body,
                author_id=author.partner_id.id,
                partner_ids=(notify or self.env["res.users"]).partner_id.ids,
                message_type="comment" if notify else "notification",
                subtype_xmlid="mail.mt_note",
            )

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _approval_get_reasons(self, rule):
        """Hook: why a rule that concerns this record asks for approval.

        :return: list of texts; empty when it does not
        """
        return [rule.name]

    def _approval_get_excluded(self):
        """Hook: who may not decide beside the requester."""
        return self.env["res.users"]

    def _approval_get_chatter_records(self):
        """Hook: the records whose chatter tells of the approval."""
        return [self]

    def _approval_get_company(self):
        """Hook: the company whose rules and currency count."""
        return self.company_id or self.env.company

    def _approval_get_amount(self):
        """Hook: what it is worth, in the currency of its company."""
        return 0.0

    def _approval_get_team(self):
        """Hook: the sales team."""
        return self.env["crm.team"]

    def _approval_get_lifecycle_record(self):
        """Hook: the lead or customer it is about, which stands in a stage."""
        return self.browse()

    def _approval_get_accountable(self):
        record = self._approval_get_lifecycle_record()
        if not record:
            return self.env["res.users"]
        people = record._lifecycle_get_role_users("accountable")[record]
        return people.sudo()  # sudo: whether they are away is asked of them

    def _approval_get_process_owner(self):
        """The owner of the process that runs for the record it is about."""
        record = self._approval_get_lifecycle_record()
        if not record:
            return self.env["res.users"]
        stage = record.lifecycle_stage_id
        return (stage.process_id or record._lifecycle_get_process()).user_id

    def _approval_get_fingerprint(self):
        """Hook: what was agreed to, as a text that differs when it changes."""
        return ""

    def _approval_get_title(self):
        """Hook: what approvers recognise it by."""
        return self.display_name

    def _approval_get_summary(self):
        """Hook: what people decide about, as HTML for who may not open the record."""
        return False

    def _approval_check_cancel(self):
        """Hook: raise when the question cannot be withdrawn any more."""

    def _approval_ended(self, request):
        """Hook: ``request`` was approved, rejected, cancelled or voided."""
