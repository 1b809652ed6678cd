from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.settings import DEFAULTS

NUMBERS = {f"feedback_{name}": name for name in DEFAULTS}


def _number(name, label, **more):
    """A whole number that is kept as a system parameter."""
    return fields.Integer(
        label,
        config_parameter=f"crm_feedback.{name}",
        default=DEFAULTS[name],
        **more,
    )


class ResConfigSettings(models.TransientModel):
    """How customers are asked, and what public pages let in."""

    _inherit = "res.config.settings"

    feedback_url = fields.Char(related="company_id.feedback_url")
    feedback_skip_confirmation = fields.Boolean(
        "Do not ask customers whether it is solved",
        config_parameter="crm_feedback.skip_confirmation",
    )
    feedback_close_without_cause = fields.Boolean(
        "Complaints may be closed without a root cause",
        config_parameter="crm_feedback.close_without_cause",
    )
    feedback_skip_revisit = fields.Boolean(
        "No call is planned after a complaint",
        config_parameter="crm_feedback.skip_revisit",
    )
    feedback_skip_monthly = fields.Boolean(
        "No monthly report is mailed", config_parameter="crm_feedback.skip_monthly"
    )
    feedback_remind_days = _number("remind_days", "Reminder After (Days)")
    feedback_silence_days = _number("silence_days", "No Answer After (Days More)")
    feedback_link_days = _number("link_days", "Links Hold for (Days)")
    feedback_revisit_days = _number("revisit_days", "Call Again After (Days)")
    feedback_effect_days = _number("effect_days", "Look at the Effect After (Days)")
    feedback_limit_address = _number("limit_address", "Posts per Hour from One Address")
    feedback_limit_mail = _number("limit_mail", "Posts per Hour with One E-mail")
    feedback_file_count = _number("file_count", "Files per Post")
    feedback_file_megabytes = _number("file_megabytes", "Size of a File (MB)")
    feedback_quiet_days = _number("quiet_days", "Quiet Days Between Two Surveys")
    feedback_spread_size = _number(
        "spread_size",
        "Answers Before a Figure of a Person Is Shown",
    )

    @api.constrains(*NUMBERS)
    def _check_feedback_numbers(self):
        for settings in self:
            for name in NUMBERS:
                if not 1 <= settings[name] <= 10000:
                    label = self._fields[name]._description_string(self.env)
                    raise ValidationError(
                        self.env._("“%s” takes a number from 1 to 10000.", label)
                    )
