import logging

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 20000  # rows written in one transaction
TODO = SQL("crm_churn_score_todo")
COLUMNS = ("score", "level", "signal_id", "contributions", "probability")
WEEK = "crm_churn.snapshot_week"
SCORES = """
    SELECT scored.partner_id, scored.company_id, scored.score,
           CASE WHEN scored.score < c.churn_critical_below THEN 'critical'
                WHEN scored.score < c.churn_risk_below THEN 'at_risk'
                WHEN scored.score < c.churn_watch_below THEN 'watch'
                ELSE 'healthy' END AS level,
           scored.signal_id, scored.contributions, scored.probability
      FROM (SELECT q.partner_id, q.company_id,
                   CASE WHEN q.share IS NOT NULL THEN
                        LEAST(99, GREATEST(1, round(100 * q.share)))::int
                   END AS probability,
                   100 - LEAST(100, %(sum)s) AS score,
                   %(main)s AS signal_id,
                   jsonb_strip_nulls(jsonb_build_object(%(pairs)s)) AS contributions
              FROM (%(points)s OFFSET 0) AS q) AS scored
      JOIN res_company c ON c.id = scored.company_id
"""


class CrmChurnScore(models.Model):
    """Judging every customer in one pass; who has not changed is not written."""

    _inherit = "crm.churn.score"

    @api.model
    def _get_scores_query(
        self, rules, today, partner_ids=None, facts=None, active=None, points=None
    ):
        """The health of every customer: 100 less the points of all signals.

        Points beyond 100 are not counted, those of the last signals first, so that
        score and contributions always make 100.

        :param rules: of the signals, see ``crm.churn.signal._get_rules``
        :param SQL points: what they cost, where it has been worked out already
        :return: ``SQL`` with partner_id, company_id and ``COLUMNS``
        """
        if points is None:
            points = self.env["crm.churn.signal"]._get_points_query(
                rules, today, partner_ids, facts, active
            )
        columns = [SQL.identifier("q", f"p{rule.id}") for rule in rules]
        plus, comma = SQL(" + "), SQL(", ")
        pairs, cases = [], []
        most = SQL("GREATEST(%s)", comma.join(columns)) if columns else SQL("0")
        for place, (rule, column) in enumerate(zip(rules, columns, strict=True)):
            before = SQL("(%s)", plus.join([SQL("0"), *columns[:place]]))
            counted = SQL("GREATEST(0, LEAST(%s, 100 - %s))", column, before)
            pairs.append(SQL("%s::text, NULLIF(%s, 0)", rule.id, counted))
            cases.append(SQL("WHEN %s THEN %s::int", column, rule.id))
        main = SQL("NULL::int")
        if cases:
            case = SQL("CASE %s %s END", most, SQL(" ").join(cases))
            main = SQL("CASE WHEN %s > 0 THEN %s END", most, case)
        return SQL(
            SCORES,
            sum=SQL("(%s)", plus.join([SQL("0"), *columns])),
            main=main,
            pairs=comma.join(pairs),
            points=points,
        )

    @api.model
    def _refresh(self, partner_ids):
        """Judge some customers now; one statement.

        :param partner_ids: commercial partners
        """
        if not partner_ids:
            return
        self.env.flush_all()
        today = fields.Date.today()
        rules = self.env["crm.churn.signal"]._get_readable_rules(today)
        comma = SQL(", ")
        names = comma.join(SQL.identifier(name) for name in COLUMNS)
        self.env.cr.execute(
            SQL(
                """
    WITH f AS MATERIALIZED (%(scores)s), gone AS (
        DELETE FROM crm_churn_score s WHERE s.partner_id = ANY(%(ids)s)
           AND NOT EXISTS (SELECT FROM f WHERE f.partner_id = s.partner_id
                                           AND f.company_id = s.company_id)
    )
    INSERT INTO crm_churn_score AS s (partner_id, company_id, %(names)s, changed_date)
    SELECT f.partner_id, f.company_id, %(new)s, %(today)s FROM f
        ON CONFLICT (partner_id, company_id) DO UPDATE
       SET (%(names)s, changed_date) = (%(excluded)s, excluded.changed_date)
     WHERE (%(old)s) IS DISTINCT FROM (%(excluded)s)
                """,
                scores=self._get_scores_query(rules, today, partner_ids),
                ids=list(partner_ids),
                names=names,
                today=today,
                **{
                    part: comma.join(SQL.identifier(alias, name) for name in COLUMNS)
                    for part, alias in (
                        ("new", "f"),
                        ("old", "s"),
                        ("excluded", "excluded"),
                    )
                },
            )
        )
        self._forget_scores()

    @api.model
    def _refresh_all(self, commit=None, today=None):
        """Judge every customer: one pass, then write what differs batch by batch.

        :param commit: called after each batch with the number of rows, like
            ``ir.cron._commit_progress``; what returns 0 stops the run
        :param date today: the day that is judged
        :return: whether all is done
        """
        self.env.flush_all()
        today = today or fields.Date.today()
        count = self._collect_changes(today)
        if commit:
            commit(remaining=count)
        for start in range(0, count, BATCH):
            self._write_changes(start // BATCH, today)
            if commit and not commit(min(BATCH, count - start)):
                return False
        self.env.cr.execute(SQL("DROP TABLE %s", TODO))
        if count:
            _logger.info("Customer health: %s rows changed", count)
        self._forget_scores()
        return self._take_snapshots(today, commit)

    @api.model
    def _collect_changes(self, today):
        rules = self.env["crm.churn.signal"]._get_readable_rules(today)
        comma = SQL(", ")
        self.env["crm.customer.metrics"]._set_planner()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", TODO))
        self.env.cr.execute(
            SQL(
                """
    CREATE TEMP TABLE %(todo)s AS
    WITH f AS MATERIALIZED (%(scores)s)
    SELECT ((row_number() OVER () - 1) / %(batch)s)::int AS batch, s.id AS score_id,
           s.xmin AS seen, f.*
      FROM f FULL JOIN crm_churn_score s
        ON s.partner_id = f.partner_id AND s.company_id = f.company_id
     WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                todo=TODO,
                scores=self._get_scores_query(rules, today),
                batch=BATCH,
                old=comma.join(SQL.identifier("s", name) for name in COLUMNS),
                new=comma.join(SQL.identifier("f", name) for name in COLUMNS),
            )
        )
        return self.env.cr.rowcount

    @api.model
    def _write_changes(self, batch, today):
        """Write one batch; a row that changed meanwhile is left to the next run."""
        comma = SQL(", ")
        self.env.cr.execute(
            SQL(
                """
    WITH f AS MATERIALIZED (
        SELECT * FROM %(todo)s WHERE batch = %(batch)s
    ), changed AS (
        UPDATE crm_churn_score s SET (%(names)s, changed_date) = (%(new)s, %(today)s)
          FROM f WHERE s.id = f.score_id AND s.xmin = f.seen
                   AND f.partner_id IS NOT NULL
    ), added AS (
        INSERT INTO crm_churn_score (partner_id, company_id, %(names)s, changed_date)
        SELECT f.partner_id, f.company_id, %(new)s, %(today)s
          FROM f JOIN res_partner p ON p.id = f.partner_id
         WHERE f.score_id IS NULL ORDER BY f.partner_id
            ON CONFLICT DO NOTHING
    )
    DELETE FROM crm_churn_score s
     USING f WHERE s.id = f.score_id AND s.xmin = f.seen AND f.partner_id IS NULL
                """,
                todo=TODO,
                batch=batch,
                today=today,
                names=comma.join(SQL.identifier(name) for name in COLUMNS),
                new=comma.join(SQL.identifier("f", name) for name in COLUMNS),
            )
        )

    @api.model
    def _take_snapshots(self, today, commit=None):
        """Once a week, remember the health of whom it has changed for.

        :return: whether all is done
        """
        monday = fields.Date.start_of(today, "week")
        # sudo: a mark of the engine
        parameters = self.env["ir.config_parameter"].sudo()
        last = parameters.get_param(WEEK) or "1900-01-01"
        if last == str(monday):
            return True
        if last > str(monday):  # an earlier day is judged: look at everybody
            last = "1900-01-01"
        after = 0
        while after is not None:
            count, after = self._take_snapshots_after(after, today, last)
            if commit and count and not commit(count, remaining=BATCH):
                return False
        parameters.set_param(WEEK, str(monday))
        self.env["crm.churn.score.snapshot"].invalidate_model()
        return True

    @api.model
    def _take_snapshots_after(self, after, today, last):
        """One batch of a week; only what has changed since is looked at.

        :return: how many were looked at, and the last id or ``None`` at the end
        """
        self.env.cr.execute(
            SQL(
                """
    WITH batch AS MATERIALIZED (
        SELECT * FROM crm_churn_score
         WHERE id > %s AND changed_date >= %s ORDER BY id LIMIT %s
    ), kept AS (
        INSERT INTO crm_churn_score_snapshot
                    (partner_id, company_id, date, score, level)
        SELECT partner_id, company_id, %s, score, level FROM batch s
         WHERE s.score IS DISTINCT FROM (
                SELECT w.score FROM crm_churn_score_snapshot w
                 WHERE w.partner_id = s.partner_id AND w.company_id = s.company_id
                 ORDER BY w.date DESC LIMIT 1)
            ON CONFLICT (partner_id, company_id, date) DO UPDATE
           SET (score, level) = (excluded.score, excluded.level)
    )
    SELECT count(*), max(id) FROM batch
                """,
                after,
                last,
                BATCH,
                today,
            )
        )
        return self.env.cr.fetchone()

    @api.model
    def _forget_scores(self):
        self.invalidate_model()
        self.env["res.partner"]._forget_churn()

    def action_recompute(self):
        """Judge these customers anew, by what is known now."""
        self.check_access("read")
        # sudo: scores are written by the engine alone
        self.sudo()._refresh(self.partner_id.ids)
