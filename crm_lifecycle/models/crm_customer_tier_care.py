import logging

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

BATCH = 200
CARE_DUE = """
    WITH task AS (
        SELECT a.res_id, a.user_id, a.active, a.create_date
          FROM mail_activity a
         WHERE a.res_model = 'res.partner' AND a.activity_type_id = ANY(%(types)s)
           AND (a.active OR a.create_date > %(since)s)
    ), today AS (
        SELECT user_id, count(DISTINCT res_id) AS count
          FROM task WHERE create_date >= %(today)s GROUP BY user_id
    ), due AS (
        SELECT p.id, p.user_id, COALESCE(sum(m.revenue_12m), 0) AS revenue
          FROM res_partner p
          JOIN res_users u ON u.id = p.user_id AND u.active
          LEFT JOIN crm_customer_metrics m ON m.partner_id = p.id
         WHERE p.customer_tier_id = %(tier)s AND p.active
           AND p.commercial_partner_id = p.id
           AND NOT EXISTS (SELECT FROM task WHERE task.res_id = p.id)
         GROUP BY p.id, p.user_id
        HAVING COALESCE(max(m.last_contact_date), p.create_date) <= %(since)s
    )
    SELECT id FROM (
        SELECT due.*, row_number() OVER (PARTITION BY due.user_id
                                         ORDER BY revenue DESC, id)
                      + COALESCE(today.count, 0) AS number
          FROM due LEFT JOIN today ON today.user_id = due.user_id) AS ranked
     WHERE %(most)s = 0 OR number <= %(most)s
     ORDER BY user_id, number
"""


class CrmCustomerTier(models.Model):
    """Periodic care: who has not been in touch for long enough gets the plan's steps.

    Not more than so many customers per salesperson and day, those of the first tier
    and of the highest revenue first: what results is the list of whom to call.
    """

    _inherit = "crm.customer.tier"

    care_plan_id = fields.Many2one(
        "mail.activity.plan",
        "Care Plan",
        domain="[('res_model', '=', 'res.partner')]",
        ondelete="restrict",
        help="What the salesperson is asked to do periodically.",
    )
    care_days = fields.Integer(
        "Days Between",
        default=30,
        help="So long after the last contact in either direction, whatever it was.",
    )
    care_daily_max = fields.Integer(
        "Customers per Day at Most",
        default=5,
        help="For each salesperson, so that nobody finds a hundred tasks one morning; "
        "0 for any number.",
    )

    _care_positive = models.Constraint(
        "CHECK (care_days >= 0 AND care_daily_max >= 0)",
        "Days and customers of the care plan cannot be negative.",
    )

    @api.constrains("care_plan_id", "care_days")
    def _check_care_plan(self):
        for tier in self.filtered("care_plan_id"):
            if not tier.care_days:
                raise ValidationError(
                    self.env._(
                        "Say how many days after the last contact the care plan of "
                        "“%s” begins.",
                        tier.name,
                    )
                )
            if tier.care_plan_id.res_model != "res.partner":
                raise ValidationError(
                    self.env._(
                        "“%s” is not a plan for contacts.", tier.care_plan_id.name
                    )
                )

    @api.model
    def _cron_care(self):
        """Nightly: schedule what is due; resumable, one bad customer stops nobody.

        :return: whether all is done
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        customers = self.env["res.partner"]
        for tier in self.search([("care_plan_id", "!=", False)]):
            ids = tier._find_care_due()
            commit_progress(remaining=len(ids))
            for batch in split_every(BATCH, ids):
                tier._start_care(customers.browse(batch))
                if not commit_progress(len(batch)):
                    return False
        return True

    def _start_care(self, customers):
        """Schedule the steps of the plan for the salesperson of each customer."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                customers._lifecycle_schedule(
                    [
                        step._lifecycle_prepare_activity(customer, customer.user_id)
                        for customer in customers
                        for step in self.care_plan_id.template_ids
                    ]
                )
        except Exception as error:
            if len(customers) == 1:
                name = customers.display_name
                _logger.warning(
                    "Care plan of %s: %s skipped: %s", self.name, name, error
                )
                return
            for customer in customers:
                self._start_care(customer)

    def _find_care_due(self):
        """The customers whose turn it is, in the order of their worth.

        Somebody whose steps are still open, or were planned within the interval, is
        not asked for a second time.

        :return: ids of commercial partners
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                CARE_DUE,
                types=self.care_plan_id.template_ids.activity_type_id.ids,
                since=fields.Datetime.subtract(
                    fields.Datetime.now(), days=self.care_days
                ),
                today=fields.Datetime.now().replace(hour=0, minute=0, second=0),
                tier=self.id,
                most=self.care_daily_max,
            )
        )
        return [row[0] for row in rows]
