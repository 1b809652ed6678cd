from odoo import models
from odoo.http import request

from ..exceptions import MoveRefused

SHOWN = 10  # records that a refusal names


class CrmLifecycleMixin(models.AbstractModel):
    """The judge: why a record may not move.

    Two kinds of reasons: those of the structure, which nothing overrules, and
    those of the gate (what a company asks for before a record moves on), which an
    approved exception may pass.
    """

    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_check_move(self, stage, move):
        """Raise when the judge names a reason against the move of any record.

        :param LifecycleMove move: what is known beside the target
        :return: ``{record: [warning, …]}`` that the reason of the move overrules
        :raise MoveRefused: with every reason
        """
        if move.origin == "migration":
            return {}  # the old place is gone: nobody is asked whether it may be left
        if move.exception_id or move.origin == "return":
            structure = self._lifecycle_get_structural_blockers(stage)
            self._lifecycle_refuse(structure, stage)
            return {}
        self._lifecycle_refuse(self._lifecycle_get_blockers(stage), stage)
        warnings = self._lifecycle_get_warnings(stage)
        if move.origin == "manual" and not (move.reason or "").strip():
            self._lifecycle_refuse(warnings, stage, needs_reason=True)
        return warnings

    def _lifecycle_refuse(self, refused, stage, needs_reason=False):
        """Raise when ``refused`` names any record.

        :param dict refused: ``{record: [reason, …]}``
        :param bool needs_reason: a reason of the user is all that is missing
        :raise MoveRefused: with every reason; customers are not told any
        """
        if not refused:
            return
        if self._lifecycle_is_asked_by_customer():
            text = self.env._("This is not possible at the moment. Please contact us.")
            raise MoveRefused(text, {})
        target = stage.display_name or self.env._("no stage")
        lines = [
            self.env._(
                "“%(record)s” cannot move to “%(stage)s”: %(reasons)s",
                record=record.display_name,
                stage=target,
                reasons=" ".join(reasons),
            )
            for record, reasons in list(refused.items())[:SHOWN]
        ]
        if len(refused) > SHOWN:
            lines.append(self.env._("… and %s more.", len(refused) - SHOWN))
        if needs_reason:
            lines.append(self.env._("Give a reason to move on all the same."))
        details = self._lifecycle_prepare_refusal(refused, stage, needs_reason)
        raise MoveRefused("\n".join(lines), details)

    def _lifecycle_is_asked_by_customer(self):
        """Whether a customer's signature or payment brings the move about.

        Odoo goes on as its own user with what customers do, the request does not.
        """
        user = request.env.user if request else self.env.user
        return user.share

    def _lifecycle_prepare_refusal(self, refused, stage, needs_reason):
        """Hook: what the client gets with a refusal, ready for JSON.

        :param dict refused: ``{record: [reason, …]}``
        :return: dict with ``model``, ``ids``, ``stage_id``, ``needs_reason`` as in
            :class:`MoveRefused`, ``stage`` (its name) and ``records``, the first of
            them with their reasons; requirements add ``warnings``, advised things
            that are missing as well, and ``forms``, the fields to fill in
        """
        return {
            "model": self._name,
            "ids": [record.id for record in refused],
            "stage_id": stage.id,
            "stage": stage.display_name or "",
            "needs_reason": needs_reason,
            "records": self._lifecycle_prepare_reasons(refused),
            "warnings": [],
            "forms": [],
        }

    def _lifecycle_prepare_reasons(self, refused):
        """The first records of ``{record: [reason, …]}`` as the client shows them."""
        return [
            {"id": record.id, "name": record.display_name, "reasons": reasons}
            for record, reasons in list(refused.items())[:SHOWN]
        ]

    def _lifecycle_get_blockers(self, stage):
        """Why records may not move to ``stage``: the only judge of a move.

        Buttons, drags, imports, automations and crons all ask it. Reasons are
        added by extending one of the two hooks it joins.

        :param stage: one ``crm.lifecycle.stage``, or empty to leave the process
        :return: ``{record: [reason, …]}``, only records that may not move
        """
        structure = self._lifecycle_get_structural_blockers(stage)
        gate = self._lifecycle_get_gate_blockers(stage)
        return {
            record: structure.get(record, []) + gate.get(record, [])
            for record in self
            if record in structure or record in gate
        }

    def _lifecycle_get_structural_blockers(self, stage):
        """Hook: why records cannot stand in ``stage`` at all.

        :return: as the judge returns it
        """
        if not stage:
            return {}
        general = self._lifecycle_get_stage_blockers(stage)
        company = stage.process_id.company_id
        refused = {}
        for record in self:
            reasons = list(general)
            if company and record.company_id not in (company, company.browse()):
                reasons.append(
                    self.env._(
                        "It belongs to %(company)s, the process to %(other)s.",
                        company=record.company_id.name,
                        other=company.name,
                    )
                )
            if reasons:
                refused[record] = reasons
        return refused

    def _lifecycle_get_gate_blockers(self, stage):
        """Hook: what the company asks for before records move to ``stage``.

        The values of the move are written already. An approved exception passes
        these reasons.

        :param stage: one ``crm.lifecycle.stage``, or empty to leave the process
        :return: as the judge returns it
        """
        if not stage.process_id.strict:
            return {}
        edges = stage._get_edges_from(self.lifecycle_stage_id.ids)
        return {
            record: [
                self.env._(
                    "No move is drawn from “%s” to there.",
                    record.lifecycle_stage_id.name,
                )
            ]
            for record in self
            if record.lifecycle_stage_id.process_id == stage.process_id
            and record.lifecycle_stage_id.id not in edges
        }

    def _lifecycle_get_warnings(self, stage):
        """Hook: what should hold before records move to ``stage``.

        A move by hand against a warning asks for a reason; every other move is
        logged with the warning.

        :return: as the judge returns it
        """
        return {}

    def _lifecycle_filter_free(self, stage):
        """The records that the judge lets move to ``stage``."""
        refused = self._lifecycle_get_blockers(stage)
        return self.filtered(lambda record: record not in refused)

    def _lifecycle_get_stage_blockers(self, stage):
        """Why nobody may move to ``stage`` now, whatever the record."""
        reasons = []
        if stage.phase != self._lifecycle_phase:
            reasons.append(
                self.env._(
                    "“%s” is a stage for other records (leads and customers have "
                    "their own).",
                    stage.name,
                )
            )
        if stage.process_id.state != "published":
            reasons.append(
                self.env._("Its process “%s” is not running.", stage.process_id.name)
            )
        if not stage.active:
            reasons.append(self.env._("It has been archived."))
        return reasons
