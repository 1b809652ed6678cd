from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmLifecycleProcess(models.Model):
    """What opens when a number of the map is clicked: exactly what it counts."""

    _inherit = "crm.lifecycle.process"

    def open_lifecycle_map_records(self, options, what):
        """The list behind one number of the map.

        :param dict options: as the map was asked for, with ``until`` of its scope
        :param dict what: ``kind`` (standing, arrived, entered, left, move), ``stage``
            (key), and where it applies ``source`` (key), ``states`` (of the time
            limit), ``owner`` (id, or false for nobody), ``only`` (exceptions or
            returned moves)
        :return: the action that opens the stays
        :raise UserError: what is asked for is not on the map
        """
        self.ensure_one()
        base = self._get_map_process()
        base.check_access("read")
        scope = base._get_map_scope(options)
        domain = base._get_map_record_domain(scope, what)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_visit_action_map"
        )
        context = {}
        if scope.moment:
            context["lifecycle_as_of"] = (options or {})["as_of"]
        return dict(
            action,
            name=base._get_map_record_title(what),
            domain=list(domain),
            context=context,
        )

    def _get_map_record_domain(self, scope, what):
        """The stays that one number counts."""
        stage = Domain("stage_id", "=", self._find_map_stage(what.get("stage")).id)
        kind = what.get("kind")
        visits = self.env["crm.lifecycle.visit"]
        if kind == "standing":
            domain = self._get_map_standing_domain(scope)
        elif kind == "left":
            domain = self._get_map_left_domain(scope)
        elif kind in ("arrived", "entered", "move"):
            domain = self._get_map_arrived_domain(scope)
        else:
            raise UserError(self.env._("The map has no number of that kind."))
        if kind == "entered":
            domain &= Domain("previous_stage_id", "=", False)
        if kind == "move":
            source = self._find_map_stage(what.get("source"))
            domain &= visits._get_moves_domain()
            domain &= Domain("previous_stage_id", "=", source.id)
        return domain & stage & self._get_map_detail_domain(what)

    def _get_map_detail_domain(self, what):
        """Of what one number counts, the part that was clicked."""
        domain = Domain.TRUE
        if states := what.get("states"):
            domain &= Domain("clock_state", "in", states)
        if "owner" in what:
            domain &= Domain("owner_id", "=", what["owner"])
        if what.get("only") == "exceptions":
            domain &= Domain("exception_id", "!=", False)
        if what.get("only") == "returned":
            domain &= Domain("origin", "=", "return")
        return domain

    def _find_map_stage(self, key):
        stages = self.env["crm.lifecycle.stage"].with_context(active_test=False)
        stage = stages.search([("process_id", "=", self.id), ("key", "=", key)])
        if not stage:
            raise UserError(
                self.env._("“%s” does not run yet: nobody has been there.", key)
            )
        return stage

    def _get_map_record_title(self, what):
        stage = self._find_map_stage(what.get("stage")).name
        if what["kind"] == "move":
            source = self._find_map_stage(what.get("source")).name
            return f"{source} → {stage}"
        titles = {
            "standing": self.env._("Standing in %s", stage),
            "arrived": self.env._("Came to %s", stage),
            "entered": self.env._("Entered at %s", stage),
            "left": self.env._("Left %s", stage),
        }
        return titles[what["kind"]]
