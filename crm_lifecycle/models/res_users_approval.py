from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    """Who decides on approvals while somebody is away.

    Away is who is "Out of Office" in Odoo, or archived.
    """

    _inherit = "res.users"

    approval_substitute_id = fields.Many2one(
        "res.users",
        "Approvals go to",
        domain="[('share', '=', False), ('id', '!=', id)]",
        ondelete="set null",
        help="Is asked for approvals while the user is out of office or archived.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "approval_substitute_id"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "approval_substitute_id"]

    @api.constrains("approval_substitute_id")
    def _check_approval_substitute(self):
        for user in self.sudo():  # sudo: users are read by those who may not
            if user.approval_substitute_id == user:
                raise ValidationError(
                    self.env._("%s cannot stand in for themselves.", user.name)
                )
            user.approval_substitute_id._lifecycle_check_owner()

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._approval_get_presence_fields():
            # sudo: what waits for somebody is asked of who is there
            self.env["crm.approval.line"].sudo()._reassign_of(self)
        return result

    @api.model
    def _approval_get_presence_fields(self):
        """What says whom to ask instead of a user."""
        return {
            "active",
            "approval_substitute_id",
            "out_of_office_from",
            "out_of_office_to",
        }

    def _approval_is_present(self):
        self.ensure_one()
        return self.active and not self.is_out_of_office

    def _approval_get_stand_in(self, preferred):
        """Who decides for an absent user: the first of the chain who is there.

        :param preferred: ``res.users`` named by the rule, may be empty
        :return: ``res.users``; the user when away with nobody to stand in, so that
            the request is not lost; empty when archived
        """
        self.ensure_one()
        for first in (preferred, self.approval_substitute_id):
            seen, user = self, first
            while user and user not in seen:
                if user._approval_is_present():
                    return user
                seen |= user
                user = user.approval_substitute_id
        return self.filtered("active")

    def _approval_filter_usable(self, company):
        """The employees among the users who work for ``company``."""
        return self.filtered(
            lambda user: user.active
            and not user.share
            and (not company or company in user.company_ids)
        )
