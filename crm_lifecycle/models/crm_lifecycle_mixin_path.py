from odoo import api, fields, models

JOURNEY_LIMIT = 20


class CrmLifecycleMixin(models.AbstractModel):
    """What a host shows of its stays."""

    _inherit = "crm.lifecycle.mixin"

    lifecycle_visit_count = fields.Integer(
        "Stays",
        compute="_compute_lifecycle_visit_count",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    def get_lifecycle_path(self):
        """The stays of one record, oldest first, as its form shows them.

        :return: list of dicts, see ``crm.lifecycle.visit._get_path_step``
        """
        self.ensure_one()
        visits = self.env["crm.lifecycle.visit"].search(
            [(self._lifecycle_visit_key, "=", self._lifecycle_get_path_record().id)],
            order="entered_date, id",
        )
        return [visit._get_path_step() for visit in visits]

    def get_lifecycle_journey(self):
        """What belongs to the same journey: where one record comes from, what followed.

        :return: list of dicts, oldest first: ``model``, ``id``, ``name``, ``label`` of
            its kind, ``icon`` (of Font Awesome, without ``fa-``) and ``date`` (UTC)
        """
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        record.check_access("read")
        links = record._lifecycle_get_journey()
        return sorted(links, key=lambda link: (link["date"] or "", link["id"]))

    def _lifecycle_get_journey(self):
        """Hook: the records of the same journey that the user may see.

        :return: list as of :meth:`get_lifecycle_journey`, in any order
        """
        return []

    @api.model
    def _lifecycle_get_links(self, model_name, domain, label, icon, date_name):
        """The newest records of a domain, as links of a journey.

        :param str date_name: the field that says when it happened
        :return: list as of :meth:`get_lifecycle_journey`; empty without the right
        """
        model = self.env[model_name].with_context(active_test=False)
        if not model.has_access("read"):
            return []
        records = model.search(domain, order=f"{date_name} desc", limit=JOURNEY_LIMIT)
        return [
            {
                "model": model_name,
                "id": record.id,
                "name": record.display_name,
                "label": label,
                "icon": icon,
                "date": record[date_name]
                and fields.Datetime.to_string(record[date_name]),
            }
            for record in records
        ]

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_lifecycle_visit_count(self):
        owners = {record: record._lifecycle_get_path_record() for record in self}
        key = self._lifecycle_visit_key
        counts = dict(
            self.env["crm.lifecycle.visit"]._read_group(
                [(key, "in", [owner.id for owner in owners.values()])],
                [key],
                ["__count"],
            )
        )
        for record, owner in owners.items():
            record.lifecycle_visit_count = counts.get(owner, 0)

    def action_view_lifecycle_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_visit_action"
        )
        owner = self._lifecycle_get_path_record()
        return dict(
            action, domain=[(self._lifecycle_visit_key, "=", owner.id)], context={}
        )

    @api.model
    def _read_group_lifecycle_stage_ids(self, stages, domain):
        """Columns of the kanban: every stage of the running processes of this phase."""
        return (stages | stages._get_running_stages(self._lifecycle_phase)).sorted()
