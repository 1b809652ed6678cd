from odoo import api, fields, models
from odoo.fields import Domain

RECORD_LIMIT = 12


class CrmLifecycleProcess(models.Model):
    """What the map shows around the chart: the choices, and who is behind a number."""

    _inherit = "crm.lifecycle.process"

    @api.model
    def get_lifecycle_map_context(self, process_id=False):
        """What a map can be opened for and filtered by.

        :param process_id: the process that is asked for, if any
        :return: dict with ``process_id`` (to show first, false without any),
            ``processes``, ``filters`` and ``currency_id``
        """
        processes = self._get_map_processes()
        known = {process["id"] for process in processes}
        if process_id and process_id not in known:
            asked = self.with_context(active_test=False)
            asked = asked.search([("id", "=", process_id)])
            processes += [process._prepare_map_choice() for process in asked]
            known.update(asked.ids)
        first = next((p["id"] for p in processes), False)
        return {
            "process_id": process_id if process_id in known else first,
            "processes": processes,
            "filters": [
                {"name": name, "label": label, "model": model}
                for name, (label, model) in {
                    "team": (self.env._("Sales Team"), "crm.team"),
                    "owner": (self.env._("Owner"), "res.users"),
                    **self._get_map_filters(),
                }.items()
            ],
            "currency_id": self.env.company.currency_id.id,
        }

    def _get_map_processes(self):
        """The processes to choose from: what runs, then drafts and former ones."""
        found = self.search(Domain("is_template", "=", False))
        order = ("published", "draft", "retired")
        ranked = found.sorted(lambda process: order.index(process.state))
        return [process._prepare_map_choice() for process in ranked]

    def _prepare_map_choice(self):
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.display_name,
            "state": self.state,
            "is_template": self.is_template,
        }

    def get_lifecycle_map_records(self, options, what):
        """The first of the records behind one number, those due first on top.

        :param dict options: see ``get_lifecycle_map``
        :param dict what: see ``open_lifecycle_map_records``
        :return: list of dicts with ``id`` (of the stay), ``model``, ``res_id``,
            ``name``, ``state``, ``since``, ``left`` and ``owner``
        """
        self.ensure_one()
        action = self.open_lifecycle_map_records(options, what)
        visits = self.env["crm.lifecycle.visit"].with_context(**action["context"])
        found = visits.search(
            action["domain"], order="entered_date", limit=RECORD_LIMIT
        )
        rows = [visit._prepare_map_record() for visit in found]
        urgency = {"late": 0, "soon": 1}
        return sorted(rows, key=lambda row: urgency.get(row["state"], 2))

    def get_lifecycle_revisions(self):
        """The revisions a map can be shown for, the newest first.

        :return: list of dicts with ``id``, ``number``, ``date``, ``user`` and ``note``
        """
        self.ensure_one()
        base = self._get_map_process()
        base.check_access("read")
        # sudo: the names of those who have published
        return [
            {
                "id": revision.id,
                "number": revision.number,
                "date": fields.Datetime.to_string(revision.create_date),
                "user": revision.create_uid.name,
                "note": revision.note or False,
            }
            for revision in base.sudo().revision_ids  # sudo: as above
        ]

    def action_view_map(self):
        """Open the live map of the process."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_map_action"
        )
        return dict(action, context={"active_id": self.id}, res_id=self.id)


class CrmLifecycleVisit(models.Model):
    _inherit = "crm.lifecycle.visit"

    def _prepare_map_record(self):
        self.ensure_one()
        # sudo: who sees a stay knows the names of the record and of its owner
        visit = self.sudo()
        record = visit._get_record() or self
        return {
            "id": self.id,
            "model": record._name,
            "res_id": record.id,
            "name": record.display_name,
            "state": self.clock_state,
            "since": fields.Datetime.to_string(self.entered_date),
            "left": self.left_date and fields.Datetime.to_string(self.left_date),
            "owner": bool(visit.owner_id)
            and {"id": visit.owner_id.id, "name": visit.owner_id.name},
        }
