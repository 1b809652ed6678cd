from odoo import models
from odoo.exceptions import ValidationError


class ResUsers(models.Model):
    _inherit = "res.users"

    def _lifecycle_check_owner(self):
        """Owners of stages and processes are employees who still work here.

        :raise ValidationError: naming the first who is not
        """
        for user in self.sudo():  # sudo: group membership of others
            if not user.active:
                raise ValidationError(
                    self.env._(
                        "%s is archived. Choose somebody who still works here.",
                        user.name,
                    )
                )
            if user.share:
                raise ValidationError(
                    self.env._(
                        "%s is a portal user. An owner must be an employee.", user.name
                    )
                )
