from collections import Counter
from math import inf

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

BATCH = 500
DUE_DAYS = 7  # until when an owner should have completed the data
AT_MOST = 20  # tasks of this kind that the weekly run leaves open for one person
# hosts in their order; a row's id is that of its record times their number
PLACES = {"res.partner": 0, "crm.lead": 1}
ROWS = """
    (WITH gap AS MATERIALIZED (
        SELECT id, string_agg(code, ',' ORDER BY place) AS codes, count(*)::int AS count
          FROM (%(found)s) AS found GROUP BY id
     )
     SELECT r.id * %(hosts)s + %(place)s AS id, %(model)s AS res_model, r.id AS res_id,
            r.%(name)s AS name, p.id AS partner_id, r.user_id, r.company_id,
            p.customer_tier_id, gap.codes, gap.count AS gap_count,
            task.user_id AS activity_user_id, task.date_deadline AS activity_date
       FROM gap
       JOIN %(table)s r ON r.id = gap.id
       LEFT JOIN res_partner p ON p.id = r.%(partner)s
       LEFT JOIN LATERAL (
            SELECT a.user_id, a.date_deadline FROM mail_activity a
             WHERE a.res_model = %(model)s AND a.res_id = r.id AND a.active
               AND a.activity_type_id = %(kind)s
             ORDER BY a.date_deadline, a.id LIMIT 1) AS task ON TRUE)
"""


class CrmDataGap(models.Model):
    """Customers and leads with missing or doubtful data, and who repairs them by when.

    Not a table: each row is found when it is looked at, by the rules of
    ``_lifecycle_get_data_gaps``, among the records the user may see.
    """

    _name = "crm.data.gap"
    _description = "Data to Complete"
    _auto = False
    _order = "activity_date, id"

    name = fields.Char(readonly=True)
    res_model = fields.Selection(
        [("res.partner", "Customer"), ("crm.lead", "Lead")], "Kind", readonly=True
    )
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    customer_tier_id = fields.Many2one("crm.customer.tier", "Tier", readonly=True)
    customer_tier_color = fields.Integer(related="customer_tier_id.color")
    codes = fields.Char(readonly=True)
    gap_count = fields.Integer("Gaps", readonly=True)
    reasons = fields.Char("What is Missing", compute="_compute_reasons")
    activity_user_id = fields.Many2one("res.users", "Repairs It", readonly=True)
    activity_date = fields.Date("By", readonly=True)

    # ------------------------------------------------------------
    # The rows
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            self._get_rows_query(name) for name in PLACES if self._may_read(name)
        )

    @api.model
    def _may_read(self, model_name):
        return self.env[model_name].has_access("read")

    @api.model
    def _get_rows_query(self, model_name):
        """The rows of one host, among the records the user may see.

        Each reason is looked for on its own, once, whatever is asked of the list.
        """
        host = self.env[model_name]
        checked = Domain(host._lifecycle_get_checked_domain())
        found = [
            SQL(
                "SELECT id, %s AS code, %s AS place FROM %s AS found (id)",
                code,
                place,
                host._search(domain & checked).subselect(),
            )
            for place, (code, (_text, domain)) in enumerate(
                host._lifecycle_get_data_gaps().items()
            )
        ]
        is_customer = not PLACES[model_name]
        return SQL(
            ROWS,
            found=SQL(" UNION ALL ").join(found),
            hosts=len(PLACES),
            place=PLACES[model_name],
            model=model_name,
            table=SQL.identifier(host._table),
            name=SQL.identifier("complete_name" if is_customer else "name"),
            partner=SQL.identifier("id" if is_customer else "partner_id"),
            kind=self._get_activity_type().id,
        )

    @api.model
    def _get_activity_type(self):
        return self.env.ref("crm_lifecycle.mail_activity_type_data")

    @api.depends("codes")
    @api.depends_context("lang")
    def _compute_reasons(self):
        texts = {
            name: {
                code: text
                for code, (text, _domain) in self.env[name]
                ._lifecycle_get_data_gaps()
                .items()
            }
            for name in PLACES
        }
        for gap in self:
            known = texts.get(gap.res_model, {})
            codes = (gap.codes or "").split(",")
            gap.reasons = ", ".join(known.get(code, code) for code in codes)

    def _get_records(self):
        """The records of the rows: ``{model name: records}``."""
        return {
            name: self.env[name].browse(gaps.mapped("res_id"))
            for name, gaps in self.grouped("res_model").items()
        }

    # ------------------------------------------------------------
    # Repairing
    # ------------------------------------------------------------

    def action_open_record(self):
        """Open the customer or lead to complete it."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()

    def action_ask(self):
        """Ask who answers for each record to complete it within a week, once.

        The salesperson, or who else is responsible where the record stands.
        """
        self.check_access("read")
        # sudo: tasks for others
        self.sudo()._ask()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _ask(self, at_most=inf):
        """Ask for what nobody is asked for yet.

        :param at_most: how many open tasks of this kind it leaves to one person
        """
        kind = self._get_activity_type()
        tasks = self._count_tasks(kind)
        date = fields.Date.add(fields.Date.context_today(self), days=DUE_DAYS)
        reasons = {(gap.res_model, gap.res_id): gap.reasons for gap in self}
        for name, records in (
            self.filtered(lambda gap: not gap.activity_date)._get_records().items()
        ):
            records._lifecycle_schedule(
                [
                    {
                        "res_id": record.id,
                        "activity_type_id": kind.id,
                        "summary": reasons[name, record.id],
                        "user_id": user.id,
                        "date_deadline": date,
                    }
                    for record, user in self._pick_people(records, tasks, at_most)
                ]
            )

    @api.model
    def _count_tasks(self, kind):
        """How many open tasks of a kind each person has: ``Counter`` of users."""
        groups = self.env["mail.activity"]._read_group(
            [("activity_type_id", "=", kind.id)], ["user_id"], ["__count"]
        )
        return Counter(dict(groups))

    @api.model
    def _pick_people(self, records, tasks, at_most):
        """Whom to ask about which record; ``tasks`` counts what is added."""
        for record, user in records._lifecycle_pick_responsible().items():
            if user and tasks[user] < at_most:
                tasks[user] += 1
                yield record, user

    @api.model
    def _cron_ask(self):
        """Weekly, where it is switched on: ask for what nobody is asked for, each
        person for some at a time."""
        commit_progress = self.env["ir.cron"]._commit_progress
        gaps = self.search([("activity_date", "=", False)])
        commit_progress(remaining=len(gaps))
        for ids in split_every(BATCH, gaps.ids):
            self.browse(ids)._ask(AT_MOST)
            if not commit_progress(len(ids)):
                return

    @api.model
    def _close_repaired(self):
        """What nothing is missing of any more is done; nightly."""
        kind = self._get_activity_type()
        activities = self.env["mail.activity"].search(
            Domain("activity_type_id", "=", kind.id)
            & Domain("res_model", "in", list(PLACES))
        )
        if not activities:
            return
        missing = self.search([("activity_date", "!=", False)])
        waiting = {(gap.res_model, gap.res_id) for gap in missing}
        activities.filtered(
            lambda a: (a.res_model, a.res_id) not in waiting
        ).action_feedback(feedback=self.env._("The data are complete."))


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    data_gap_count = fields.Integer(
        compute="_compute_data_gap_count",
        groups="crm_lifecycle.group_crm_lifecycle_user",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_data_gap_count(self):
        self.data_gap_count = self.env["crm.data.gap"].search_count([])

    def action_view_data_gaps(self):
        """What is to be completed, of all processes."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_data_gap_action"
        )
