from odoo import api, fields, models
from odoo.tools import format_date, format_datetime

SHOWN = 5  # free days named one by one


class CrmSlaTimer(models.Model):
    """Telling people why a clock is due when it is, in their words and time zone."""

    _inherit = "crm.sla.timer"

    explanation = fields.Text(compute="_compute_explanation")

    @api.depends("trace", "deadline", "done_date", "pauses")
    @api.depends_context("lang", "tz", "uid")
    def _compute_explanation(self):
        for timer in self:
            timer.explanation = timer._get_explanation()

    def _get_explanation(self):
        """Why one clock is due when it is.

        :return: a few sentences in the language and time zone of the environment
        """
        self.ensure_one()
        trace = self.trace or {}
        values = {
            "hours": f"{self.target_hours:g}",
            "start": self._format_moment(self.start_date),
        }
        if trace.get("calendar"):
            text = self.env._("%(hours)s working hours from %(start)s", **values)
        else:
            text = self.env._("%(hours)s hours from %(start)s", **values)
        if skipped := self._get_skipped_text(trace.get("skipped") or {}):
            text = self.env._(
                "%(text)s, %(skipped)s skipped", text=text, skipped=skipped
            )
        sentences = [f"{text}.", *self._get_pause_texts(), self._get_end_text()]
        if trace.get("calendar"):
            sentences.append(
                self.env._(
                    "Working hours: %(calendar)s (%(tz)s).",
                    calendar=trace["calendar"],
                    tz=trace["tz"],
                )
            )
        return " ".join(filter(None, sentences))

    def _get_end_text(self):
        self.ensure_one()
        if self.done_date:
            return self.env._(
                "Ended on %(moment)s after %(hours)s hours.",
                moment=self._format_moment(self.done_date),
                hours=f"{round(self.hours, 1):g}",
            )
        if self.deadline:
            return self.env._("Due on %s.", self._format_moment(self.deadline))
        if self.paused_date:
            return self.env._("It goes on when the pause ends.")
        return self.env._(
            "There is no working time in which it could end: look at the working hours."
        )

    def _get_pause_texts(self):
        texts = []
        for begin, end in self._get_pauses():
            values = {"begin": self._format_moment(begin)}
            if end:
                values["end"] = self._format_moment(end)
                texts.append(self.env._("Paused from %(begin)s to %(end)s.", **values))
            else:
                texts.append(self.env._("Paused since %(begin)s.", **values))
        return texts[-SHOWN:]

    def _get_skipped_text(self, skipped):
        """What was skipped, as in “weekend, 1 May (Labour Day)”."""
        parts = []
        if skipped.get("weekend"):
            parts.append(
                self.env._("weekend")
                if skipped["weekend"] <= 2
                else self.env._("%s weekend days", skipped["weekend"])
            )
        for first, last, name in skipped.get("leaves", []):
            days = self._format_day(first)
            if last != first:
                days = f"{days} – {self._format_day(last)}"
            parts.append(f"{days} ({name})" if name else days)
        days = skipped.get("days", [])
        parts += [self._format_day(day) for day in days[:SHOWN]]
        if len(days) > SHOWN:
            parts.append(self.env._("%s other free days", len(days) - SHOWN))
        return ", ".join(parts)

    def _format_moment(self, moment):
        zone = str(self.env.tz)  # of the context before that of the user
        return format_datetime(self.env, moment, zone, "EEE d MMM y HH:mm")

    def _format_day(self, day):
        return format_date(self.env, day, date_format="d MMM")
