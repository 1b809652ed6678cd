from collections import defaultdict

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError


class CrmLifecycleTransition(models.Model):
    """Branches: a move by hand that is open to some records only."""

    _inherit = "crm.lifecycle.transition"

    condition_name = fields.Char(
        "Condition in Words",
        translate=True,
        help="Told to those whose lead or customer does not meet the condition, e.g. "
        "“orders above 10,000”.",
    )

    @api.constrains("source_id", "target_id", "trigger", "domain")
    def _check_branch(self):
        for move in self:
            if move.trigger != "manual" or not move._has_condition():
                continue
            if move.source_id.phase != move.target_id.phase:
                raise ValidationError(
                    self.env._(
                        "“%s” leads from leads to customers. It happens when a lead "
                        "is won and has no condition of its own.",
                        move.display_name,
                    )
                )

    def _has_condition(self):
        """Whether a move is open to some records only; what is broken is none."""
        self.ensure_one()
        try:
            return self._get_normalized_domain() != "[]"
        except Exception:
            return True

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        self.env.registry.clear_cache()
        return moves

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"last_error"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_branches(self):
        """Pairs of stages between which a move by hand has a condition.

        :return: ``{(source id, target id): ids of all moves between them}``; where
            there are none, nothing is asked of the records
        """
        # sudo: the engine runs the processes of every company
        moves = self.sudo().search([("domain", "not in", (False, "", "[]"))])
        branches = moves.filtered(
            lambda m: m.trigger == "manual" and m._has_condition()
        )
        pairs = {(move.source_id.id, move.target_id.id) for move in branches}
        ids = defaultdict(tuple)
        # sudo: as above
        for move in self.sudo().search([("source_id", "in", branches.source_id.ids)]):
            pair = (move.source_id.id, move.target_id.id)
            if pair in pairs:
                ids[pair] += (move.id,)
        return dict(ids)

    def _get_branch_reason(self):
        """Why a record may take none of these moves."""
        broken = self.filtered("last_error")
        if broken:
            return self.env._(
                "The condition of “%s” cannot be used any more. Tell whoever answers "
                "for the process.",
                broken[0].display_name,
            )
        branch = self.filtered(lambda move: move.trigger == "manual")[:1]
        return self.env._(
            "“%(move)s” is only for: %(condition)s.",
            move=branch.name or branch.target_id.name,
            condition=branch.condition_name
            or self.env._("what meets the condition of this move"),
        )


class CrmLifecycleMixin(models.AbstractModel):
    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_get_gate_blockers(self, stage):
        """A branch is open to the records that meet its condition."""
        refused = super()._lifecycle_get_gate_blockers(stage)
        # sudo: what is drawn is judged for everybody who may move a record
        transitions = self.env["crm.lifecycle.transition"].sudo()
        branches = transitions._get_branches()
        if not branches:
            return refused
        for source, records in self.grouped("lifecycle_stage_id").items():
            moves = transitions.browse(branches.get((source.id, stage.id), ()))
            # a lost lead is archived, and judged all the same
            failing = records.with_context(active_test=False)
            for move in moves:
                failing -= move._filter_matching(failing)
            for record in failing if moves else ():
                reason = moves._get_branch_reason()
                refused[record] = [*refused.get(record, []), reason]
        return refused
