from odoo import models
from odoo.exceptions import ValidationError

FEEDBACK_GROUP = "crm_lifecycle.group_crm_lifecycle_user"


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self.env["crm.feedback"]._leave_owners(self)
        return result

    def _feedback_can_own(self, company):
        """Tell whether a user could take feedback of ``company``; nobody cannot."""
        return bool(
            self
            and self.active
            and not self.share
            and company in self.company_ids
            and self.has_group(FEEDBACK_GROUP)
        )

    def _feedback_check_owner(self):
        """Owners of feedback work here and can open it.

        :raise ValidationError: naming the first who does not
        """
        self._lifecycle_check_owner()
        for user in self.sudo():  # sudo: group membership of others
            if not user.has_group(FEEDBACK_GROUP):
                raise ValidationError(
                    self.env._(
                        "%s has no access to customer feedback and cannot own any.",
                        user.name,
                    )
                )
