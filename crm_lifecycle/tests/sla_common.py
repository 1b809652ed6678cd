from datetime import datetime

from .common import LifecycleCommon

FRIDAY = datetime(2026, 4, 24, 14)  # 16:00 in Brussels, a week before Labour Day


class SlaCommon(LifecycleCommon):
    """A limit of 24 working hours on the stage of new leads, Brussels time.

    The levels: the owner eight hours before, the team leader at the deadline, the
    sales manager by mail a working day later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office hours", "tz": "Europe/Brussels", "company_id": False}
        )
        cls.policy = cls._new_policy("Answer in time")
        cls.level_owner, cls.level_leader, cls.level_manager = cls.policy.level_ids
        nodes = cls.process.stage_ids
        cls.stage = nodes.filtered(lambda s: s.crm_stage_id == cls.pipeline_new)
        cls.next_stage = nodes.filtered(
            lambda s: s.crm_stage_id == cls.pipeline_qualified
        )
        cls._set_limit(cls.stage, cls.policy)

    @classmethod
    def _new_policy(cls, name, **values):
        levels = (
            {"delay": 8, "direction": "before", "recipient": "owner"},
            {"delay": 0, "recipient": "leader"},
            {
                "delay": 8,
                "recipient": "user",
                "user_id": cls.manager.id,
                "action": "mail",
            },
        )
        return cls.env["crm.sla.policy"].create(
            {
                "name": name,
                "counting": "calendar",
                "resource_calendar_id": cls.calendar.id,
                "hours": 24,
                "warning_percent": 75,
                "level_ids": [
                    (0, 0, {"sequence": number, **level})
                    for number, level in enumerate(levels)
                ],
                **values,
            }
        )

    @classmethod
    def _set_limit(cls, stage, policy):
        # sudo: the definition of a running process is frozen
        stage.sudo().sla_policy_id = policy

    @classmethod
    def _new_holiday(cls, first, last, **values):
        return cls.env["resource.calendar.leaves"].create(
            {
                "name": "Labour Day",
                "calendar_id": cls.calendar.id,
                "date_from": first,
                "date_to": last,
                **values,
            }
        )

    @classmethod
    def _timers(cls, records, running=True):
        timers = cls.env["crm.sla.timer"]
        domain = timers._get_running_domain() if running else []
        key = records._lifecycle_visit_key
        return timers.search([*domain, (key, "in", records.ids)], order="id")

    def _escalate(self):
        """Run the scheduled action as Odoo does."""
        with self.enter_registry_test_mode():
            self.env.ref("crm_lifecycle.ir_cron_sla_escalate").method_direct_trigger()
        self.env.invalidate_all()

    def _activities(self, records):
        return self.env["mail.activity"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)],
            order="id",
        )
