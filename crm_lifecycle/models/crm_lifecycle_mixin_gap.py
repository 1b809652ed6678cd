from odoo import api, models
from odoo.fields import Domain


class CrmLifecycleMixin(models.AbstractModel):
    """What is missing in the data of a record, so that nobody can work with it."""

    _inherit = "crm.lifecycle.mixin"

    @api.model
    def _lifecycle_get_checked_domain(self):
        """Hook: the records whose data are checked."""
        return Domain("lifecycle_stage_id", "!=", False)

    @api.model
    def _lifecycle_get_data_gaps(self):
        """Hook: what can be wrong with the data: once, for list, filter and count.

        :return: ``{code: (text, domain)}``
        """
        return {
            "owner": (
                self.env._("No salesperson"),
                Domain("user_id", "=", False) & Domain("lifecycle_pool_id", "=", False),
            ),
            "duplicate": (
                self.env._("Possible duplicate"),
                Domain("id", "in", self._lifecycle_get_duplicates_query()),
            ),
        }

    @api.model
    def _lifecycle_get_duplicates_query(self):
        """Hook: the records that have a mail address, a phone number, … of another.

        :return: ``SQL``, a query of ids in parentheses
        """
        raise NotImplementedError
