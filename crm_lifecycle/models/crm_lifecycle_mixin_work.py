import logging
from collections import defaultdict

from odoo import fields, models

_logger = logging.getLogger(__name__)

# how a record came to stand somewhere without anything having happened to it
SILENT_ORIGINS = ("migration", "history")


class CrmLifecycleMixin(models.AbstractModel):
    """What begins when records enter a stage: its plan, its mail, its followers.

    Nothing here keeps a record from moving: what fails is logged.
    """

    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_entered(self, visits):
        result = super()._lifecycle_entered(visits)
        # sudo: what a stage starts does not depend on who moved the record
        stage = self.sudo().lifecycle_stage_id
        if len(stage) == 1 and stage.id in stage._get_ids_with_entry_work():
            self.sudo()._lifecycle_begin_stage(stage, visits)  # sudo: as above
        return result

    def _lifecycle_begin_stage(self, stage, visits):
        """Start what ``stage`` has for those who enter it.

        Not for archived records, nor for stays that only write down where a record
        had been all along. What is imported from a file gets its followers, but
        no mail and no plan.

        :param visits: the stays that begin, in the order of the records
        """
        records = self.filtered("active")
        if not records or visits[:1].origin in SILENT_ORIGINS:
            return
        steps = [records._lifecycle_subscribe_roles]
        works = stage.plan_id or stage.mail_template_id
        if works and not self.env.context.get("import_file"):
            known = records._lifecycle_get_known(stage, visits)
            newcomers = records - known
            steps += [
                lambda: (
                    records if stage.plan_each_entry else newcomers
                )._lifecycle_start_plan(stage),
                lambda: newcomers._lifecycle_send_entry_mail(stage),
            ]
        for step in steps:
            try:
                with self.env.cr.savepoint():
                    step()
            except Exception as error:
                # whatever a plan, a template or its extension stumbles over
                _logger.warning("Lifecycle: entering %s: %s", stage.name, error)

    def _lifecycle_get_known(self, stage, visits):
        """The records that have been in ``stage`` before the stays ``visits``."""
        key = self._lifecycle_visit_key
        earlier = visits._read_group(
            [
                (key, "in", self.ids),
                ("stage_id", "=", stage.id),
                ("id", "not in", visits.ids),
            ],
            [key],
        )
        return self.browse(record.id for (record,) in earlier)

    # ------------------------------------------------------------
    # Followers
    # ------------------------------------------------------------

    def _lifecycle_subscribe_roles(self):
        """Let the consulted and the informed follow; nobody stops to follow."""
        by_partners = defaultdict(list)
        consulted = self._lifecycle_get_role_users("consulted")
        informed = self._lifecycle_get_role_users("informed")
        for record in self:
            users = consulted[record] | informed[record]
            # sudo: partners of colleagues
            by_partners[users.sudo().partner_id].append(record.id)
        for partners, ids in by_partners.items():
            if partners:
                self.browse(ids)._message_subscribe(partners.ids)

    # ------------------------------------------------------------
    # Activity plan
    # ------------------------------------------------------------

    def _lifecycle_start_plan(self, stage):
        """Schedule the steps of the stage's plan; one batch whatever their number.

        A step that is still open on a record is not scheduled a second time.
        """
        plan = stage.plan_id
        skip = self.env.context.get("mail_activity_automation_skip")
        if not self or skip or not plan.active or not plan.template_ids:
            return
        picked = self._lifecycle_pick_responsible()
        values = [
            step._lifecycle_prepare_activity(record, picked[record])
            for record in self
            for step in plan.template_ids
        ]
        self._lifecycle_schedule(values)

    def _lifecycle_schedule(self, vals_list):
        """Create activities on records of this model in one batch.

        No message goes out for them: they are in the list of those who get them.
        What is already open on a record is left out.

        :param list vals_list: with res_id, activity_type_id, summary, …
        """
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        there = activities.search_fetch(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", [values["res_id"] for values in vals_list]),
                (
                    "activity_type_id",
                    "in",
                    list({values["activity_type_id"] for values in vals_list}),
                ),
            ],
            ["res_id", "activity_type_id", "summary"],
        )
        taken = {(a.res_id, a.activity_type_id.id, a.summary or "") for a in there}
        model_id = self.env["ir.model"]._get_id(self._name)
        activities.create(
            [
                {**values, "res_model_id": model_id, "automated": True}
                for values in vals_list
                if (
                    values["res_id"],
                    values["activity_type_id"],
                    values["summary"] or "",
                )
                not in taken
            ]
        )

    def _lifecycle_drop_double_activities(self, others):
        """Of what a stage gave to records that become one, this one's remains.

        :param others: the records that are merged into this one
        """
        self.ensure_one()
        # sudo: activities of colleagues
        activities = self.env["mail.activity"].sudo()
        activities = activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", (self | others).ids),
                ("automated", "=", True),
            ]
        )
        by_record = activities.grouped("res_id")
        seen, doubles = set(), activities.browse()
        for record in self | others:
            keys = set()
            for activity in by_record.get(record.id, ()):
                key = (activity.activity_type_id, activity.summary or "")
                doubles += activity if key in seen else activities.browse()
                keys.add(key)
            seen |= keys
        doubles.unlink()

    # ------------------------------------------------------------
    # Mail
    # ------------------------------------------------------------

    def _lifecycle_send_entry_mail(self, stage):
        """Queue the stage's mail; who cannot get one gives a task to the responsible.

        Nobody on the blacklist is written to.
        """
        template = stage.mail_template_id
        if not self or not template:
            return
        reachable = self.filtered(lambda r: r.email_normalized and not r.is_blacklisted)
        if reachable:
            template.send_mail_batch(
                reachable.ids, email_layout_xmlid="mail.mail_notification_light"
            )
        unreachable = self - reachable
        if unreachable:
            unreachable._lifecycle_schedule_entry_contact(template)

    def _lifecycle_schedule_entry_contact(self, template):
        """Ask the responsible to do what the mail would have done."""
        picked = self._lifecycle_pick_responsible()
        kind = self.env.ref("mail.mail_activity_data_todo").id
        self._lifecycle_schedule(
            [
                {
                    "res_id": record.id,
                    "activity_type_id": kind,
                    "summary": record._lifecycle_get_contact_task(
                        template, picked[record].lang
                    ),
                    "user_id": picked[record].id,
                    "date_deadline": fields.Date.context_today(record),
                }
                for record in self
            ]
        )

    def _lifecycle_get_contact_task(self, template, lang):
        """What the responsible is asked, in the language ``lang``."""
        env = self.with_context(lang=lang).env
        if self.is_blacklisted:
            return env._("Contact without e-mail (opted out): %s", template.name)
        return env._("Contact without e-mail (no address): %s", template.name)
