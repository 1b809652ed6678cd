from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .crm_churn_known import KEY, Known
from .crm_churn_model_learn import FLOOR_CUSTOMERS, FLOOR_OUTCOMES
from .crm_churn_model_past import GONE_DAYS
from .crm_churn_score import LEVELS

FACTS = SQL("crm_churn_backtest_fact")
POINTS = SQL("crm_churn_backtest_points")
ROWS = SQL("crm_churn_backtest_row")


class CrmChurnBacktest(models.Model):
    """A past day judged in SQL, one row per customer in tables of the transaction."""

    _inherit = "crm.churn.backtest"

    def _run(self):
        self.ensure_one()
        self.line_ids.unlink()
        self.env.flush_all()
        known = Known(self._get_cut(), not self.is_imported)
        past = self.with_context(**{KEY: known})
        rules = self.signal_ids._judge_sources()
        active, learned = past._learn_then()
        past._collect_rows(rules, active)
        values = self._measure()
        if self._is_short(values):
            values = {key: values[key] for key in ("customers", "left_count")}
            values.update(state="short", message=self._get_floor_words(values))
        else:
            self.signal_ids._measure_signals(rules, values)
            self.env["crm.churn.backtest.line"]._measure_lines(self, bool(active))
            values.update(self._rank(bool(active)), state="done", message=learned)
        self.write({**values, "late_count": self._count_late()})

    # ------------------------------------------------------------
    # What was known
    # ------------------------------------------------------------

    def _get_first_purchase(self):
        self.env.flush_all()
        query = self.env["crm.churn.model"]._get_purchases(
            self.company_id, self._get_cut()
        )
        return self.env.execute_query(
            SQL("SELECT min(date) FROM (%s) AS p WHERE is_purchase", query)
        )[0][0]

    def _count_late(self):
        """Purchases that are dated before the day and were entered after it."""
        if self.is_imported:
            return 0
        model, cut = self.env["crm.churn.model"], self._get_cut()
        past = model.with_context(**{KEY: Known(cut, True)})
        return self.env.execute_query(
            SQL(
                "SELECT (SELECT count(*) FROM (%s) AS p WHERE is_purchase)"
                " - (SELECT count(*) FROM (%s) AS p WHERE is_purchase)",
                model._get_purchases(self.company_id, cut),
                past._get_purchases(self.company_id, cut),
            )
        )[0][0]

    def _learn_then(self):
        """What could have been learned of who leaves, by the end of the day.

        :return: models as of ``_get_active``, and how it went, in words
        """
        found = self.env["crm.churn.model"]._get_learned(
            self.company_id, self._get_cut(), self.horizon_days
        )
        if found.get("state") != "active":
            return (), found["message"]
        values = (found["gap"], *found["parameters"], *found["weights"])
        weeks = self.horizon_days / 7
        return ((self.company_id.id, weeks, *values),), found["message"]

    def _collect_rows(self, rules, active):
        """Facts, points and health of that day, and whether the customer left.

        As in learning, who has not bought for two years before is no news.
        """
        metrics = self.env["crm.customer.metrics"]
        calendar = metrics._get_calendar(self._get_cut())
        calendar = calendar._replace(horizon=self._get_cut())
        gone = max(GONE_DAYS, 3 * self.horizon_days)
        metrics._set_planner()
        facts = SQL(
            "SELECT * FROM (%s) AS f"
            " WHERE company_id = %s AND last_purchase_date >= %s",
            metrics._get_facts_query(None, calendar),
            self.company_id.id,
            self._get_cut() - timedelta(days=gone),
        )
        self._create_table(FACTS, facts)
        signals = self.env["crm.churn.signal"]
        points = signals._get_points_query(
            rules, self.date, facts=SQL("SELECT * FROM %s", FACTS), active=active
        )
        self._create_table(POINTS, points)
        self._create_table(ROWS, self._get_rows_query(rules))

    def _get_rows_query(self, rules):
        """Points and health, and what happened after; known today, not then."""
        model = self.env["crm.churn.model"].with_context(**{KEY: None})
        return SQL(
            """
            SELECT q.*, s.score, s.level,
                   f.last_purchase_date::date + %(days)s::int - %(date)s::date AS lead,
                   (b.partner_id IS NULL)::int AS is_left
              FROM %(points)s q
              JOIN (%(scores)s) AS s USING (partner_id, company_id)
              JOIN %(facts)s f USING (partner_id, company_id)
              LEFT JOIN (SELECT DISTINCT partner_id FROM (%(purchases)s) AS p
                          WHERE is_purchase AND date > %(cut)s) AS b
                     USING (partner_id)
            """,
            points=POINTS,
            facts=FACTS,
            scores=self.env["crm.churn.score"]._get_scores_query(
                rules, self.date, points=SQL("SELECT * FROM %s", POINTS)
            ),
            purchases=model._get_purchases(
                self.company_id, self._get_cut() + timedelta(days=self.horizon_days)
            ),
            cut=self._get_cut(),
            days=self.horizon_days,
            date=self.date,
        )

    def _create_table(self, name, query):
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", name))
        self.env.cr.execute(
            SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", name, query)
        )
        self.env.cr.execute(SQL("ANALYZE %s", name))

    # ------------------------------------------------------------
    # What came of it
    # ------------------------------------------------------------

    def _measure(self):
        levels = [level for level in LEVELS if self._is_flagged(level)]
        row = self.env.execute_query_dict(
            SQL(
                """
            SELECT count(*)::int AS customers,
                   COALESCE(sum(is_left), 0)::int AS left_count,
                   (count(*) FILTER (WHERE level = ANY(%(levels)s)))::int AS flagged,
                   (count(*) FILTER (WHERE level = ANY(%(levels)s) AND is_left = 1)
                   )::int AS flagged_left,
                   (count(*) FILTER (WHERE level = ANY(%(levels)s) AND is_left = 1
                                     AND lead <= 0))::int AS gone_count,
                   COALESCE(percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) FILTER (
                       WHERE level = ANY(%(levels)s) AND is_left = 1 AND lead > 0), 0
                   ) AS lead_days
              FROM %(rows)s
                """,
                levels=levels,
                rows=ROWS,
            )
        )[0]
        row["lead_days"] = round(row["lead_days"])
        row["base_rate"] = _share(row["left_count"], row["customers"])
        row["precision"] = _share(row["flagged_left"], row["flagged"])
        row["recall"] = _share(row["flagged_left"], row["left_count"])
        return row

    def _is_short(self, values):
        left, count = values["left_count"], values["customers"]
        return count < FLOOR_CUSTOMERS or min(left, count - left) < FLOOR_OUTCOMES

    def _get_floor_words(self, values):
        return self.env._(
            "Not enough data: %(customers)s customers were known, %(left)s left. "
            "%(least)s customers, %(outcomes)s who left and %(outcomes)s who stayed "
            "are needed.",
            customers=values["customers"],
            left=values["left_count"],
            least=FLOOR_CUSTOMERS,
            outcomes=FLOOR_OUTCOMES,
        )

    def _rank(self, is_learned):
        auc, lift = self._rank_by(SQL("100 - score"))
        values = {"auc": auc, "lift": lift, "leaving_auc": 0, "leaving_lift": 0}
        if is_learned:
            values["leaving_auc"], values["leaving_lift"] = self._rank_by(SQL("share"))
        return values

    @api.model
    def _rank_by(self, value):
        """How well a value ranks who left before who stayed, ties counting half.

        :param SQL value: the higher, the more likely to leave
        :return: AUC (Hanley and McNeil, 1982), and the lift of the first tenth
        """
        row = self.env.execute_query(
            SQL(
                """
    WITH ties AS (
        SELECT count(*)::float8 AS n, sum(is_left)::float8 AS gone,
               sum(count(*)) OVER (ORDER BY %(value)s)::float8 AS up_to,
               sum(count(*)) OVER (ORDER BY %(value)s DESC)::float8 AS down_to
          FROM %(rows)s GROUP BY %(value)s
    ), total AS (SELECT sum(n) AS n, sum(gone) AS gone FROM ties)
    SELECT (sum(ties.gone * (up_to - ties.n + (ties.n + 1) / 2))
                - total.gone * (total.gone + 1) / 2)
           / (total.gone * (total.n - total.gone)),
           sum(ties.gone * LEAST(1, GREATEST(0,
               (GREATEST(round(total.n / 10), 1) - (down_to - ties.n)) / ties.n)))
           / GREATEST(round(total.n / 10), 1) / (total.gone / total.n)
      FROM ties CROSS JOIN total GROUP BY total.n, total.gone
                """,
                value=value,
                rows=ROWS,
            )
        )
        return row[0]


def _share(part, whole):
    return part / whole if whole else 0.0
