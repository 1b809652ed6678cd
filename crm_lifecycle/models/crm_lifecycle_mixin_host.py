from odoo import api, models
from odoo.fields import Domain


class CrmLifecycleMixin(models.AbstractModel):
    """What a host tells the engine: the hooks it extends."""

    _inherit = "crm.lifecycle.mixin"

    @api.model
    def _lifecycle_get_hosts(self):
        """The models that flow: ``{phase: model name}``."""
        names = self.pool.descendants(["crm.lifecycle.mixin"], "_inherit")
        return {
            self.env[name]._lifecycle_phase: name
            for name in names
            if not self.env[name]._abstract
        }

    @api.model
    def _lifecycle_get_trigger_fields(self):
        """Hook: fields whose writing may change where a record stands."""
        return {"lifecycle_stage_id"}

    def _lifecycle_filter_touched(self, vals):
        """Hook: the records whose place may have changed now that ``vals`` are written.

        Saves reading what Odoo would compute later, for many records at once.
        """
        return self

    @api.model
    def _lifecycle_prepare_values(self, stage, creating=False):
        """Hook: the host's own values that go with standing in ``stage``."""
        return {}

    def _lifecycle_get_destinations(self, stage_id):
        """Hook: where records stand now that their values are written.

        :param stage_id: the stage asked for, ``False`` for none, ``None`` when the
            host's other values decide
        :return: list of ``(stage, records)``
        """
        if stage_id is None:
            return []
        return [(self.env["crm.lifecycle.stage"].browse(stage_id or ()), self)]

    @api.model
    def _lifecycle_get_attention_action(self):
        """Hook: the window action that lists this host's records to look after."""
        return {}

    @api.model
    def _lifecycle_get_standing_domain(self, stage):
        """The records that stand in ``stage`` themselves, by an open stay."""
        visits = self.env["crm.lifecycle.visit"]
        return Domain(
            "lifecycle_visit_ids",
            "any",
            visits._get_open_domain() & Domain("stage_id", "=", stage.id),
        )

    def _lifecycle_get_placed_records(self):
        """Hook: the records that show the stage when these stand in it."""
        return self

    def _lifecycle_get_path_record(self):
        """Hook: the record whose path this one shows."""
        return self

    def _lifecycle_get_process(self):
        """Hook: the process that runs for one record; empty for none."""
        return self.env["crm.lifecycle.process"]

    def _lifecycle_get_owner(self):
        """Hook: who answers for one record."""
        return self.env["res.users"]

    def _lifecycle_get_team(self):
        """Hook: the sales team of one record."""
        return self.env["crm.team"]

    def _lifecycle_left(self, visits):
        """Hook: records have left ``visits``, which are closed now."""

    def _lifecycle_entered(self, visits):
        """Hook: records have entered ``visits``, in the order of the records."""
