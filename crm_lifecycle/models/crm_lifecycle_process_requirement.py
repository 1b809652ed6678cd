from odoo import api, fields, models


class CrmLifecycleProcess(models.Model):
    """What the stages and moves of a chart ask for."""

    _inherit = "crm.lifecycle.process"

    requirement_ids = fields.One2many(
        "crm.lifecycle.requirement", "process_id", "Requirements", copy=False
    )
    requirement_count = fields.Integer(
        "Number of Requirements", compute="_compute_requirement_count"
    )

    @api.depends("requirement_ids")
    def _compute_requirement_count(self):
        for process in self:
            process.requirement_count = len(process.requirement_ids)

    def _get_defects(self):
        """A requirement that cannot be checked would keep everybody where they are."""
        defects = super()._get_defects()
        for requirement in self.requirement_ids:
            if error := requirement._get_error() or requirement._get_property_error():
                defects.append(
                    self.env._(
                        "“%(stage)s” asks for “%(requirement)s”, which cannot be "
                        "checked: %(error)s",
                        stage=requirement.stage_id.name,
                        requirement=requirement._get_label(),
                        error=error,
                    )
                )
        return defects

    def action_view_requirements(self):
        self.ensure_one()
        return self.env["crm.lifecycle.requirement"]._get_list_action(
            [("process_id", "=", self.id)], self.name
        )
