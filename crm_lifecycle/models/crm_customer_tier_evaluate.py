import logging

from odoo import api, fields, models
from odoo.tools import SQL

from .crm_customer_tier import TIER_FIELDS

_logger = logging.getLogger(__name__)

BATCH = 5000  # customers moved in one transaction
AT_ONCE = 20000  # customers looked at while somebody waits
TODO = SQL("crm_customer_tier_todo")
WRITE_DECISIONS = """
    WITH todo AS MATERIALIZED (%(decisions)s), family AS MATERIALIZED (
        SELECT p.id, todo.id AS customer_id, todo.new_id, todo.lock_ended
          FROM res_partner p JOIN todo ON todo.id = p.commercial_partner_id
         WHERE p.id != todo.id OR p.customer_tier_id IS NOT DISTINCT FROM todo.old_id
           AND (todo.new_id IS DISTINCT FROM todo.old_id OR todo.lock_ended)
           FOR NO KEY UPDATE OF p SKIP LOCKED
    ), moved AS (
        UPDATE res_partner p
           SET customer_tier_id = family.new_id, write_date = %(now)s,
               customer_tier_lock_date = CASE WHEN family.lock_ended THEN NULL
                                              ELSE p.customer_tier_lock_date END,
               customer_tier_lock_reason = CASE WHEN family.lock_ended THEN NULL
                                                ELSE p.customer_tier_lock_reason END
          FROM family
         WHERE family.id = p.id
           AND (p.customer_tier_id IS DISTINCT FROM family.new_id
                OR family.lock_ended AND p.id = family.customer_id)
        RETURNING p.id
    ), watched AS (
        INSERT INTO crm_customer_tier_watch (partner_id, date)
        SELECT id, %(today)s FROM todo WHERE waits AND NOT is_watched
            ON CONFLICT DO NOTHING
    ), forgotten AS (
        DELETE FROM crm_customer_tier_watch w USING todo
         WHERE w.partner_id = todo.id AND todo.is_watched AND NOT todo.waits
    )
    INSERT INTO crm_customer_tier_change
                (partner_id, previous_id, tier_id, date, origin, user_id, figures)
    SELECT todo.id, old_id, new_id, %(now)s,
           CASE WHEN figures -> 'companies' IS NULL THEN 'gone'
                WHEN lock_ended THEN 'unlocked'
                WHEN old_id IS NULL THEN 'first' ELSE %(origin)s END,
           %(uid)s, figures
      FROM todo JOIN moved ON moved.id = todo.id
     WHERE new_id IS DISTINCT FROM old_id
     ORDER BY todo.id
    RETURNING id
"""


class CrmCustomerTierWatch(models.Model):
    """Since when a customer has not fitted its tier any more: its days of grace run.

    Beside the customer, so that no customer is written for it.
    """

    _name = "crm.customer.tier.watch"
    _description = "Customer in the Days of Grace"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date("Since", required=True, readonly=True)

    _partner_uniq = models.UniqueIndex("(partner_id)")


