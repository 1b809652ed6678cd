from odoo import api, fields, models

from ..tools.graph import find_reachable


class CrmLifecycleProcess(models.Model):
    """What is wrong with a chart, and what could be better, in the user's words.

    A finding is a dict of ``kind``, ``level`` (blocker: it cannot run; defect: it will
    not work well; hint), ``stage`` and ``target`` (keys, or false) and ``text``. The
    map, the form and the dialog that publishes show the same ones.
    """

    _inherit = "crm.lifecycle.process"

    finding_summary = fields.Html(
        "What the Checker Says", compute="_compute_finding_summary"
    )

    @api.depends("stage_ids", "transition_ids", "max_stages", "user_id")
    @api.depends_context("lang")
    def _compute_finding_summary(self):
        for process in self:
            process.finding_summary = process.id and self.env["ir.qweb"]._render(
                "crm_lifecycle.findings",
                {"findings": process._get_findings(), "marks": process._get_marks()},
            )

    def _get_findings(self):
        """All findings about one chart, the gravest first.

        :return: list of dicts, see the class
        """
        self.ensure_one()
        findings = [
            self._make_finding("blocker", text, level="blocker")
            for text in self._get_defects()
        ]
        if self.stage_ids:
            for check in self._get_checks():
                findings += check()
        levels = ("blocker", "defect", "hint")
        return sorted(findings, key=lambda finding: levels.index(finding["level"]))

    def _get_checks(self):
        """Hook: the checks of a chart; each returns a list of findings.

        Others extend the list, and make findings with :meth:`_make_finding`.
        """
        return [
            self._check_reachability,
            self._check_ends,
            self._check_exits,
            self._check_criteria,
            self._check_people,
            self._check_limits,
            self._check_size,
            self._check_use,
        ]

    def _make_finding(self, kind, text, level="defect", stage=None, target=None):
        return {
            "kind": kind,
            "level": level,
            "stage": stage.key if stage else False,
            "target": target.key if target else False,
            "text": text,
        }

    # ------------------------------------------------------------
    # The graph
    # ------------------------------------------------------------

    def _get_drawn_pairs(self):
        """The drawn moves between stages in use, as pairs of ids."""
        known = set(self.stage_ids.ids)
        pairs = {(m.source_id.id, m.target_id.id) for m in self.transition_ids}
        return {pair for pair in pairs if known.issuperset(pair)}

    def _get_entries(self):
        """Where records come in: the first stage of leads, and that of customers."""
        leads = self.stage_ids.filtered(lambda s: s.phase == "lead")
        return leads[:1] | self._get_customer_entry(self._get_won_stage())

    def _check_reachability(self):
        """A stage nobody can come to by the drawn moves."""
        reached = find_reachable(self._get_drawn_pairs(), self._get_entries().ids)
        return [
            self._make_finding(
                "unreachable",
                self.env._(
                    "“%s” cannot be reached: no drawn move leads to it from the "
                    "beginning. Draw one, or remove the stage.",
                    stage.name,
                ),
                stage=stage,
            )
            for stage in self.stage_ids.filtered(lambda s: s.id not in reached)
        ]

    def _is_passage(self, stage):
        """Whether one is to pass through a stage, not to rest in it.

        Leads are decided about; customers rest where there is no time limit.
        """
        return stage.outcome == "open" and (
            stage.phase == "lead" or bool(stage.sla_policy_id)
        )

    def _check_ends(self):
        """A stage that is to be left, and from which nothing leads on."""
        leaving = {source for source, _target in self._get_drawn_pairs()}
        return [
            self._make_finding(
                "dead_end",
                self.env._(
                    "“%s” is a dead end: no drawn move leads on from it. Draw where "
                    "one goes from here.",
                    stage.name,
                ),
                stage=stage,
            )
            for stage in self.stage_ids
            if self._is_passage(stage) and stage.id not in leaving
        ]

    def _check_exits(self):
        """Stages that lead in a circle from which there is no way out."""
        pairs = self._get_drawn_pairs()
        leaving = {source for source, _target in pairs}
        ends = self.stage_ids.filtered(lambda s: not self._is_passage(s))
        backwards = [(target, source) for source, target in pairs]
        out = find_reachable(backwards, ends.ids)
        caught = self.stage_ids.filtered(
            lambda s: self._is_passage(s) and s.id in leaving and s.id not in out
        )
        return [
            self._make_finding(
                "no_exit",
                self.env._(
                    "There is no exit from “%s”: the drawn moves lead to no stage in "
                    "which it ends. Draw a move to where it is won or lost.",
                    stage.name,
                ),
                stage=stage,
            )
            for stage in caught
        ]
