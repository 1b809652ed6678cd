from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from odoo.addons.base_automation.models.base_automation import DATE_RANGE


class BaseAutomation(models.Model):
    """Reminders: automation rules that miss nobody.

    A rule with a date finds a record in the one run in which its moment passes. A
    quotation that is written two days before it expires has no such moment. A
    reminder looks again, and its condition says who has been reminded already.
    """

    _inherit = "base.automation"

    lifecycle_catch_up = fields.Selection(
        [
            ("changed", "Records changed since the last run"),
            ("new", "Records made since the rule exists"),
            ("all", "All records"),
        ],
        "Look Again at",
        help="Records whose moment has passed already are looked at once more at each "
        "run. The condition of the rule has to leave out those that are done.",
    )
    lifecycle_purpose = fields.Text("What It Does", translate=True)

    def action_lifecycle_switch(self):
        """Switch reminders on or off; also for process managers.

        What a rule does may still be changed by administrators alone.

        :raise AccessError: for everybody else, and for other rules
        """
        manager = self.env.user.has_group("crm_lifecycle.group_crm_lifecycle_manager")
        self.check_access("read")
        # sudo: who may switch is asked here
        rules = self.sudo()
        if not manager or not all(rules.mapped("lifecycle_catch_up")):
            raise AccessError(
                self.env._("Process managers switch reminders on or off.")
            )
        for rule in rules:
            rule.active = not rule.active

    def _search_time_based_automation_records(self, *, until):
        records = super()._search_time_based_automation_records(until=until)
        if not self.lifecycle_catch_up:
            return records
        return records | self.env[self.model_name].search(
            self._get_lifecycle_passed_domain(until)
        )

    def _get_lifecycle_passed_domain(self, until):
        """The records to look at again: their moment has passed by ``until`` (UTC)."""
        sign = 1 if self.trg_date_range_mode == "before" else -1
        moment = until + DATE_RANGE[self.trg_date_range_type] * (
            sign * self.trg_date_range
        )
        if self.trg_date_id.ttype == "date":
            moment = moment.date()
        domain = Domain(self.trg_date_id.name, "<=", moment)
        if self.lifecycle_catch_up == "changed":
            domain &= Domain("write_date", ">=", self.last_run or self.create_date)
        elif self.lifecycle_catch_up == "new":
            domain &= Domain("create_date", ">=", self.create_date)
        if self.filter_domain:
            context = self._get_eval_context()
            domain &= Domain(safe_eval(self.filter_domain, context))
        return domain
