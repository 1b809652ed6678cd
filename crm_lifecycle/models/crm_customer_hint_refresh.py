import logging

from odoo import api, models
from odoo.tools import SQL

from .crm_customer_hint_query import COLUMNS

_logger = logging.getLogger(__name__)

BATCH = 20000
AT_ONCE = 50000  # order lines that are looked at while somebody waits
TODO = SQL("crm_customer_hint_todo")


class CrmCustomerHint(models.Model):
    """Bringing the hints up to date; what somebody has decided on stays."""

    _inherit = "crm.customer.hint"

    @api.model
    def _cron_refresh(self):
        """Nightly: find all hints anew; rows that do not change are not written."""
        self._refresh(self.env["ir.cron"]._commit_progress)

    @api.model
    def _refresh(self, commit=None):
        """Find all hints anew, and write what differs, batch by batch.

        What somebody has decided on stays.

        :param commit: called after each batch with the number of rows, like
            ``ir.cron._commit_progress``; what returns 0 stops the run
        :return: whether all is done
        """
        self.env.flush_all()
        count = self._collect_changes()
        if commit:
            commit(remaining=count)
        for start in range(0, count, BATCH):
            self._write_changes(start // BATCH)
            if commit and not commit(min(BATCH, count - start)):
                return False
        self.env.cr.execute(SQL("DROP TABLE %s", TODO))
        self.invalidate_model()
        if count:
            _logger.info("Cross-sell hints: %s rows changed", count)
        return True

    @api.model
    def _collect_changes(self):
        """A temporary table of the rows that have to be written; how many there are."""
        metrics = self.env["crm.customer.metrics"]
        metrics._set_planner()
        self._collect_hints()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TODO))
        self.env.cr.execute(
            SQL(
                """
    CREATE TEMP TABLE %(todo)s AS
    SELECT ((row_number() OVER () - 1) / %(batch)s)::int AS batch, m.id AS hint_id, f.*
      FROM crm_customer_hint_found f FULL JOIN crm_customer_hint m
        ON m.partner_id = f.partner_id AND m.company_id = f.company_id
       AND m.product_tmpl_id = f.product_tmpl_id
     WHERE m.id IS NULL OR f.partner_id IS NULL AND m.state = 'open'
        OR f.partner_id IS NOT NULL AND (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                todo=TODO,
                batch=BATCH,
                **metrics._get_column_lists(COLUMNS, "m", "f"),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _write_changes(self, batch):
        lists = self.env["crm.customer.metrics"]._get_column_lists(COLUMNS, "m", "f")
        self.env.cr.execute(
            SQL(
                """
    WITH f AS MATERIALIZED (
        SELECT * FROM %(todo)s WHERE batch = %(batch)s
    ), changed AS (
        UPDATE crm_customer_hint m SET %(assign)s
          FROM f WHERE m.id = f.hint_id AND f.partner_id IS NOT NULL
    ), added AS (
        INSERT INTO crm_customer_hint (partner_id, company_id, product_tmpl_id, state,
                                       %(names)s)
        SELECT f.partner_id, f.company_id, f.product_tmpl_id, 'open', %(new)s
          FROM f JOIN res_partner p ON p.id = f.partner_id
          JOIN product_template t ON t.id = f.product_tmpl_id
         WHERE f.hint_id IS NULL ORDER BY f.partner_id
            ON CONFLICT DO NOTHING
    )
    DELETE FROM crm_customer_hint m
     USING f WHERE m.id = f.hint_id AND f.partner_id IS NULL AND m.state = 'open'
                """,
                todo=TODO,
                batch=batch,
                **lists,
            )
        )

    @api.model
    def action_refresh(self):
        """Find the hints anew now, or soon where there are many orders."""
        self.env["crm.customer.tier"].check_access("write")  # process managers
        lines = self.env["sale.order.line"].sudo()  # sudo: of every company
        if lines.search_count([], limit=AT_ONCE + 1) > AT_ONCE:
            cron = self.env.ref("crm_lifecycle.ir_cron_customer_hint_refresh")
            cron.sudo()._trigger()  # sudo: wakes it, no more
            message = self.env._("The hints are being looked for.")
        else:
            self.sudo()._refresh()  # sudo: hints are written by the engine alone
            message = self.env._("The hints are up to date.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
