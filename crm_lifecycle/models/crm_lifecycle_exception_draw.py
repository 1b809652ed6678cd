from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

RECURS_FROM = 3
RECURS_DAYS = 90


class CrmLifecycleException(models.Model):
    """An exception that comes again and again should become part of the process."""

    _inherit = "crm.lifecycle.exception"

    recurrence_count = fields.Integer(
        "Times in 90 Days",
        compute="_compute_recurrence",
        help="Approved exceptions by the same move in the last 90 days.",
    )
    can_draw = fields.Boolean(compute="_compute_recurrence")

    @api.model_create_multi
    def create(self, vals_list):
        exceptions = super().create(vals_list)
        if not self._is_used():
            self.env.registry.clear_cache()
        return exceptions

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Whether there is any exception: merging thousands of leads asks for it."""
        # sudo: of whomever
        return bool(self.sudo().search([("id", "!=", False)], limit=1))

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("source_stage_id", "stage_id", "state")
    def _compute_recurrence(self):
        # sudo: how often it happens is counted whoever asked
        everything = self.sudo()
        counts = {
            (source, target): count
            for source, target, count in everything._read_group(
                Domain("state", "=", "done")
                & Domain("create_date", ">=", f"today -{RECURS_DAYS}d")
                & Domain("source_stage_id", "in", everything.source_stage_id.ids)
                & Domain("stage_id", "in", everything.stage_id.ids),
                ["source_stage_id", "stage_id"],
                ["__count"],
            )
        }
        for exception in self:
            stages = (exception.source_stage_id, exception.stage_id)
            exception.recurrence_count = counts.get(stages, 0)
            exception.can_draw = (
                exception.recurrence_count >= RECURS_FROM
                and exception.process_id.state == "published"
                and exception.phase == exception.source_stage_id.phase
                and not exception.stage_id._get_edges_from(
                    exception.source_stage_id.ids
                )
            )

    def action_draw_move(self):
        """Draw the move into the next draft of the process and open it.

        :return: the action that opens the draft
        :raise UserError: one of the stages is not in the draft any more
        """
        self.ensure_one()
        return self.process_id.action_draw_move(
            self.source_stage_id.key, self.stage_id.key
        )


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    def action_draw_move(self, source_key, target_key):
        """Draw a move that happens anyway into the next draft, and open it.

        :param str source_key: the stage it leaves
        :param str target_key: the stage it leads to
        :return: the action that opens the draft
        :raise UserError: one of the stages is not in the draft any more
        """
        self.ensure_one()
        action = self.action_new_draft()
        draft = self.browse(action["res_id"])
        by_key = {stage.key: stage for stage in draft.stage_ids}
        source, target = by_key.get(source_key), by_key.get(target_key)
        if not source or not target:
            raise UserError(
                self.env._(
                    "The draft of “%s” does not have both stages any more.", self.name
                )
            )
        if not target._get_edges_from(source.ids):
            self.env["crm.lifecycle.transition"].create(
                {"source_id": source.id, "target_id": target.id, "trigger": "manual"}
            )
        return action
