from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_PLACE = 200


class CrmLifecycleStage(models.Model):
    """Where a stage is drawn on the map, when somebody has put it there."""

    _inherit = "crm.lifecycle.stage"

    position = fields.Json(
        help="Where the stage was put by hand: column, and row in its lane. Empty "
        "where the map arranges it by itself."
    )

    @api.model
    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "position"]

    @api.constrains("position")
    def _check_position(self):
        for stage in self:
            if error := self._get_position_error(stage.position):
                raise ValidationError(error)

    @api.model
    def _get_position_error(self, position):
        """Why ``position`` is no place on the map; ``None`` when it is one."""
        if not position:
            return None
        places = [position.get(axis) for axis in ("x", "y")]
        if position.keys() == {"x", "y"} and all(
            isinstance(place, int | float)
            and not isinstance(place, bool)
            and 0 <= place <= MAX_PLACE
            for place in places
        ):
            return None
        return self.env._("A place on the map is a column “x” and a row “y”.")

    @api.model
    def _get_definition_detail_errors(self, values):
        errors = super()._get_definition_detail_errors(values)
        if not errors and (error := self._get_position_error(values.get("position"))):
            errors.append(error)
        return errors
