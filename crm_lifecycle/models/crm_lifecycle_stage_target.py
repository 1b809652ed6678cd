from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

TREND_MONTHS = 12


class CrmLifecycleStage(models.Model):
    """What a company wants of a stage, what others reach, and how it has gone.

    Targets may change while the process runs; they are no part of the chart.
    """

    _inherit = "crm.lifecycle.stage"

    target_conversion = fields.Float(
        "Target: Went On",
        digits=(5, 1),
        help="Percent of those who leave that should go on to a later stage.",
    )
    target_stay_days = fields.Float(
        "Target: Stay (Days)",
        digits=(16, 1),
        help="Half of them should leave within so many days.",
    )
    benchmark_conversion = fields.Float(
        "Others: Went On", digits=(5, 1), help="Percent, e.g. of your industry."
    )
    benchmark_stay_days = fields.Float("Others: Stay (Days)", digits=(16, 1))

    _targets_range = models.Constraint(
        "CHECK (target_conversion BETWEEN 0 AND 100 AND target_stay_days >= 0"
        " AND benchmark_conversion BETWEEN 0 AND 100 AND benchmark_stay_days >= 0)",
        "A share is between 0 and 100 percent, and days are not negative.",
    )


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    def get_lifecycle_trend(self, stage_key, options=None):
        """How a stage has done month by month, beside its targets.

        :param str stage_key: the stage
        :param dict options: see ``get_lifecycle_map``; its filters and moment apply
        :return: dict with ``stage_id``, ``months`` (dicts with ``month``, ``left``,
            ``median_days`` and ``onward``, a percentage, both false when nobody left),
            ``targets`` (``conversion``, ``stay``), ``benchmarks`` and ``changes``: the
            revisions published in that time (``date``, ``number``, ``note``)
        """
        self.ensure_one()
        base = self._get_map_process()
        base.check_access("read")
        stage = base._find_map_stage(stage_key)
        scope = base._get_map_scope(options)
        begin = fields.Datetime.subtract(scope.until, months=TREND_MONTHS - 1)
        begin = begin.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        scope = scope._replace(since=begin)
        return {
            "stage_id": stage.id,
            "months": base._get_trend_months(stage, scope),
            "targets": {
                "conversion": stage.target_conversion,
                "stay": stage.target_stay_days,
            },
            "benchmarks": {
                "conversion": stage.benchmark_conversion,
                "stay": stage.benchmark_stay_days,
            },
            "changes": [
                {
                    "date": fields.Datetime.to_string(revision.create_date),
                    "number": revision.number,
                    "note": revision.note or False,
                }
                for revision in base.revision_ids.sorted("number")
                if begin <= revision.create_date <= scope.until
            ],
        }

    def _get_trend_months(self, stage, scope):
        months = {}
        for number in range(TREND_MONTHS):
            month = fields.Datetime.add(scope.since, months=number).strftime("%Y-%m")
            months[month] = {
                "month": month,
                "left": 0,
                "median_days": False,
                "onward": False,
            }
        for month, left, hours in self._get_trend_stays(stage, scope):
            median = round(hours / 24, 1)
            months.get(month, {}).update(left=left, median_days=median)
        for month, share in self._get_trend_onward(stage, scope).items():
            months.get(month, {}).update(onward=share)
        return list(months.values())

    def _get_trend_stays(self, stage, scope):
        """Rows of month, how many left, and the median of their hours."""
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(
            self._get_map_left_domain(scope) & Domain("stage_id", "=", stage.id)
        )
        query.groupby = SQL("1")
        return self.env.execute_query(
            query.select(
                SQL("to_char(%s, 'YYYY-MM')", SQL.identifier(query.table, "left_date")),
                SQL("count(*)"),
                SQL(
                    "percentile_cont(0.5) WITHIN GROUP (ORDER BY COALESCE(%s, 0))",
                    SQL.identifier(query.table, "hours"),
                ),
            )
        )

    def _get_trend_onward(self, stage, scope):
        """The share of those who left each month that went on, in percent."""
        if stage.phase != "lead" or stage.outcome != "open":
            return {}
        later = self._get_later_stages(stage)
        visits = self.env["crm.lifecycle.visit"]
        query = visits._search(
            self._get_map_arrived_domain(scope)
            & visits._get_moves_domain()
            & Domain("previous_stage_id", "=", stage.id)
        )
        query.groupby = SQL("1")
        rows = self.env.execute_query(
            query.select(
                SQL(
                    "to_char(%s, 'YYYY-MM')",
                    SQL.identifier(query.table, "entered_date"),
                ),
                SQL("count(*)"),
                SQL(
                    "count(*) FILTER (WHERE %s = ANY(%s) AND %s != 'return')",
                    SQL.identifier(query.table, "stage_id"),
                    later.ids,
                    SQL.identifier(query.table, "origin"),
                ),
            )
        )
        return {month: round(100 * onward / count, 1) for month, count, onward in rows}

    def _get_later_stages(self, stage):
        """The stages behind one in which one is not lost, in the order of the chart."""
        stages = self.stage_ids
        order = list(stages._ids)
        behind = order[order.index(stage.id) + 1 :] if stage.id in order else []
        return stages.browse(behind).filtered(lambda s: s.outcome != "lost")
