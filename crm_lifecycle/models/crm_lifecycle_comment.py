from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.plain_text import clean_text

BODY_LIMIT = 2000


class CrmLifecycleComment(models.Model):
    """An opinion on one stage of the chart, for whoever reviews the process.

    Plain text. Its author may change or take it back while nobody has looked at
    it; the process manager says what became of it.
    """

    _name = "crm.lifecycle.comment"
    _description = "Opinion on a Lifecycle Stage"
    _order = "create_date desc, id desc"
    _rec_name = "body"

    stage_id = fields.Many2one(
        "crm.lifecycle.stage", required=True, index=True, ondelete="cascade"
    )
    process_id = fields.Many2one(related="stage_id.process_id", store=True, index=True)
    company_id = fields.Many2one(related="stage_id.process_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="cascade",
    )
    body = fields.Text("Opinion", required=True)
    state = fields.Selection(
        [("new", "New"), ("considered", "Considered"), ("done", "Done")],
        "Status",
        default="new",
        required=True,
        index=True,
        group_expand=True,
    )
    answer = fields.Char(help="What became of it, shown to its author.")

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, "body": self._clean_body(vals.get("body"))} for vals in vals_list
        ]
        if not self._is_reviewer():
            vals_list = [
                {name: vals[name] for name in ("stage_id", "body") if name in vals}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if "body" in vals:
            vals = {**vals, "body": self._clean_body(vals["body"])}
        if not self._is_reviewer() and vals.keys() - {"body"}:
            raise AccessError(
                self.env._("Authors change the text of their opinion, nothing else.")
            )
        return super().write(vals)

    @api.model
    def _is_reviewer(self):
        group = "crm_lifecycle.group_crm_lifecycle_manager"
        return self.env.su or self.env.user.has_group(group)

    @api.model
    def _clean_body(self, body):
        if text := clean_text(body, BODY_LIMIT):
            return text
        raise UserError(self.env._("Write what you think first."))

    def action_consider(self):
        """Mark opinions as considered."""
        self.write({"state": "considered"})

    def action_done(self):
        """Mark opinions as done."""
        self.write({"state": "done"})


class CrmLifecycleMixin(models.AbstractModel):
    """From the stage kit of a record its stage can be commented on."""

    _inherit = "crm.lifecycle.mixin"

    def action_lifecycle_comment(self, body):
        """Leave an opinion on the stage in which a record stands.

        :param str body: plain text, cut to 2,000 characters
        :raise UserError: there is nothing in it, or the record is in no stage
        """
        self.ensure_one()
        record = self._lifecycle_get_path_record()
        record.check_access("read")
        if not record.lifecycle_stage_id:
            raise UserError(self.env._("This record is in no process."))
        comments = self.env["crm.lifecycle.comment"]
        comments.check_access("create")
        # sudo: only process managers see which record an opinion came up with
        comments.sudo().create(
            {
                "stage_id": record.lifecycle_stage_id.id,
                "body": body,
                self._lifecycle_visit_key: record.id,
            }
        )


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    comment_count = fields.Integer("Opinions", compute="_compute_comment_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_comment_count(self):
        counts = self._get_comment_counts()
        for stage in self:
            stage.comment_count = counts.get(stage._get_commented_stage(), 0)

    def _get_comment_counts(self):
        """How many opinions wait to be considered: ``{stage: count}``."""
        stages = self.browse(stage._get_commented_stage().id for stage in self)
        groups = self.env["crm.lifecycle.comment"]._read_group(
            [("stage_id", "in", stages.ids), ("state", "=", "new")],
            ["stage_id"],
            ["__count"],
        )
        return dict(groups)

    def _get_commented_stage(self):
        """The running stage of a stage in a draft, where the opinions are."""
        self.ensure_one()
        running = self.process_id.draft_of_id.stage_ids
        return running.filtered(lambda stage: stage.key == self.key)[:1] or self

    def action_view_comments(self):
        """Open what people think of this stage."""
        self.ensure_one()
        action = self.process_id.action_view_comments()
        stage = self._get_commented_stage()
        return dict(action, domain=[("stage_id", "=", stage.id)])


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    comment_count = fields.Integer("Opinions", compute="_compute_comment_count")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_comment_count(self):
        running = self.draft_of_id | self
        counts = dict(
            self.env["crm.lifecycle.comment"]._read_group(
                [("process_id", "in", running.ids), ("state", "=", "new")],
                ["process_id"],
                ["__count"],
            )
        )
        for process in self:
            process.comment_count = counts.get(process.draft_of_id or process, 0)

    def action_view_comments(self):
        """Open what people think of this process."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_comment_action"
        )
        running = self.draft_of_id or self
        context = {"search_default_group_stage": 1}
        return dict(action, domain=[("process_id", "=", running.id)], context=context)