class CrmCustomerTier(models.Model):
    """Moving customers to the tier that is theirs; who stays is not written."""

    _inherit = "crm.customer.tier"

    # ------------------------------------------------------------
    # When
    # ------------------------------------------------------------

    @api.model
    def _cron_evaluate(self):
        """Nightly, after the facts.

        :return: whether all is done; if not, the next run goes on
        """
        return self._evaluate_all(self.env["ir.cron"]._commit_progress)

    @api.model
    def _evaluate(self, partner_ids, origin="auto"):
        """Evaluate some customers now: one statement, and nothing without tiers.

        Shares are those measured in the last full evaluation.

        :param partner_ids: commercial partners
        :param str origin: see ``crm.customer.tier.change.origin``
        :return: the ``crm.customer.tier.change`` it made
        """
        rules = self._get_rules()
        changes = self.env["crm.customer.tier.change"]
        if not rules or not partner_ids:
            return changes
        self.env.flush_all()
        now = fields.Datetime.now()
        decisions = self._get_decision_query(rules, now.date(), partner_ids)
        return self._write_decisions(decisions, now, origin)

    @api.model
    def _evaluate_all(self, commit=None, now=None):
        """Evaluate every customer: decide in one pass, then move them batch by batch.

        :param commit: called after each batch with the number of customers, like
            ``ir.cron._commit_progress``; what returns 0 stops the run, which goes on
            the next time
        :param now: the moment it is evaluated for, as the facts are
        :return: whether all is done
        """
        self.env.flush_all()
        now = now or fields.Datetime.now()
        self._learn_sizes()
        self._remember_cutoffs(now.date())
        count = self._collect_decisions(now.date())
        if commit:
            commit(remaining=count)
        for start in range(0, count, BATCH):
            batch = SQL("SELECT * FROM %s WHERE batch = %s", TODO, start // BATCH)
            self._write_decisions(batch, now)
            if commit and not commit(min(BATCH, count - start)):
                return False
        self.env.cr.execute(SQL("DROP TABLE %s", TODO))
        self._heal_contacts()
        if count:
            _logger.info("Customer tiers: %s customers", count)
        if commit:
            commit(0)
        return True

    def action_evaluate(self):
        """Evaluate every customer now, or soon where there are many."""
        self.check_access("write")
        count = self.env["crm.customer.metrics"].sudo().search_count([])  # sudo: all
        if count > AT_ONCE:
            cron = self.env.ref("crm_lifecycle.ir_cron_customer_metrics_refresh")
            cron.sudo()._trigger()  # sudo: wakes it, no more
            message = self.env._("The customers are being evaluated.")
        else:
            tiers = self.sudo()  # sudo: tiers move customers of every company
            tiers._evaluate_all()
            tiers._assign_missing_owners()
            message = self.env._("All customers have been evaluated.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # ------------------------------------------------------------
    # How
    # ------------------------------------------------------------

    @api.model
    def _learn_sizes(self):
        """Let PostgreSQL know how many facts there are, before it finds out itself.

        After the installation they are all new, and it would expect a handful.
        """
        self.env.cr.execute(
            "SELECT reltuples < 0 FROM pg_class"
            " WHERE oid = 'crm_customer_metrics'::regclass"
        )
        if self.env.cr.fetchone()[0]:
            self.env.cr.execute("ANALYZE crm_customer_metrics")

    @api.model
    def _remember_cutoffs(self, today):
        """Measure where shares begin, for who is evaluated alone until next time."""
        tiers = self.sudo().search([("active", "=", True)])  # sudo: all of them
        cutoffs = tiers._measure_cutoffs(today)
        for line in tiers.criterion_ids:
            if line.measure != "percent":
                continue
            found = line in cutoffs
            enter, keep = cutoffs.get(line, (0, 0))
            values = {"cutoff": enter, "keep_cutoff": keep, "is_measured": found}
            if any(line[name] != value for name, value in values.items()):
                line.write(values)
        self.env.flush_all()

    @api.model
    def _collect_decisions(self, today):
        """A temporary table of what is to be done; how many customers there are."""
        self.env["crm.customer.metrics"]._set_planner()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TODO))
        self.env.cr.execute(
            SQL(
                "CREATE TEMP TABLE %s AS SELECT"
                " ((row_number() OVER (ORDER BY id) - 1) / %s)::int AS batch, d.*"
                " FROM (%s) AS d",
                TODO,
                BATCH,
                self._get_decision_query(self._get_rules(), today),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _write_decisions(self, decisions, now, origin="auto"):
        """Move customers and their contacts, and write down why; one statement.

        Who is being edited by somebody else, or has been moved meanwhile, is left
        for the next time.

        :param SQL decisions: see :meth:`_get_decision_query`
        :return: the ``crm.customer.tier.change`` it made
        """
        rows = self.env.execute_query(
            SQL(
                WRITE_DECISIONS,
                decisions=decisions,
                today=now.date(),
                now=now,
                origin=origin,
                uid=None if origin == "auto" else self.env.uid,
            )
        )
        changes = self.env[
            "crm.customer.tier.change"
        ].sudo()  # sudo: kept by the engine
        changes = changes.browse(row[0] for row in rows)
        if changes or origin == "auto":
            self._forget_tiers()
        if changes:
            self._follow_changes(changes)
        return changes

    @api.model
    def _forget_tiers(self):
        """What was written by SQL is read anew, with what is computed from it.

        Those fields do not name the tier among their dependencies: stored names of
        customers, on invoices and elsewhere, would be computed again with each change,
        and Odoo would forget inherited copies of them when the addon is uninstalled.
        """
        names = [*TIER_FIELDS, "display_name", "property_product_pricelist"]
        self.env["res.partner"].invalidate_model(names, flush=False)

    @api.model
    def _heal_contacts(self):
        """Contacts show the tier of their company, however they came to it."""
        self.env.cr.execute(
            """
            UPDATE res_partner c SET customer_tier_id = p.customer_tier_id
              FROM res_partner p
             WHERE p.id = c.commercial_partner_id AND c.id != p.id
               AND c.customer_tier_id IS DISTINCT FROM p.customer_tier_id
            """
        )
        if self.env.cr.rowcount:
            self._forget_tiers()

    @api.model
    def _follow_changes(self, changes):
        """Hook: what follows when customers have changed their tier.

        :param changes: ``crm.customer.tier.change``, with the rights of the engine
        """
        changes._remember_rules()
