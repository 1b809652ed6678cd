from odoo import api, fields, models
from odoo.exceptions import ValidationError

MAX_DAYS = 36500


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    churn_silence_days = fields.Integer(
        "Alert after Days of Silence",
        aggregator=None,
        help="A customer in this stage who has not purchased for more than so many "
        "days raises a churn alert. Silence means no purchase: mails, calls and "
        "visits are not looked at. 0 raises none.",
    )

    _churn_silence_days_range = models.Constraint(
        f"CHECK (churn_silence_days BETWEEN 0 AND {MAX_DAYS})",
        "The days of silence lie between 0 (no alert) and 36,500.",
    )

    @api.constrains("phase", "churn_silence_days")
    def _check_churn_silence_phase(self):
        for stage in self.filtered(lambda s: s.churn_silence_days):
            if stage.phase != "customer":
                raise ValidationError(
                    self.env._(
                        "“%s” is a lead stage. Days of silence are for customer stages "
                        "only.",
                        stage.name,
                    )
                )

    @api.onchange("phase")
    def _onchange_phase_churn_silence_days(self):
        if self.phase != "customer":
            self.churn_silence_days = 0

    @api.model
    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "churn_silence_days"]

    @api.model
    def _get_definition_errors(self, values, phases):
        errors = super()._get_definition_errors(values, phases)
        if not isinstance(values, dict) or "churn_silence_days" not in values:
            return errors
        days = values["churn_silence_days"]
        name = values.get("key")
        if type(days) is not int or not 0 <= days <= MAX_DAYS:
            errors.append(
                self.env._(
                    "The days of silence of stage “%(stage)s” are not a number between "
                    "0 and %(max)s.",
                    stage=name,
                    max=MAX_DAYS,
                )
            )
        elif days and values.get("phase") != "customer":
            errors.append(
                self.env._(
                    "The stage “%s” is not a customer stage and has no days of "
                    "silence.",
                    name,
                )
            )
        return errors
