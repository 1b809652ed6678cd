from odoo import models
from odoo.tools import SQL


class CrmPercentileMixin(models.AbstractModel):
    """Reports with medians and the like, which no sum or mean of parts can give.

    A report names its fields in ``_percentiles``; each is then computed for every group
    anew, from the rows of the group.
    """

    _name = "crm.percentile.mixin"
    _description = "Report with Percentiles"

    _percentiles = {}  # name of a field: share, from 0 to 1

    def _read_group_select(self, aggregate_spec, query):
        name = aggregate_spec.partition(":")[0]
        if name not in self._percentiles:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "percentile_cont(%s) WITHIN GROUP (ORDER BY %s)",
            self._percentiles[name],
            self._field_to_sql(self._table, name, query),
        )
