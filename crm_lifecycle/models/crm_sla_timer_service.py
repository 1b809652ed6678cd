from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..tools.working_time import get_consumed_hours

BATCH = 1000


class CrmSlaTimer(models.Model):
    """The service: starting, stopping and pausing clocks, in sets.

    For server code, with ``sudo()`` where the caller is a user: clocks belong to the
    engine. All moments are naive UTC.
    """

    _inherit = "crm.sla.timer"

    @api.model
    def _start(self, kind, policy, rows, skip_past=False):
        """Start clocks; a constant number of queries whatever their number.

        :param str kind: one of the field ``kind``
        :param policy: the ``crm.sla.policy``; nothing starts without an active one
        :param list rows: dicts of what differs per clock: the foreign key of the
            record (and ``visit_id`` for a stay), ``stage_id``, ``owner_id``,
            ``team_id``, ``company_id``, and ``start_date``, now when not given
        :param bool skip_past: count levels whose moment has passed as over, where a
            limit is introduced for what stands there already
        :return: the clocks, in the order of ``rows``
        """
        if not policy.active or not rows:
            return self.browse()
        shared = {
            "kind": kind,
            "policy_id": policy.id,
            "start_date": fields.Datetime.now(),
            "pauses": [],
        }
        timers = self.create([{**shared, **row} for row in rows])
        timers._replan()
        if skip_past:
            timers._skip_past_levels()
        if policy.pause_domain:
            policy._sync_pauses(timers._get_hosts(policy.pause_model))
        return timers

    def _stop(self, when=None, cancelled=False):
        """End clocks, and take back the activities they have scheduled.

        :param datetime when: now when not given
        :param bool cancelled: it ends without having been met, and is left out of
            the reports
        """
        running = self.filtered(lambda timer: not timer.done_date)
        when = when or fields.Datetime.now()
        for (policy, company), timers in running._group_by_clock():
            clock = policy._get_clock(company)
            for timer in timers:
                timer.hours = get_consumed_hours(
                    clock, timer.start_date, timer._get_pauses(), when
                )
        running.write(
            {
                "done_date": when,
                "cancelled": cancelled,
                "paused_date": False,
                "paused_by_condition": False,
                "next_event_date": False,
            }
        )
        running.filtered("level_id").escalation_ids.activity_ids.unlink()
        self._invalidate_hosts()

    def _pause(self, when=None, by_condition=False):
        """Let clocks stand still; what they have counted is kept.

        :param datetime when: now when not given
        :param bool by_condition: the limit's condition says so, and will end it
        """
        running = self.filtered(lambda t: not t.done_date and not t.paused_date)
        when = when or fields.Datetime.now()
        for pauses, timers in running._group_by_pauses():
            begin = max([when, *(end for _begin, end in pauses)])
            timers.write(
                {
                    "paused_date": begin,
                    "paused_by_condition": by_condition,
                    "pauses": _to_json([*pauses, [begin, None]]),
                }
            )
        running._replan()

    def _resume(self, when=None):
        """Let paused clocks go on.

        :param datetime when: now when not given
        """
        paused = self.filtered(lambda t: not t.done_date and t.paused_date)
        when = when or fields.Datetime.now()
        for pauses, timers in paused._group_by_pauses():
            pauses[-1][1] = max(when, pauses[-1][0])
            timers.write(
                {
                    "paused_date": False,
                    "paused_by_condition": False,
                    "pauses": _to_json(pauses),
                }
            )
        paused._replan()

    def _replan(self):
        """Compute when running clocks warn, are due and escalate."""
        running = self.filtered(lambda timer: not timer.done_date)
        reached = running._get_reached_levels()
        for (policy, company), timers in running._group_by_clock():
            hours = policy._get_target_hours(timers)
            traces = policy._get_target_trace(timers)
            alike = timers.grouped(
                lambda t, hours=hours, traces=traces: (
                    hours[t],
                    t.start_date,
                    str(t.pauses),
                    reached.get(t.id, frozenset()),
                    str(traces[t]),
                )
            )
            for (target, start, _pauses, levels, _trace), same in alike.items():
                pauses = same[0]._get_pauses()
                plan = policy._get_plan(company, target, start, pauses, levels)
                same.write({**plan, "trace": {**plan["trace"], **traces[same[0]]}})
        running._schedule()
        self._invalidate_hosts()

    @api.model
    def _find_running(self, kind, key, record_ids):
        """The running clocks of some records.

        :param str kind: one of the field ``kind``
        :param str key: the record's foreign key
        """
        return self.search(
            self._get_running_domain()
            & Domain("kind", "=", kind)
            & Domain(key, "in", list(record_ids))
        )

    # ------------------------------------------------------------
    # Stays
    # ------------------------------------------------------------

    @api.model
    def _start_stays(self, visits, start_date=None, skip_past=False):
        """Start the clocks of open stays, in stages that have a time limit.

        :param datetime start_date: when each stay began, if not given
        :param bool skip_past: see :meth:`_start`
        """
        keys = self._get_host_keys()
        for stage, stays in visits.grouped("stage_id").items():
            for ids in split_every(BATCH, stays.ids if stage.sla_policy_id else ()):
                rows = [
                    {
                        **{key: visit[key].id for key in keys if key in visit._fields},
                        "visit_id": visit.id,
                        "stage_id": stage.id,
                        "owner_id": visit.owner_id.id,
                        "team_id": visit.team_id.id,
                        "company_id": visit.company_id.id,
                        "start_date": start_date or visit.entered_date,
                    }
                    for visit in visits.browse(ids)
                ]
                self._start("stage", stage.sla_policy_id, rows, skip_past)

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    def _get_pauses(self):
        """The pauses of one clock as moments."""
        self.ensure_one()
        read = fields.Datetime.to_datetime
        return [[read(begin), end and read(end)] for begin, end in self.pauses or []]

    def _group_by_clock(self):
        """Clocks that count alike: pairs of ``(limit, company)`` and clocks."""
        fallback = self.env.ref("base.main_company", raise_if_not_found=False)
        fallback = fallback or self.env.company
        return self.grouped(
            lambda t: (
                t.policy_id,
                t.policy_id.company_id
                or t.company_id
                or t.team_id.company_id
                or fallback,
            )
        ).items()

    def _group_by_pauses(self):
        return [
            (timers[0]._get_pauses(), timers)
            for timers in self.grouped(lambda t: str(t.pauses)).values()
        ]

    def _get_hosts(self, model_name):
        """The records of one model these clocks are about."""
        keys = [k for k, name in self._get_host_keys().items() if name == model_name]
        return self.env[model_name].union(*(self[key] for key in keys))

    def _invalidate_hosts(self):
        """What records show of their clocks is read anew."""
        for model_name in self._get_host_keys().values():
            names = {
                "lifecycle_timer_state",
                "lifecycle_deadline",
                "lifecycle_timer_explanation",
            }
            names &= self.env[model_name]._fields.keys()
            if names:
                self.env[model_name].invalidate_model(list(names), flush=False)

    def _schedule(self):
        """Let the cron come when the first of these clocks escalates.

        The invariant: it comes no later than the first moment of all clocks.
        """
        dates = [timer.next_event_date for timer in self if timer.next_event_date]
        if not dates:
            return
        others = self._get_running_domain() & Domain("next_event_date", "!=", False)
        others &= Domain("id", "not in", self.ids)
        first = self.search(others, order="next_event_date", limit=1).next_event_date
        if not first or min(dates) < first:
            self._trigger_cron(min(dates))

    @api.model
    def _trigger_cron(self, when=None):
        cron = self.env.ref(
            "crm_lifecycle.ir_cron_sla_escalate", raise_if_not_found=False
        )
        if cron:
            # sudo: users wake the cron by what they do
            cron.sudo()._trigger(when)


def _to_json(pauses):
    write = fields.Datetime.to_string
    return [[write(begin), end and write(end)] for begin, end in pauses]
