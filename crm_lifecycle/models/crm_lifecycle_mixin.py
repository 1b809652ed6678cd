from collections import defaultdict

from odoo import api, fields, models

# origins of moves that a user makes or brings about
BY_USERS = ("manual", "event", "return")


class LifecycleMove:
    """What a caller says about a move beside its target; used up by the first write.

    Only server code can put an object into the context, so a client cannot
    forge it; used up, so that an automation triggered by the write does not
    inherit its reason.
    """

    def __init__(
        self, reason=None, origin="manual", transition_id=None, exception_id=None
    ):
        self.reason = reason
        self.origin = origin
        self.transition_id = transition_id
        self.exception_id = exception_id
        self.used = False


class CrmLifecycleMixin(models.AbstractModel):
    """What makes a model flow through a process: the gateway and the judge.

    A host inherits this *before* its own model, sets the two attributes below,
    adds its key and an index of one open stay per record to
    ``crm.lifecycle.visit``, and says by the hooks at the end of this class who
    owns a record and which process runs for it.
    """

    _name = "crm.lifecycle.mixin"
    _description = "Lifecycle Mixin"

    _lifecycle_phase = None  # phase of the stages the host stands in
    _lifecycle_visit_key = None  # the host's field on crm.lifecycle.visit
    _lifecycle_owner_column = "id"  # leads to the record whose stage is shown

    lifecycle_stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        "Lifecycle Stage",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        group_expand="_read_group_lifecycle_stage_ids",
    )
    lifecycle_stage_date = fields.Datetime("In Stage Since", copy=False, readonly=True)
    lifecycle_process_id = fields.Many2one(related="lifecycle_stage_id.process_id")
    lifecycle_outcome = fields.Selection(related="lifecycle_stage_id.outcome")
    lifecycle_move_reason = fields.Char(
        "Reason of the Move",
        store=False,
        copy=False,
        help="Written together with the stage: why it moves although something is "
        "missing. Kept in the history.",
    )

    # ------------------------------------------------------------
    # Gateway
    # ------------------------------------------------------------

    def _lifecycle_move(
        self, stage, reason=None, origin="manual", transition=None, exception=None
    ):
        """Move records to a stage: the call for server code.

        It writes like everybody else, so that every way of changing a stage ends
        in :meth:`_lifecycle_pass_gate`.

        :param stage: ``crm.lifecycle.stage``, empty to leave the process
        :param str reason: kept on the stay
        :param str origin: how it came about, see ``crm.lifecycle.visit.origin``
        :param transition: the drawn move, looked up when not given
        :param exception: the approved exception that lets it pass the gate
        :raise MoveRefused: when the judge refuses, with every reason
        """
        if self:
            move = LifecycleMove(
                reason,
                origin,
                transition and transition.id,
                exception and exception.id,
            )
            # the host's values too: automations listen to what is written
            values = self._lifecycle_prepare_values(stage) if stage else {}
            self.with_context(lifecycle_move=move).write(
                {**values, "lifecycle_stage_id": stage.id}
            )

    def _lifecycle_take_move(self, reason=None):
        """The caller's :class:`LifecycleMove`, once; a plain one for everybody else.

        :param str reason: what was written as reason beside the stage
        """
        move = self.env.context.get("lifecycle_move")
        if not isinstance(move, LifecycleMove) or move.used:
            return LifecycleMove(reason=reason)
        move.used = True
        return move

    @api.model_create_multi
    def create(self, vals_list):
        move = self._lifecycle_take_move()
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            vals.pop("lifecycle_move_reason", None)  # nothing is left on creation
        asked = [vals.pop("lifecycle_stage_id", None) for vals in vals_list]
        for vals, stage_id in zip(vals_list, asked, strict=True):
            if stage_id:
                stage = self.env["crm.lifecycle.stage"].browse(stage_id)
                vals.update(self._lifecycle_prepare_values(stage, creating=True))
        records = super().create(vals_list)
        by_stage = defaultdict(list)
        for record, stage_id in zip(records, asked, strict=True):
            by_stage[stage_id].append(record.id)
        for stage_id, ids in by_stage.items():
            self.browse(ids)._lifecycle_settle(stage_id, move)
        return records

    def write(self, vals):
        if not vals.keys() & self._lifecycle_get_trigger_fields():
            return super().write(vals)
        vals = dict(vals)
        move = self._lifecycle_take_move(vals.pop("lifecycle_move_reason", None))
        stage_id = vals.pop("lifecycle_stage_id", None)
        if stage_id:
            stage = self.env["crm.lifecycle.stage"].browse(stage_id)
            vals = {**self._lifecycle_prepare_values(stage), **vals}
        # the values first: what is asked of a record is judged as it will be
        result = super().write(vals)
        self._lifecycle_filter_touched(vals)._lifecycle_settle(stage_id, move)
        return result

    def _lifecycle_settle(self, stage_id, move):
        """Let records pass to where they stand after a write.

        :param stage_id: the stage asked for; ``False`` to leave the process,
            ``None`` when other values decide
        """
        for stage, records in self._lifecycle_get_destinations(stage_id):
            # who already stands there costs no question to the log
            astray = records.filtered(lambda r, s=stage: r.lifecycle_stage_id != s)
            if astray:
                astray._lifecycle_pass_gate(stage, move)

    def _lifecycle_pass_gate(self, stage, move):
        """The gate every move goes through: judge, place, log, tell.

        :param stage: one ``crm.lifecycle.stage``, or empty
        :param LifecycleMove move: what is known beside the target
        :raise MoveRefused: when the judge refuses
        """
        # sudo: where a record stands is asked of the whole log
        visits = self.env["crm.lifecycle.visit"].sudo()
        standing = visits._get_open_by_record(self._lifecycle_visit_key, self.ids)
        movers = self.filtered(lambda r: standing.get(r.id, (0, False))[1] != stage.id)
        if movers:
            movers.check_access("write")
            warnings = movers._lifecycle_check_move(stage, move)
        now = fields.Datetime.now()
        self._lifecycle_place(stage, movers, now)
        if movers:
            movers._lifecycle_log(stage, standing, move, now, warnings)

    def _lifecycle_place(self, stage, movers, now):
        """Write where the records stand, through the base method.

        The host's own ``write`` is already under way around us, and these fields
        take part in none of its rules.
        """
        values = {"lifecycle_stage_id": stage.id}
        astray = (self - movers).filtered(lambda r: r.lifecycle_stage_id != stage)
        for records, extra in (
            (movers, {"lifecycle_stage_date": now if stage else False}),
            (astray, {}),
        ):
            if placed := records._lifecycle_get_placed_records():
                # sudo: the right to move was asked of those who move
                models.BaseModel.write(placed.sudo(), {**values, **extra})

    def _lifecycle_log(self, stage, standing, move, now, warnings):
        """End the stays the records leave, begin the new ones, call the hooks.

        :param dict standing: ``{record id: (visit id, stage id)}`` of the open stays
        :param dict warnings: ``{record: [warning, …]}`` that were passed
        """
        self.invalidate_recordset(
            ["lifecycle_visit_ids", "lifecycle_visit_count"], flush=False
        )
        # sudo: the log is written by the engine alone
        visits = self.env["crm.lifecycle.visit"].sudo()
        leaving = self.filtered(lambda r: r.id in standing)
        if leaving:
            visits._close_for(self._lifecycle_visit_key, leaving.ids, now)
            left = visits.browse([standing[record.id][0] for record in leaving])
            leaving._lifecycle_left(left)
        if stage:
            sources = {standing[record.id][1] for record in leaving}
            edges = (
                dict.fromkeys(sources, move.transition_id)
                if move.transition_id
                else stage._get_edges_from(sources)
            )
            entered = visits._open_for(
                self._lifecycle_visit_key,
                [
                    {
                        **record._lifecycle_prepare_row(stage, standing, edges),
                        "warning": " ".join(warnings.get(record, [])),
                    }
                    for record in self.sudo()  # sudo: owner and team of others
                ],
                self._lifecycle_prepare_visit(stage, move, now),
            )
            self._lifecycle_entered(entered)

    def _lifecycle_prepare_row(self, stage, standing, edges):
        """What differs per record in a new stay, see ``_open_for`` of the log."""
        self.ensure_one()
        source_id = standing.get(self.id, (0, False))[1]
        return {
            "id": self.id,
            "previous_stage_id": source_id,
            "transition_id": edges.get(source_id),
            "owner_id": (self._lifecycle_get_owner() or stage.user_id).id,
            "team_id": self._lifecycle_get_team().id,
            "company_id": self.company_id.id,
        }

    def _lifecycle_prepare_visit(self, stage, move, now):
        """What new stays of one move share."""
        return {
            "process_id": stage.process_id.id,
            "revision_id": stage.process_id.revision_id.id,
            "stage_id": stage.id,
            "entered_date": now,
            "user_id": self.env.uid if move.origin in BY_USERS else None,
            "origin": move.origin,
            "reason": move.reason,
        }
