from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

from ..tools.settings import get_number

KEPT_HOURS = 24


class CrmFeedbackIntakeLog(models.Model):
    """How often somebody came through a public door of late, to keep floods out.

    Addresses are kept as a keyed hash for a day: enough to count, not to look up.
    """

    _name = "crm.feedback.intake.log"
    _description = "Log of Public Feedback Pages"
    _order = "id desc"
    _log_access = False

    key = fields.Char(required=True, index=True)
    date = fields.Datetime(required=True, index=True, default=fields.Datetime.now)

    @api.model
    def _let_in(self, **visitors):
        """Count a visit, unless one of its marks has been seen too often in an hour.

        :param visitors: ``{name of the limit: mark}``, e.g. ``address="192.0.2.1"``;
            an empty mark is not counted
        :return: whether it may come in
        """
        # sudo: nobody reads this log
        log = self.sudo()
        since = fields.Datetime.now() - timedelta(hours=1)
        keys = {
            name: hmac(log.env, "crm_feedback.intake", f"{name}:{mark}")
            for name, mark in visitors.items()
            if mark
        }
        counts = dict(
            log._read_group(
                [("key", "in", list(keys.values())), ("date", ">=", since)],
                ["key"],
                ["__count"],
            )
        )
        for name, key in keys.items():
            if counts.get(key, 0) >= get_number(self.env, f"limit_{name}"):
                return False
        log.create([{"key": key} for key in keys.values()])
        return True

    @api.autovacuum
    def _gc_old(self):
        """Forget who came a day ago."""
        before = fields.Datetime.now() - timedelta(hours=KEPT_HOURS)
        self.sudo().search([("date", "<", before)]).unlink()  # sudo: as above
