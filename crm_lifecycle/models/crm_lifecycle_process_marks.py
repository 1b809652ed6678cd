from odoo import models


class CrmLifecycleProcess(models.Model):
    """The five marks of a good chart: clear, responsible, measurable, adjustable,
    joined to the tools people work with."""

    _inherit = "crm.lifecycle.process"

    def _get_marks(self):
        """How a chart does on the five marks.

        :return: list of dicts with ``name``, ``label``, ``share`` (0 to 1) and ``text``
        """
        self.ensure_one()
        return [
            self._mark_clear(),
            self._mark_responsible(),
            self._mark_measurable(),
            self._mark_adjustable(),
            self._mark_joined(),
        ]

    def _make_mark(self, name, label, good, text):
        """A mark from one yes or no for each thing that was looked at."""
        share = sum(map(bool, good)) / len(good) if good else 0.0
        return {"name": name, "label": label, "share": share, "text": text}

    def _mark_clear(self):
        stages = self.stage_ids.filtered(lambda s: s.outcome != "lost")
        told = [stage.goal or stage.guidance for stage in stages]
        structure = ("unreachable", "dead_end", "no_exit", "contradiction", "too_many")
        kinds = {finding["kind"] for finding in self._get_findings()}
        return self._make_mark(
            "clear",
            self.env._("Clear"),
            [*told, *(kind not in kinds for kind in structure)],
            self.env._(
                "%(told)s of %(all)s stages say what they are for.",
                told=sum(map(bool, told)),
                all=len(stages),
            ),
        )

    def _mark_responsible(self):
        stages = self.stage_ids.filtered(lambda s: s.outcome != "lost")
        named = [self._is_answered_for(stage) for stage in stages]
        return self._make_mark(
            "responsible",
            self.env._("Responsible"),
            named,
            self.env._(
                "%(named)s of %(all)s stages name who answers for them.",
                named=sum(named),
                all=len(stages),
            ),
        )

    def _mark_measurable(self):
        stages = self.stage_ids.filtered(self._is_passage)
        timed = [bool(stage.sla_policy_id) for stage in stages]
        return self._make_mark(
            "measurable",
            self.env._("Measurable"),
            timed,
            self.env._(
                "%(timed)s of %(all)s stages to pass through have a time limit.",
                timed=sum(timed),
                all=len(stages),
            ),
        )

    def _mark_adjustable(self):
        base = self._get_map_process()
        is_reviewed = base._has_review_ahead()
        if base.user_id and is_reviewed:
            text = self.env._("It has an owner, and its next review is planned.")
        elif base.user_id and base.is_review_overdue:
            text = self.env._("It has an owner, but a review is overdue.")
        elif base.user_id:
            text = self.env._("It has an owner, but no review ahead.")
        else:
            text = self.env._("Nobody owns the process.")
        label = self.env._("Adjustable")
        return self._make_mark("adjustable", label, [base.user_id, is_reviewed], text)

    def _mark_joined(self):
        stages = self.stage_ids.filtered(lambda s: s.outcome != "lost")
        joined = [self._is_joined(stage) for stage in stages]
        return self._make_mark(
            "joined",
            self.env._("Joined to Tools"),
            joined,
            self.env._(
                "%(joined)s of %(all)s stages are joined to activities, mails, pages, "
                "pipeline or automatic moves.",
                joined=sum(joined),
                all=len(stages),
            ),
        )

    def _is_joined(self, stage):
        """Hook: whether a stage is joined to anything people work with."""
        moves = stage.outgoing_ids | stage.incoming_ids
        return bool(
            stage.plan_id
            or stage.mail_template_id
            or stage.link_url
            or stage.video_url
            or stage.crm_stage_id
            or "auto" in moves.mapped("trigger")
        )
