from datetime import datetime, time

import pytz

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.working_time import Period, WorkingTime, get_period_dates

LEAVE_FIELDS = {"date_from", "date_to", "calendar_id", "time_type", "resource_id"}


class ResourceCalendar(models.Model):
    """Working hours as the clocks count them."""

    _inherit = "resource.calendar"

    def _lifecycle_get_working_time(self, company):
        """The working hours of this calendar.

        :param company: whose public holidays count beside the calendar's own
        :return: :class:`~..tools.working_time.WorkingTime`
        """
        self.ensure_one()
        calendar = self.sudo()  # sudo: a clock runs whoever looks at it
        company_id = (calendar.company_id or company).id
        return WorkingTime(
            lambda index: calendar._lifecycle_get_period(index, company_id),
            pytz.timezone(calendar.tz or "UTC"),
        )

    @tools.ormcache("self.id", "index", "company_id")
    def _lifecycle_get_period(self, index, company_id):
        """One period of working hours; kept until a calendar or a holiday changes."""
        # the zone of whoever asks does not matter
        self = self.with_context(employee_timezone=None)
        zone = pytz.timezone(self.tz or "UTC")
        start, end = (
            zone.localize(datetime.combine(day, time.min))
            for day in get_period_dates(index)
        )
        domain = [
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "=", self.id),
            ("company_id", "in", [False, company_id]),
        ]
        intervals = self._work_intervals_batch(start, end, domain=domain)[False]
        leaves = self._leave_intervals_batch(start, end, domain=domain)[False]
        return Period(
            _to_utc(start),
            _to_utc(end),
            [(_to_utc(begin), _to_utc(stop)) for begin, stop, _meta in intervals],
            {begin.date() for begin, _stop, _meta in intervals},
            [
                (begin.date(), stop.date(), ", ".join(leave.mapped("name") or [""]))
                for begin, stop, leave in leaves
            ],
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - {"name", "active"}:
            self._lifecycle_hours_changed()
        return result

    def _lifecycle_hours_changed(self):
        """Let the clocks that follow these calendars be planned anew; empty for all."""
        self.env.registry.clear_cache()
        # sudo: clocks run for everybody, whoever enters a holiday
        policies = self.env["crm.sla.policy"].sudo()
        domain = Domain("counting", "=", "company")
        if self:
            domain |= Domain("resource_calendar_id", "in", self.ids)
        else:
            domain |= Domain("resource_calendar_id", "!=", False)
        policies.search(domain)._plan_later()


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._lifecycle_hours_changed()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._lifecycle_hours_changed()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars.exists()._lifecycle_hours_changed()
        return result


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._lifecycle_holidays_changed()
        return leaves

    def write(self, vals):
        relevant = vals.keys() & LEAVE_FIELDS
        if relevant:
            self._lifecycle_holidays_changed()  # where it was
        result = super().write(vals)
        if relevant:
            self._lifecycle_holidays_changed()
        return result

    def unlink(self):
        self._lifecycle_holidays_changed()
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _lifecycle_holidays_changed(self):
        """Public holidays matter to the clocks; the leaves of one person do not."""
        public = self.filtered(lambda leave: not leave.resource_id)
        if not public:
            return
        if all(leave.calendar_id for leave in public):
            public.calendar_id._lifecycle_hours_changed()
        else:
            self.env["resource.calendar"]._lifecycle_hours_changed()


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            # sudo: clocks run for everybody
            policies = self.env["crm.sla.policy"].sudo()
            policies.search([("counting", "=", "company")])._plan_later()
        return result


def _to_utc(moment):
    return fields.Datetime.to_datetime(moment.astimezone(pytz.utc).replace(tzinfo=None))
