from ast import literal_eval
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.purchase_condition import parse_purchase_condition


class CrmLifecycleTransition(models.Model):
    """Automatic moves of customers, remembered: every confirmed order asks for them."""

    _inherit = "crm.lifecycle.transition"

    @api.model
    @tools.ormcache()
    def _get_customer_conditions(self):
        """What the automatic moves from a stage ask about purchases.

        :return: ``{stage id: [PurchaseCondition]}``, with ``None`` for a condition
            that asks anything else
        """
        result = defaultdict(list)
        for move in self.env["res.partner"]._lifecycle_get_auto_moves():
            domain = Domain(literal_eval(move.domain or "[]"))
            result[move.source_id.id].append(parse_purchase_condition(list(domain)))
        return dict(result)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    def write(self, vals):
        if vals.keys() & {"state", "active"}:
            self.env.registry.clear_cache()
        return super().write(vals)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _lifecycle_filter_movable(self):
        """Customers whom an automatic move may take on, by their purchases.

        Spares the search for everybody else, whose moves only ask for purchases they
        have not made, or for a silence that has just ended.
        """
        conditions = self.env["crm.lifecycle.transition"]._get_customer_conditions()
        return self.filtered(
            lambda customer: any(
                condition is None or customer._lifecycle_may_meet(condition)
                for condition in conditions.get(customer.lifecycle_stage_id.id, ())
            )
        )

    def _lifecycle_may_meet(self, condition):
        """Whether a condition can hold; days are judged with one to spare, as they end
        at different hours in different time zones."""
        count = self.lifecycle_purchase_count
        if not condition.count_min <= count <= condition.count_max:
            return False
        now = fields.Datetime.now()
        return self._lifecycle_is_before(
            self.lifecycle_last_purchase_date, condition.silent_days, now
        ) and self._lifecycle_is_before(
            self.lifecycle_first_purchase_date, condition.known_days, now
        )

    @api.model
    def _lifecycle_is_before(self, date, days, now):
        """Whether ``date`` may be more than ``days`` ago; any is when ``None``."""
        if days is None:
            return True
        return bool(date) and date < now - timedelta(days=days - 1)
