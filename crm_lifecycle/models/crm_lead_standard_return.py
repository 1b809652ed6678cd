from odoo import fields, models


class CrmLifecycleHandover(models.Model):
    """Which sources bring leads that are returned."""

    _inherit = "crm.lifecycle.handover"

    source_id = fields.Many2one(related="lead_id.source_id", store=True, index=True)

    def _get_missing_text(self):
        """What of the hand-over standard the leads lack, each lead a line.

        :return: text in the reader's language, empty when nothing is missing
        """
        lines = []
        for lead in self.lead_id:
            if missing := ", ".join(lead._lifecycle_get_missing_items()):
                name = f"{lead.name}: " if len(self) > 1 else ""
                lines.append(f"{name}{missing}")
        return "\n".join(lines)
