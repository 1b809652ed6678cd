from collections import defaultdict

from odoo import fields, models
from odoo.tools import plaintext2html


class CrmSlaTimer(models.Model):
    """Escalating: which levels clocks have come to, and telling the people."""

    _inherit = "crm.sla.timer"

    # ------------------------------------------------------------
    # Which clocks, which levels
    # ------------------------------------------------------------

    def _get_reached_levels(self):
        """The levels that have been: ``{timer id: frozenset of level ids}``."""
        reached = defaultdict(set)
        with_levels = self.filtered("level_id")
        if with_levels:
            for escalation in self.env["crm.sla.escalation"].search_fetch(
                [("timer_id", "in", with_levels.ids)], ["timer_id", "level_id"]
            ):
                reached[escalation.timer_id.id].add(escalation.level_id.id)
        return {timer_id: frozenset(levels) for timer_id, levels in reached.items()}

    def _get_due_levels(self, now):
        """The clocks that have come to a level: ``{level: timers}``, in their order."""
        due = defaultdict(self.browse)
        reached = self._get_reached_levels()
        for (policy, company), timers in self._group_by_clock():
            clock = policy._get_clock(company)
            for level in policy.level_ids.sorted(
                lambda lv: (lv._get_hours(100), lv.sequence)
            ):
                ids = [
                    timer.id
                    for timer in timers
                    if level.id not in reached.get(timer.id, ())
                    and timer._has_come_to(level, clock, now)
                ]
                due[level] |= self.browse(ids)
        return {level: timers for level, timers in due.items() if timers}

    def _has_come_to(self, level, clock, now):
        moment = level._get_moment(
            clock, self.target_hours, self.start_date, self._get_pauses()
        )
        return bool(moment and moment <= now)

    def _skip_past_levels(self):
        """Note the levels whose moment has passed, and tell nobody."""
        now = fields.Datetime.now()
        past = self.filtered(lambda t: t.next_event_date and t.next_event_date <= now)
        for level, timers in past._get_due_levels(now).items():
            timers._note_escalation(level, {}, "past")
        past._replan()

    # ------------------------------------------------------------
    # Escalating
    # ------------------------------------------------------------

    def _escalate(self, now):
        """Tell the people of every level these clocks have come to.

        :param datetime now: UTC
        """
        for level, timers in self._get_due_levels(now).items():
            people = level._get_recipients(timers)
            if alone := timers.filtered(lambda t, p=people: not p[t]):
                level.policy_id._note_error(
                    self.env._(
                        "Nobody is there to be told about %s.", alone[0].record_name
                    )
                )
                alone._note_escalation(level, {}, "nobody")
            told = timers - alone
            activities = getattr(told, f"_escalate_by_{level.action}")(level, people)
            told._note_escalation(level, people, "told", activities)
        self._replan()

    def _note_escalation(self, level, people, result, activities=None):
        """Write down that these clocks have reached ``level``.

        :param dict people: ``{timer: res.users}``
        :param dict activities: ``{timer: mail.activity}``
        """
        self.env["crm.sla.escalation"]._add(
            self, level, fields.Datetime.now(), people, result, activities or {}
        )
        self.write({"level_id": level.id, **({"escalated": True} if people else {})})

    def _escalate_by_activity(self, level, people):
        """Schedule an activity for each clock and person."""
        targets = [(timer, user) for timer in self for user in people[timer]]
        # the board and the bell tell them: no mail for each
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        created = defaultdict(activities.browse)
        values = [timer._prepare_activity_values(user) for timer, user in targets]
        for (timer, _user), activity in zip(
            targets, activities.create(values), strict=True
        ):
            created[timer] |= activity
        return created

    def _prepare_activity_values(self, user):
        """The activity that tells ``user`` about one clock."""
        self.ensure_one()
        todo = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_todo", raise_if_not_found=False
        )
        read = self.with_context(lang=user.lang, tz=user.tz)
        return {
            "activity_type_id": todo,
            "automated": True,
            "summary": read._get_escalation_subject(),
            "note": plaintext2html(read._get_explanation()),
            "res_model_id": self.env["ir.model"]._get_id(self.res_model),
            "res_id": self.res_id,
            "user_id": user.id,
        }

    def _escalate_by_mail(self, level, people):
        """Send each person one mail about all these clocks."""
        by_user = defaultdict(self.browse)
        for timer in self:
            for user in people[timer]:
                by_user[user] |= timer
        mails = []
        for user, timers in by_user.items():
            timers = timers.with_context(lang=user.lang, tz=user.tz)
            body = self.env["ir.qweb"]._render(
                "crm_lifecycle.sla_escalation_mail",
                {"timers": timers, "level": level.with_env(timers.env)},
                lang=user.lang,
            )
            mails.append(
                {
                    "subject": timers._get_mail_subject(),
                    "body_html": body,
                    "recipient_ids": [(4, user.partner_id.id)],
                    "auto_delete": True,
                }
            )
        self.env["mail.mail"].create(mails)

    def _escalate_by_reassign(self, level, people):
        """Give the records to the people."""
        by_user = defaultdict(self.browse)
        for timer in self:
            by_user[people[timer][:1]] |= timer
        for user, timers in by_user.items():
            hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
            for model_name in hosts.values():
                if records := timers._get_hosts(model_name):
                    records._lifecycle_assign(user)

    def _get_escalation_subject(self):
        """What an activity about one clock is called."""
        self.ensure_one()
        place = self.stage_id.name or self.policy_id.name
        if self.state == "late":
            return self.env._("Late in “%s”", place)
        return self.env._("Due soon in “%s”", place)

    def _get_mail_subject(self):
        if len(self) == 1:
            return f"{self._get_escalation_subject()}: {self.record_name}"
        return self.env._("%s time limits need you", len(self))
