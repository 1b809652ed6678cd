import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.working_time import get_moment

_logger = logging.getLogger(__name__)

AT_ONCE = 1000  # clocks that are planned anew while somebody waits
BATCH = 1000


class CrmSlaPolicy(models.Model):
    """Keeping the clocks in step with the limit: plans and pauses."""

    _inherit = "crm.sla.policy"

    # ------------------------------------------------------------
    # Plan
    # ------------------------------------------------------------

    def _get_plan(self, company, hours, start, pauses, reached):
        """When a clock warns, is due and escalates: a pure function of what happened.

        :param company: whose working hours may count
        :param float hours: target
        :param pauses: pairs of moments, see ``tools/working_time.py``
        :param reached: ids of the levels that have been
        :return: dict of values of ``crm.sla.timer``
        """
        self.ensure_one()
        calendar, clock = self._get_calendar(company), self._get_clock(company)

        def moment(counted):
            return get_moment(clock, start, pauses, counted)

        deadline = moment(hours)
        events = [
            level._get_moment(clock, hours, start, pauses)
            for level in self.level_ids
            if level.id not in reached
        ]
        return {
            "target_hours": hours,
            "deadline": deadline,
            "warning_date": moment(hours * self.warning_percent / 100),
            "next_event_date": min(filter(None, events), default=False),
            "trace": {
                "calendar": calendar.name or False,
                "tz": calendar.tz or False,
                "skipped": clock.get_skipped(start, deadline) if deadline else False,
            },
        }

    def _plan_later(self):
        """The clocks of these limits have to be planned anew; the cron does it."""
        # sudo: a mark of the engine, also for who may only enter a holiday
        ticking = self.sudo()._get_running_timers().policy_id
        if ticking:
            ticking.plan_pending = True
            self.env["crm.sla.timer"]._trigger_cron()

    def _plan_now(self):
        """Plan what waits, unless it would take long, and say so."""
        for policy in self.filtered("plan_pending"):
            # sudo: clocks of every company and of others
            timers = policy.sudo()._get_running_timers()
            if len(timers) > AT_ONCE:
                message = self.env._(
                    "%s running clocks are being re-planned.", len(timers)
                )
            else:
                message = policy._plan_running(timers)
            if timers:
                self.env.user._bus_send(
                    "simple_notification",
                    {"type": "info", "title": policy.name, "message": message},
                )

    def _get_running_timers(self):
        timers = self.env["crm.sla.timer"]
        return timers.search(
            timers._get_running_domain() & Domain("policy_id", "in", self.ids)
        )

    def _plan_running(self, timers, commit=lambda count: True):
        """Plan the running clocks of one limit anew and write down how many.

        :param timers: ``crm.sla.timer``
        :param commit: called after each batch; what it returns says whether to go on
        :return: the message that was posted
        """
        self.ensure_one()
        for ids in split_every(BATCH, timers.ids):
            timers.browse(ids)._replan()
            if not commit(len(ids)):
                return None
        # sudo: a mark of the engine
        policy = self.sudo()
        policy.plan_pending = False
        message = self.env._("%s running clocks were re-planned.", len(timers))
        if timers:
            policy.message_post(body=message)
        return message

    @api.model
    def _cron_plan(self, commit):
        """Plan what waits, for the cron; one bad limit stops no other."""
        for policy in self.search([("plan_pending", "=", True)]):
            try:
                with self.env.cr.savepoint():
                    timers = policy._get_running_timers()
                    if len(timers) <= BATCH:
                        policy._plan_running(timers)
                        timers = None
                if timers is not None:
                    policy._plan_running(timers, commit)
            except Exception as error:
                policy._note_error(error)
            commit(1)

    def _note_error(self, error):
        """A limit that cannot be followed names itself, and stops nothing else."""
        _logger.warning("Time limit %s: %s", self.display_name, error)
        self.last_error = str(error)

    # ------------------------------------------------------------
    # Pauses
    # ------------------------------------------------------------

    def _sync_pauses(self, records=None):
        """Let clocks stand still whose records meet the condition, others go on.

        A condition that broke after it was saved names itself on the limit.

        :param records: of one host; all when not given
        """
        for policy in self:
            try:
                with self.env.cr.savepoint():
                    policy._sync_pause(records)
            except Exception as error:
                policy._note_error(error)
            else:
                if policy.last_error:
                    policy.last_error = False

    def _sync_pause(self, records):
        self.ensure_one()
        # sudo: a condition holds or not, whoever looks
        timers = self.env["crm.sla.timer"].sudo()
        key = self.env[self.pause_model]._lifecycle_visit_key
        running = timers._get_running_domain() & Domain("policy_id", "=", self.id)
        if records is not None:
            running &= Domain(key, "in", records.ids)
        running &= Domain(key, "!=", False)
        met = Domain(key, "any", self._get_pause_domain())
        now = fields.Datetime.now()
        timers.search(running & Domain("paused_date", "=", False) & met)._pause(
            now, by_condition=True
        )
        timers.search(
            running & Domain("paused_by_condition", "=", True) & ~met
        )._resume(now)

    @api.model
    def _get_pausing(self, model_name=None):
        """The limits that have a pause condition, of one host or of all."""
        domain = Domain("pause_domain", "!=", False)
        if model_name:
            domain &= Domain("pause_model", "=", model_name)
        # sudo: limits of every company run
        return self.sudo().search(domain)
