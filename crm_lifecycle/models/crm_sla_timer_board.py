from odoo import api, models


class CrmSlaTimer(models.Model):
    """The board of what is late, by owner."""

    _inherit = "crm.sla.timer"

    @api.model
    @api.readonly
    def web_read_group(
        self, domain, groupby, *args, auto_unfold=False, opening_info=None, **kwargs
    ):
        """What nobody answers for is shown at once, where Odoo folds it away."""
        if auto_unfold and not opening_info:
            limit = kwargs.get("unfold_read_default_limit") or 80
            opening_info = [
                {"value": False, "folded": False, "offset": 0, "limit": limit}
            ]
        return super().web_read_group(
            domain,
            groupby,
            *args,
            auto_unfold=auto_unfold,
            opening_info=opening_info,
            **kwargs,
        )
