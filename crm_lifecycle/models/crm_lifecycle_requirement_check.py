import logging
from ast import literal_eval
from collections import defaultdict
from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from ..tools.field_paths import get_steps, is_filled, is_well_formed, split_paths

_logger = logging.getLogger(__name__)


class Gap(NamedTuple):
    """What one record lacks of one requirement."""

    requirement: models.BaseModel
    details: tuple = ()  # what is missing of it, in the reader's words
    paths: tuple = ()  # the fields that would have to be filled in
    is_broken: bool = False  # it cannot be checked any more


class CrmLifecycleRequirement(models.Model):
    """How requirements are checked: each in a few queries, whatever the records."""

    _inherit = "crm.lifecycle.requirement"

    def _find_gaps(self, records):
        """What ``records`` lack of this requirement.

        A requirement that broke after it was drawn (a field that was removed) names
        itself on the requirement, in the log and to whoever is kept by it, and stops
        nothing else.

        :param records: of the model that stands in the stage of the requirement
        :return: ``{record: Gap}``, only records that lack something
        """
        self.ensure_one()
        # sudo: it holds or not, whoever looks; lost leads are archived
        self, hosts = self.sudo(), records.sudo().with_context(active_test=False)
        try:
            gaps = getattr(self, f"_find_gaps_{self.kind}")(hosts)
        except Exception as error:
            _logger.warning(
                "Lifecycle requirement %s of %s: %s",
                self._get_label(),
                self.stage_id.name,
                error,
            )
            self.last_error = str(error)
            broken = Gap(self, (str(error),), is_broken=True)
            return dict.fromkeys(records, broken)
        if self.last_error:
            self.last_error = False
        return {
            record: gaps[host]
            for record, host in zip(records, hosts, strict=True)
            if host in gaps
        }

    # ------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------

    def _get_property_error(self):
        """Why a field cannot be checked that is a property; ``None`` when it can."""
        self.ensure_one()
        # sudo: as in _get_values_error
        host = self.env[self.model_name].sudo()
        for path in split_paths(self.field_paths) if self.kind == "fields" else ():
            steps, name = get_steps(host, path)
            if name and not self._find_property_label(*steps[-1], name):
                return self.env._("Nobody has the field “%s” any more.", path)
        return None

    def _get_asked_paths(self):
        """The fields that are to be filled in."""
        self.ensure_one()
        return split_paths(self.field_paths)

    def _find_gaps_fields(self, records):
        if error := self._get_property_error():
            raise ValueError(error)
        details, paths = defaultdict(list), defaultdict(list)
        for path in self._get_asked_paths():
            steps, property_name = get_steps(records, path)
            label = self._get_path_label(path)
            for record in records:
                error = self._get_path_error(record, steps, property_name, label)
                if error:
                    details[record].append(error)
                    paths[record].append(path)
        return {
            record: Gap(self, tuple(texts), tuple(paths[record]))
            for record, texts in details.items()
        }

    def _get_path_error(self, record, steps, property_name, label):
        """What is wrong with the value that ``steps`` lead to; ``None`` when nothing.

        :param list steps: as of ``get_steps``
        :param str label: what the field is called
        """
        holders = record
        for _model, field in steps[:-1]:
            holders = holders.mapped(field.name)
        field = steps[-1][1]
        if property_name:
            filled = any(
                self._has_property(holder, field, property_name) for holder in holders
            )
            return None if filled else label
        filled = [holder for holder in holders if is_filled(holder[field.name])]
        if not filled:
            return label
        for holder in filled if self.check_format else ():
            value = holder[field.name]
            if not is_well_formed(holder, field.name, value):
                return self.env._(
                    "%(field)s: “%(value)s” is not valid", field=label, value=value
                )
        return None

    def _has_property(self, record, field, name):
        """Whether a property is filled in, or the record has none of that name.

        What another team has among its properties is not asked of its neighbours.
        """
        values = record[field.name]._values
        if is_filled(values.get(name)):
            return True
        definition = field._get_properties_definition(record) or ()
        return all(line["name"] != name for line in definition)

    # ------------------------------------------------------------
    # Everything else
    # ------------------------------------------------------------

    def _find_gaps_domain(self, records):
        """Filling in a field that the condition names may be all that is missing."""
        condition = Domain(literal_eval(self.domain or "[]"))
        with self.env.cr.savepoint():
            matching = records.search(condition & Domain("id", "in", records.ids))
        paths = dict.fromkeys(line.field_expr for line in condition.iter_conditions())
        return dict.fromkeys(records - matching, Gap(self, paths=tuple(paths)))

    def _find_gaps_activity(self, records):
        """Whoever does an activity leaves a message with its type and moment."""
        since = {
            record.id: record.lifecycle_stage_date or record.create_date
            for record in records
        }
        domain = (
            Domain("model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("mail_activity_type_id", "!=", False)
            & Domain("date", ">=", min(since.values()))
        )
        if self.activity_type_id:
            domain &= Domain("mail_activity_type_id", "=", self.activity_type_id.id)
        messages = self.env["mail.message"].search_fetch(domain, ["res_id", "date"])
        ids = {m.res_id for m in messages if m.date >= since[m.res_id]}
        return self._get_plain_gaps(records.filtered(lambda r: r.id not in ids))

    def _find_gaps_step(self, records):
        domain = (
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("active", "=", True)
            & Domain("date_deadline", ">=", fields.Date.context_today(self))
        )
        return self._get_gaps_without("mail.activity", records, domain)

    def _find_gaps_document(self, records):
        domain = (
            Domain("res_model", "=", records._name)
            & Domain("res_id", "in", records.ids)
            & Domain("res_field", "=", False)
        )
        if self.document_pattern:
            pattern = self._get_like_pattern()
            domain &= Domain("name", "=ilike", pattern)
        return self._get_gaps_without("ir.attachment", records, domain)

    def _get_like_pattern(self):
        """The pattern of a file name as PostgreSQL's LIKE has it."""
        pattern = self.document_pattern.strip()
        for character in ("\\", "%", "_"):
            pattern = pattern.replace(character, f"\\{character}")
        if "*" not in pattern:
            pattern = f"*{pattern}*"
        return pattern.replace("*", "%")

    def _get_gaps_without(self, model_name, records, domain):
        """Those of ``records`` that nothing of ``domain`` belongs to."""
        found = self.env[model_name]._read_group(domain, ["res_id"])
        ids = {res_id for (res_id,) in found}
        return self._get_plain_gaps(records.filtered(lambda r: r.id not in ids))

    def _get_plain_gaps(self, records):
        return dict.fromkeys(records, Gap(self))
