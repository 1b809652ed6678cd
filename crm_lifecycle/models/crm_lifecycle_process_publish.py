from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.translations import get_translations, set_translations


class CrmLifecycleProcess(models.Model):
    """From draft to running to retired: each step writes or ends a revision."""

    _inherit = "crm.lifecycle.process"

    def action_publish(self):
        """Make the chart run.

        A draft of a running process is applied to that process, which keeps
        its records; stages that disappear under standing records open a dialog
        that asks where those go.

        :return: an action that shows the running process, or the dialog
        :raise UserError: naming every defect that keeps it from running
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_publish()
        if self.draft_of_id:
            return self._publish_draft()
        if replaced := self._find_replaced():
            return self.env["crm.lifecycle.relocate"]._open(
                replaced, replaced._get_customer_stages(), "replace", successor=self
            )
        self._check_scope_is_free()
        self._publish()
        return self._get_form_action()

    def _check_can_publish(self):
        """Raise naming every defect that keeps this chart from running."""
        if self.is_template:
            raise UserError(
                self.env._("A template is never run itself. Use “Use Template”.")
            )
        if defects := self._get_defects():
            raise UserError(
                self.env._(
                    "“%(process)s” cannot be published yet:\n%(defects)s",
                    process=self.name,
                    defects="\n".join(f"- {defect}" for defect in defects),
                )
            )

    def _publish_draft(self):
        """Carry the draft over to the process that runs."""
        running = self.draft_of_id
        if stranded := running._get_stages_missing_in(self):
            return self.env["crm.lifecycle.relocate"]._open(
                running, stranded, successor=self, then="publish"
            )
        running._copy_definition_from(self)
        running._publish()
        self.unlink()
        return running._get_form_action()

    def _publish(self):
        """Tie the stages to the pipeline, write the revision, start to run."""
        self.ensure_one()
        self._tie_lead_stages()
        self._add_missing_pipeline_stages()
        self.sudo().state = "published"  # sudo: the engine alone writes it
        self._write_revision()
        self.env["crm.lifecycle.mixin"]._lifecycle_follow_scope(self)

    def _write_revision(self, note=False):
        """Freeze the definition as it runs now.

        :param str note: what changed, shown in the list of revisions
        :return: the new revision
        """
        self.ensure_one()
        # sudo: nobody may write a revision but by publishing
        revisions = self.env["crm.lifecycle.revision"].sudo()
        # sudo: as above
        self.sudo().revision_id = revisions.create(
            {
                "process_id": self.id,
                "number": (self.revision_id.number or 0) + 1,
                "definition": self._get_definition(),
                "note": note,
            }
        )
        self.env.registry.clear_cache()
        return self.revision_id

    def action_new_draft(self):
        """Open the draft in which a running process is changed."""
        self.ensure_one()
        if self.state != "published":
            raise UserError(
                self.env._("Only a running process is changed through a draft.")
            )
        self.check_access("write")
        draft = self.draft_ids[:1]
        if not draft:
            # sudo: what it is a draft of is written by the engine alone
            draft = super(CrmLifecycleProcess, self.sudo()).copy(
                {
                    "name": self.name,
                    "draft_of_id": self.id,
                    "team_ids": [fields.Command.set(self.team_ids.ids)],
                }
            )
            draft = draft.sudo(False)
            draft._copy_definition_from(self)
        return draft._get_form_action()

    def action_retire(self):
        """Stop the process; a dialog asks where its records go."""
        self.ensure_one()
        self.check_access("write")
        stages = self._get_customer_stages()
        if not stages:
            return self._retire()
        if not self._find_running() - self:
            raise UserError(
                self.env._(
                    "No other process runs that could take the customers of "
                    "“%(process)s”. Publish the one that replaces it: a dialog then "
                    "asks where they go and retires this one.",
                    process=self.name,
                )
            )
        return self.env["crm.lifecycle.relocate"]._open(self, stages, then="retire")

    def _get_customer_stages(self):
        """Stages whose records must be told where to go when the process ends.

        Leads find the process of their team by themselves, customers do not.
        """
        # sudo: also those the user does not see
        return self.sudo().stage_ids.filtered(
            lambda s: s.phase == "customer" and s.record_count
        )

    def _end(self):
        self.sudo().state = "retired"  # sudo: the engine alone writes it

    def _retire(self):
        self._end()
        self.env["crm.lifecycle.mixin"]._lifecycle_follow_scope(self)

    def action_use_template(self):
        """Copy a template into a draft that can be fitted and published."""
        self.ensure_one()
        process = self.create({"name": self.name, "description": self.description})
        for name in ("name", "description"):
            set_translations(process, name, get_translations(self, name))
        process._copy_definition_from(self)
        process._add_missing_pipeline_stages()
        return process._get_form_action()
