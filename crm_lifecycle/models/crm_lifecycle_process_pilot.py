from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLifecycleProcess(models.Model):
    """Trying a draft with some teams first, beside what runs for all others."""

    _inherit = "crm.lifecycle.process"

    pilot_of_id = fields.Many2one(
        "crm.lifecycle.process",
        "Pilot of",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    pilot_ids = fields.One2many(
        "crm.lifecycle.process",
        "pilot_of_id",
        "Pilots",
        domain=[("state", "=", "published")],
    )
    pilot_start_date = fields.Datetime("Pilot Since", readonly=True, copy=False)
    pilot_took_teams = fields.Boolean(readonly=True, copy=False)
    pilot_comparison = fields.Html(compute="_compute_pilot_comparison")

    # ------------------------------------------------------------
    # Starting and ending
    # ------------------------------------------------------------

    def _start_pilot(self, teams):
        """Run this draft for ``teams``; what it is a draft of goes on for the others.

        :return: the action that shows the pilot
        :raise UserError: the teams are not those of the process, or it cannot run
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_publish()
        running = self._check_pilot_teams(teams)
        # sudo: what is a draft and what a pilot is written by the engine alone
        pilot = self.sudo()
        if running.team_ids:
            pilot.pilot_took_teams = True
            running.team_ids -= teams
        pilot.write(
            {
                "draft_of_id": False,
                "key": f"{running.key}_pilot_{self.id}",
                "name": self.env._("%s (pilot)", running.name),
                "pilot_of_id": running.id,
                "pilot_start_date": fields.Datetime.now(),
                "team_ids": [Command.set(teams.ids)],
            }
        )
        self._check_scope_is_free()
        self._tie_like(running)
        self._publish()
        return self._finish_in_map(self._get_form_action())

    def _check_pilot_teams(self, teams):
        """The process whose draft ``teams`` may try."""
        running = self.draft_of_id
        if not running:
            raise UserError(self.env._("Only the draft of a running process is tried."))
        if running.team_ids and not teams < running.team_ids:
            raise UserError(
                self.env._(
                    "Choose some of the teams of “%s”, not all: those that remain are "
                    "what the pilot is compared with.",
                    running.name,
                )
            )
        return running

    def _tie_like(self, running):
        """The pilot uses the pipeline as it is."""
        ties = running._get_pipeline_ties()
        # sudo: as in _start_pilot
        for stage in self.sudo().stage_ids.filtered(lambda s: not s.crm_stage_id):
            if stage.phase == "lead" and stage.outcome != "lost":
                stage.crm_stage_id = ties.get(stage.key, False)

    def action_roll_out(self):
        """What was tried becomes the process of all."""
        self.ensure_one()
        running = self._check_is_pilot()
        if stranded := running._get_stages_missing_in(self):
            return self.env["crm.lifecycle.relocate"]._open(
                running, stranded, successor=self, then="roll_out"
            )
        return self._roll_out()

    def _roll_out(self):
        running = self.pilot_of_id
        running._copy_definition_from(self)
        running._publish()
        # sudo: nobody may write a revision but by publishing
        running.revision_id.sudo().note = self.env._("Rolled out after the pilot.")
        self._leave_to(running)
        return running._get_form_action()

    def action_end_pilot(self):
        """Stop trying: the teams go back to the process of all."""
        self.ensure_one()
        running = self._check_is_pilot()
        missing = self._get_stages_missing_in(running)
        if missing := missing.filtered(lambda stage: stage.phase == "customer"):
            raise UserError(
                self.env._(
                    "Customers stand in “%s”, which the process of all does not have. "
                    "Move them first.",
                    missing[0].name,
                )
            )
        self._leave_to(running)
        return running._get_form_action()

    def _check_is_pilot(self):
        self.check_access("write")
        if not self.pilot_of_id or self.state != "published":
            raise UserError(self.env._("“%s” is not a pilot that runs.", self.name))
        return self.pilot_of_id

    def _leave_to(self, running):
        """End the pilot; its leads and customers stand in ``running`` from now on."""
        teams = self.team_ids
        self._end()
        if self.pilot_took_teams:
            running.team_ids |= teams
        self.env["crm.lifecycle.mixin"]._lifecycle_follow_scope(self)
        by_key = {stage.key: stage for stage in running.stage_ids}
        self.env["crm.lifecycle.relocate"]._move_all(
            self,
            {stage: by_key[stage.key] for stage in self._get_customer_stages()},
            self.env._("The pilot has ended"),
        )

    # ------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------

    def _get_pilot_comparison(self):
        """Both processes since the pilot began, stage by stage.

        :return: list of dicts with ``name``, ``pilot`` and ``others``: the node of
            each map, empty where it has none
        """
        self.ensure_one()
        since = self.pilot_start_date or fields.Datetime.now()
        days = max((fields.Datetime.now() - since).days, 1)
        charts = [
            process.get_lifecycle_map({"days": days})["nodes"]
            for process in (self, self.pilot_of_id)
        ]
        ours, others = ({node["key"]: node for node in chart} for chart in charts)
        return [
            {
                "name": node["name"],
                "pilot": ours.get(key, {}),
                "others": others.get(key, {}),
            }
            for key, node in {**others, **ours}.items()
            if node["outcome"] == "open"
        ]

    @api.depends("pilot_of_id", "pilot_start_date")
    def _compute_pilot_comparison(self):
        for process in self:
            running = process.pilot_of_id if process.state == "published" else False
            process.pilot_comparison = bool(running) and self.env["ir.qweb"]._render(
                "crm_lifecycle.pilot_comparison",
                {"rows": process._get_pilot_comparison()},
            )
