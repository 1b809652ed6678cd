from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLifecycleRelocate(models.TransientModel):
    """What publishing changes and brings about, said before it is done."""

    _inherit = "crm.lifecycle.relocate"

    then = fields.Selection(
        selection_add=[
            ("start", "Start"),
            ("roll_out", "Roll Out"),
            ("undo", "Take Back"),
        ],
        ondelete=dict.fromkeys(("start", "roll_out", "undo"), "cascade"),
    )
    change_summary = fields.Html("What Changes", compute="_compute_preview")
    effect_summary = fields.Html("What Happens", compute="_compute_preview")
    finding_summary = fields.Html("What the Checker Says", compute="_compute_preview")
    can_pilot = fields.Boolean(compute="_compute_can_pilot")
    pilot_team_ids = fields.Many2many(
        "crm.team",
        string="Pilot Teams",
        help="Try it with these teams first; all others go on as before.",
    )

    @api.depends("successor_id", "line_ids.target_id")
    def _compute_preview(self):
        qweb = self.env["ir.qweb"]
        for dialog in self:
            draft = dialog.successor_id
            if not draft or draft.state != "draft":
                dialog.update(
                    dict.fromkeys(
                        ("change_summary", "effect_summary", "finding_summary"), False
                    )
                )
                continue
            words = draft.get_lifecycle_difference()["words"]
            dialog.change_summary = bool(draft.draft_of_id) and qweb._render(
                "crm_lifecycle.differences", {"differences": words}
            )
            dialog.effect_summary = qweb._render(
                "crm_lifecycle.publish_effects", {"effects": dialog._get_effects()}
            )
            dialog.finding_summary = qweb._render(
                "crm_lifecycle.findings",
                {"findings": draft._get_findings(), "marks": draft._get_marks()},
            )

    @api.depends("then", "successor_id")
    def _compute_can_pilot(self):
        for dialog in self:
            draft = dialog.successor_id
            dialog.can_pilot = dialog.then == "publish" and bool(draft.draft_of_id)

    def _get_effects(self):
        """What happens to the records, one sentence each."""
        self.ensure_one()
        draft = self.successor_id
        running = draft.draft_of_id
        if self.then == "replace":
            running = self.process_id
        if not running:
            return [self.env._("Leads and customers of its teams enter the process.")]
        moved = sum(self.line_ids.mapped("record_count"))
        # sudo: records count also where the user does not see them
        standing = running.sudo().record_count
        effects = [
            self.env._("%s leads and customers stay where they are.", standing - moved)
        ]
        for line in self.line_ids.filtered("record_count"):
            effects.append(line._get_effect())
        return effects + draft._get_limit_effects(running)

    def action_start_pilot(self):
        """Let chosen teams work by the draft while the others go on as before."""
        self.ensure_one()
        if not self.pilot_team_ids:
            raise UserError(self.env._("Choose the teams that try it first."))
        return self.successor_id._start_pilot(self.pilot_team_ids)

    def _finish_start(self):
        return self.successor_id._finish_in_map(self.successor_id.action_publish())

    def _finish_undo(self):
        return self.process_id.action_undo_publish()

    def _finish_roll_out(self):
        return self.successor_id._roll_out()

    def _finish_publish(self):
        running = self.process_id
        return running._finish_in_map(super()._finish_publish())

    def _finish_replace(self):
        return self.successor_id._finish_in_map(super()._finish_replace())


class CrmLifecycleRelocateLine(models.TransientModel):
    _inherit = "crm.lifecycle.relocate.line"

    def _get_effect(self):
        self.ensure_one()
        if not self.target_id:
            return self.env._(
                "%(count)s of “%(stage)s” go to the stage you choose.",
                count=self.record_count,
                stage=self.stage_id.name,
            )
        return self.env._(
            "%(count)s of “%(stage)s” move to “%(target)s”, in batches.",
            count=self.record_count,
            stage=self.stage_id.name,
            target=self.target_id.name,
        )


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    def action_review_publish(self):
        """Show what publishing changes and brings about; then publish.

        :return: the dialog
        :raise UserError: naming every defect that keeps it from running
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_publish()
        dialogs = self.env["crm.lifecycle.relocate"]
        running = self.draft_of_id
        if running:
            stages = running._get_stages_missing_in(self)
            action = dialogs._open(running, stages, "publish", successor=self)
        elif replaced := self._find_replaced():
            stages = replaced._get_customer_stages()
            action = dialogs._open(replaced, stages, "replace", successor=self)
        else:
            self._check_scope_is_free()
            action = dialogs._open(self, self.stage_ids.browse(), "start", self)
        return dict(action, name=self.env._("Publish “%s”", self.name))

    def _get_limit_effects(self, running):
        """Whose time limit changes with this draft, one sentence for each stage."""
        effects = []
        drafted = {stage.key: stage for stage in self.stage_ids}
        for stage in running.sudo().stage_ids:  # sudo: records of others count as well
            new = drafted.get(stage.key)
            if not new or new.sla_policy_id == stage.sla_policy_id:
                continue
            if stage.record_count:
                effects.append(
                    self.env._(
                        "%(count)s in “%(stage)s” get another time limit: %(limit)s.",
                        count=stage.record_count,
                        stage=stage.name,
                        limit=new.sla_policy_id.name or self.env._("none"),
                    )
                )
        return effects

    def _finish_in_map(self, action):
        """Where one goes after publishing: one who came from the map is still there."""
        self.ensure_one()
        is_done = self.exists() and self.state == "published"
        if is_done and self.env.context.get("lifecycle_from_map"):
            infos = {"process_id": self.id}
            return {"type": "ir.actions.act_window_close", "infos": infos}
        return action
