from ast import literal_eval
from itertools import combinations

from odoo import fields, models
from odoo.fields import Domain

from ..tools.criteria import find_contradiction

IDLE_DAYS = 90


class CrmLifecycleProcess(models.Model):
    """Checks of a chart's conditions, people, limits, size and use."""

    _inherit = "crm.lifecycle.process"

    max_stages = fields.Integer(
        "Stages at Most",
        default=12,
        help="Above this number the chart is said to have too many stages.",
    )

    _max_stages_range = models.Constraint(
        "CHECK (max_stages > 0)", "A process has at least one stage."
    )

    # ------------------------------------------------------------
    # Conditions
    # ------------------------------------------------------------

    def _check_criteria(self):
        """Conditions that can never hold, are broken, or leave two ways at once."""
        findings = []
        for move in self.transition_ids.filtered(lambda m: m._has_condition()):
            if text := self._get_criteria_error(move):
                findings.append(self._make_criteria_finding(text, move))
        for stage in self.stage_ids:
            auto = stage.outgoing_ids.filtered(lambda m: m.trigger == "auto")
            for first, second in combinations(auto, 2):
                if self._is_same_condition(first, second):
                    text = self.env._(
                        "“%(first)s” and “%(second)s” have the same condition: only "
                        "the first would ever happen.",
                        first=first.display_name,
                        second=second.display_name,
                    )
                    findings.append(self._make_criteria_finding(text, second))
        return findings

    def _make_criteria_finding(self, text, move):
        stages = {"stage": move.source_id, "target": move.target_id}
        return self._make_finding("contradiction", text, **stages)

    def _get_criteria_error(self, move):
        """Why the condition of a move lets nobody pass; ``None`` when it can."""
        try:
            domain = move._get_domain()
        except Exception as error:
            return self.env._(
                "The condition of “%(move)s” cannot be used: %(error)s",
                move=move.display_name,
                error=error,
            )
        conditions = _get_joined_conditions(literal_eval(move.domain or "[]"))
        field = find_contradiction(conditions)
        if not field and not domain.is_false():
            return None
        return self.env._(
            "The condition of “%(move)s” contradicts itself%(field)s: it holds for "
            "nobody.",
            move=move.display_name,
            field=f" ({self._get_field_label(move, field)})" if field else "",
        )

    def _get_field_label(self, move, name):
        model = self.env[move.model_name]
        field = model._fields.get(name.split(".", maxsplit=1)[0])
        return field.get_description(self.env, ["string"])["string"] if field else name

    def _is_same_condition(self, first, second):
        try:
            return first._get_normalized_domain() == second._get_normalized_domain()
        except Exception:
            return False  # what is broken is said of each by itself

    # ------------------------------------------------------------
    # People, limits, size, use
    # ------------------------------------------------------------

    def _is_answered_for(self, stage):
        """Whether the definition says who answers for whoever stands in a stage."""
        kinds = set(stage.role_ids.mapped("kind"))
        return bool(stage.user_id) or bool(kinds & {"responsible", "accountable"})

    def _check_people(self):
        return [
            self._make_finding(
                "no_owner",
                self.env._(
                    "Nobody answers for “%s”: name an owner, or who is responsible.",
                    stage.name,
                ),
                stage=stage,
            )
            for stage in self.stage_ids
            if stage.outcome != "lost" and not self._is_answered_for(stage)
        ]

    def _check_limits(self):
        return [
            self._make_finding(
                "no_limit",
                self.env._(
                    "“%s” has no time limit: nobody sees when a lead stays too long.",
                    stage.name,
                ),
                stage=stage,
            )
            for stage in self.stage_ids
            if stage.phase == "lead"
            and stage.outcome == "open"
            and not stage.sla_policy_id.active
        ]

    def _check_size(self):
        count = len(self.stage_ids)
        if count <= self.max_stages:
            return []
        text = self.env._(
            "%(count)s stages are many: with more than %(limit)s people lose the "
            "overview. Join those that always follow each other.",
            count=count,
            limit=self.max_stages,
        )
        return [self._make_finding("too_many", text, level="hint")]

    def _check_use(self):
        """Stages of what runs in which nobody has been for a quarter of a year."""
        base = self._get_map_process()
        if base.state != "published" or not self._has_run_for(base, IDLE_DAYS):
            return []
        visits = self.env["crm.lifecycle.visit"].sudo()  # sudo: whoever was there
        used = visits._read_group(
            Domain("process_id", "=", base.id)
            & (
                visits._get_open_domain()
                | Domain("left_date", ">=", f"today -{IDLE_DAYS}d")
            ),
            ["stage_id"],
        )
        keys = {stage.key for (stage,) in used}
        old = self._get_old_keys(base)
        return [
            self._make_finding(
                "idle",
                self.env._(
                    "Nobody has been in “%(stage)s” for %(days)s days. Is it needed?",
                    stage=stage.name,
                    days=IDLE_DAYS,
                ),
                level="hint",
                stage=stage,
            )
            for stage in self.stage_ids
            if stage.key in old and stage.key not in keys
        ]

    def _has_run_for(self, process, days):
        first = process.revision_ids[-1:].create_date
        return bool(first) and (fields.Datetime.now() - first).days >= days

    def _get_old_keys(self, process):
        """The stages that the process had already at the beginning of the time."""
        begin = fields.Datetime.subtract(fields.Datetime.now(), days=IDLE_DAYS)
        then = process.revision_ids.filtered(lambda r: r.create_date <= begin)[:1]
        return {stage["key"] for stage in (then.definition or {}).get("stages", [])}


def _get_joined_conditions(domain):
    """The conditions of a domain that all have to hold, one level deep.

    >>> _get_joined_conditions([("a", "=", 1), "|", ("b", "=", 1), ("c", "=", 1)])
    [('a', '=', 1)]
    """
    found, waiting = [], 0
    for item in domain:
        if isinstance(item, str):
            waiting += {"&": 0, "|": 2, "!": 1}[item] if not waiting else item != "!"
            continue
        if waiting:
            waiting -= 1
        else:
            found.append(tuple(item))
    return found
