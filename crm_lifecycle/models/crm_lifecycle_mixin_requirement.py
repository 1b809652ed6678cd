from collections import defaultdict

from odoo import models

from ..tools.field_paths import get_steps

# what a dialog can offer to fill in
FILLABLE_TYPES = {
    "char",
    "text",
    "html",
    "integer",
    "float",
    "monetary",
    "date",
    "datetime",
    "boolean",
    "selection",
    "many2one",
    "many2many",
}
FORM_LIMIT = 5  # records whose missing fields are offered at once


class CrmLifecycleMixin(models.AbstractModel):
    """The requirements of the stage that a record leaves."""

    _inherit = "crm.lifecycle.mixin"

    # ------------------------------------------------------------
    # For the judge
    # ------------------------------------------------------------

    def _lifecycle_get_gate_blockers(self, stage):
        """Nobody leaves a stage without what it requires."""
        refused = super()._lifecycle_get_gate_blockers(stage)
        for record, reasons in self._lifecycle_get_gap_reasons(stage, True).items():
            refused[record] = [*refused.get(record, []), *reasons]
        return refused

    def _lifecycle_get_warnings(self, stage):
        """What is advised may be missing, with a reason."""
        warned = super()._lifecycle_get_warnings(stage)
        for record, reasons in self._lifecycle_get_gap_reasons(stage, False).items():
            warned[record] = [*warned.get(record, []), *reasons]
        return warned

    def _lifecycle_get_gap_reasons(self, stage, is_hard):
        return {
            record: [gap.requirement._get_gap_reason(gap) for gap in gaps]
            for record, gaps in self._lifecycle_find_gaps(stage, is_hard).items()
        }

    def _lifecycle_find_gaps(self, stage, is_hard):
        """What the records lack of what is asked on their way to ``stage``.

        :param bool is_hard: of the required things, else of the advised ones
        :return: ``{record: [Gap, …]}``, only records that lack something
        """
        # sudo: what is asked is judged for everybody who may move a record
        requirements = self.env["crm.lifecycle.requirement"].sudo()
        stages = self.env["crm.lifecycle.stage"]
        found = defaultdict(list)
        # sudo: as above
        processes = self.sudo().lifecycle_stage_id.process_id
        if requirements._get_process_ids().isdisjoint(processes.ids):
            return found
        for source, records in self._lifecycle_group_by_source(stage):
            ids = stages._get_asked_requirement_ids(source.id, stage.id)
            for requirement in requirements.browse(ids):
                if requirement.is_hard == is_hard:
                    gaps = requirement._find_gaps(records)
                    for record, gap in gaps.items():
                        found[record].append(gap)
        return found

    def _lifecycle_group_by_source(self, stage):
        """The stages whose requirements count, each with its records.

        Who was lost comes back to where that happened, and is not let in elsewhere
        for it.

        :param stage: where they move to
        :return: list of ``(stage, records)``
        """
        groups = []
        for source, records in self.grouped("lifecycle_stage_id").items():
            came_back = source.sudo().outcome == "lost"  # sudo: as in the judge
            if came_back and stage and not stage._get_edges_from(source.ids):
                # sudo: where a record stood is asked of the whole log
                visits = self.env["crm.lifecycle.visit"].sudo()
                before = visits._get_previous_stages(
                    self._lifecycle_visit_key, records.ids
                )
                groups += records.grouped(
                    lambda r, b=before, s=source: b.get(r.id, s)
                ).items()
            else:
                groups.append((source, records))
        return groups

    # ------------------------------------------------------------
    # For the client
    # ------------------------------------------------------------

    def _lifecycle_get_kit(self):
        """The checklist: what is asked for before the record moves on."""
        kit = super()._lifecycle_get_kit()
        # sudo: whoever sees the record may read what is asked for
        stage = self.sudo().lifecycle_stage_id
        asked = stage.requirement_ids | stage.outgoing_ids.requirement_ids
        kit["requirements"] = kit.get("requirements", []) + [
            self._lifecycle_get_kit_requirement(requirement) for requirement in asked
        ]
        return kit

    def _lifecycle_get_kit_requirement(self, requirement):
        """One line of the checklist."""
        gap = requirement._find_gaps(self).get(self)
        label = requirement._get_label()
        if requirement.transition_id:
            move = requirement.transition_id
            label = f"{label} (→ {move.name or move.target_id.name})"
        details = f"{', '.join(gap.details)}." if gap and gap.details else ""
        missing = [details, requirement.help] if gap else []
        return {
            "id": requirement.id,
            "label": label,
            "is_hard": requirement.is_hard,
            "is_met": not gap,
            "missing": [text for text in missing if text],
            "fields": [
                path
                for path in (gap.paths if gap else ())
                if self._lifecycle_find_fillable(path)[0]
            ],
        }

    def _lifecycle_prepare_refusal(self, refused, stage, needs_reason):
        """The dialog offers to fill in what is missing, and asks for the reason that
        would be asked for next."""
        details = super()._lifecycle_prepare_refusal(refused, stage, needs_reason)
        records = self.browse([record.id for record in refused][:FORM_LIMIT])
        found = [records._lifecycle_find_gaps(stage, hard) for hard in (True, False)]
        details["forms"] = records._lifecycle_prepare_forms(found)
        if not needs_reason:
            warnings = records._lifecycle_get_warnings(stage)
            details["warnings"] = self._lifecycle_prepare_reasons(warnings)
        return details

    def _lifecycle_prepare_forms(self, found):
        """The fields to be filled in, by the record that has them.

        :param list found: dicts as of :meth:`_lifecycle_find_gaps`
        :return: list of dicts: ``model``, ``id``, ``name`` and ``fields``, a list of
            names; only what the user may write
        """
        forms = {}
        for record in self:
            gaps = [gap for by_record in found for gap in by_record.get(record, ())]
            for path in dict.fromkeys(path for gap in gaps for path in gap.paths):
                holder, name = record._lifecycle_find_fillable(path)
                if holder and name not in forms.setdefault(holder, []):
                    forms[holder].append(name)
        return [
            {
                "model": holder._name,
                "id": holder.id,
                "name": holder.display_name,
                "fields": names,
            }
            for holder, names in forms.items()
        ]

    def _lifecycle_find_fillable(self, path):
        """Who has the field at the end of a path, and its name.

        :return: ``(record, name)``; no record when the user cannot fill it in here:
            the form for it is made for hosts, the record itself or a linked one
        """
        try:
            steps, property_name = get_steps(self, path)
        except ValueError:
            return self.browse(), path  # part of a date, asked by a condition
        holder = self.sudo()  # sudo: the right to write is asked below
        for _model, field in steps[:-1]:
            holder = holder[field.name][:1]
        holder, field = holder.sudo(False), steps[-1][1]
        if holder._name not in self._lifecycle_get_hosts().values():
            return self.browse(), field.name
        may_fill = holder and holder._lifecycle_may_fill(field, property_name)
        return holder if may_fill else self.browse(), field.name

    def _lifecycle_may_fill(self, field, property_name):
        """Whether the user fills in a field of this record, other than by moving it."""
        self.ensure_one()
        places = self._lifecycle_prepare_values(self.lifecycle_stage_id)
        if property_name:
            # sudo: the right to write is asked below
            definition = field._get_properties_definition(self.sudo()) or ()
            exists = any(line["name"] == property_name for line in definition)
        else:
            exists = field.type in FILLABLE_TYPES
        return (
            exists
            and field.name not in {*places, "lifecycle_stage_id"}
            and (not field.readonly or field.inverse)
            and self.has_access("write")
            and self._has_field_access(field, "write")
        )
