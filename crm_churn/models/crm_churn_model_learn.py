import logging
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models

from ..tools import leaving, logistic, mbg, quality

_logger = logging.getLogger(__name__)

# the least to learn from; below, the signals alone judge
FLOOR_CUSTOMERS = 50
FLOOR_REPEATERS = 20
FLOOR_OUTCOMES = 10  # of those who left, and of those who stayed
FLOOR_DAYS = 180  # of history
PRELIMINARY = 200  # customers; with fewer it is not told apart who is alive
HORIZON_RANGE = (28, 364)


class Fit(NamedTuple):
    """What has been learned at one moment."""

    weights: list
    params: object
    gap: float


class CrmChurnModel(models.Model):
    """Learning: facts as of then, the outcome in the days after."""

    _inherit = "crm.churn.model"

    @api.model
    def _cron_learn(self):
        """Monthly, company by company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(companies))
        for company in companies:
            self._learn(company)
            if not commit_progress(1):
                break

    @api.model
    def _get_horizon(self, company, past):
        """The days of the outlook: as the company says, else three usual intervals.

        :param past: the customers of today, as of ``_fetch_past``
        """
        if company.churn_horizon_days:
            return company.churn_horizon_days
        low, high = HORIZON_RANGE
        days = 3 * 7 * leaving.typical_gap(past)
        return int(min(max(round(days / 7) * 7, low), high))

    @api.model
    def _learn(self, company, now=None):
        """Learn from the past of one company; use it when it is good enough.

        The quality is that of a model that knew nothing of the days it is tested on:
        learned two outlooks ago, tested on the last one. What is used is then learned
        anew with the last one.

        :param datetime now: UTC, the end of what is known
        :return: the new record, whatever became of it
        """
        values = self._get_learned(company, now or fields.Datetime.now())
        return self._record(company, values)

    @api.model
    def _get_learned(self, company, now, horizon=None):
        """What can be learned of the past up to a moment, as values of a record.

        :param int horizon: days of the outlook, those of the company when ``None``
        """
        today = self._fetch_past(company, now, 0)
        horizon = horizon or self._get_horizon(company, today)
        history = self._get_history_days(company, now)
        days = max(min(horizon, history // 3), 1)
        test_cut = now - timedelta(days=days)
        early = self._fetch_past(company, test_cut - timedelta(days=days), days)
        late = self._fetch_past(company, test_cut, days)
        values = {
            "company_id": company.id,
            "date": now,
            "horizon_days": horizon,
            "learned_days": days,
            "customers": len(late),
            "repeaters": sum(customer.x > 0 for customer in late),
        }
        values["message"] = self._get_shortage(history, early, late)
        if not values["message"]:
            values.update(self._fit_and_test(early, late, today, days, horizon))
        return values

    @api.model
    def _get_shortage(self, history, early, late):
        """Why there is not enough to learn from, in words; ``None`` where there is."""
        if history < FLOOR_DAYS:
            return self.env._(
                "%(days)s days of purchases are known; %(least)s are needed. Signals "
                "alone judge until then.",
                days=history,
                least=FLOOR_DAYS,
            )
        for past in (early, late):
            left = sum(customer.left for customer in past)
            found = (
                len(past),
                sum(customer.x > 0 for customer in past),
                min(left, len(past) - left),
            )
            floor = (FLOOR_CUSTOMERS, FLOOR_REPEATERS, FLOOR_OUTCOMES)
            if any(f < least for f, least in zip(found, floor, strict=True)):
                return self.env._(
                    "%(buyers)s buyers, %(again)s who bought again, %(outcomes)s who "
                    "left or stayed; %(floor)s are needed. Signals alone judge until "
                    "then.",
                    buyers=found[0],
                    again=found[1],
                    outcomes=found[2],
                    floor="/".join(map(str, floor)),
                )
        return None

    @api.model
    def _fit_and_test(self, early, late, today, days, horizon):
        """What is used from now on, and how good the same was a while ago."""
        weeks = days / 7
        first = self._fit(early, weeks)
        shares = self._predict(first, late, weeks)
        outcomes = [customer.left for customer in late]
        found = self._measure(late, shares, outcomes)
        final = self._fit(late, weeks)
        weights = self._set_level(final, today, days, horizon)
        is_weak = found["auc"] < found["auc_rfm"] or found["auc"] <= 0.5
        return {
            **found,
            **self._forecast(final._replace(weights=weights), today, horizon, found),
            "state": "weak" if is_weak else "active",
            "message": self._get_verdict(is_weak, len(late)),
            "is_preliminary": len(late) < PRELIMINARY,
            "weights": weights,
            "parameters": list(final.params),
            "gap": final.gap,
        }

    @api.model
    def _get_verdict(self, is_weak, customers):
        if is_weak:
            return self.env._(
                "No better than fifths of recency, frequency and money: not used."
            )
        return self.env._(
            "Learned from %(customers)s customers, and tested on what they did then.",
            customers=customers,
        )

    @api.model
    def _set_level(self, fit, today, days, horizon):
        """The weights for the horizon: where less could be learned from, the order of
        the customers stays, and the level is that of the expected purchases."""
        if horizon <= days or not today:
            return fit.weights
        weeks = horizon / 7
        rows = [self._get_row(fit, customer, weeks) for customer in today]
        shares = [mbg.none_within(fit.params, *c[:3], weeks) for c in today]
        return logistic.shift_to(fit.weights, rows, sum(shares) / len(shares))

    @api.model
    def _fit(self, past, weeks):
        gap = leaving.typical_gap(past)
        params = mbg.fit(customer[:3] for customer in past)
        rows = [leaving.features(customer, gap, params, weeks) for customer in past]
        if len(past) < PRELIMINARY:
            rows = [row[:-1] for row in rows]
        weights = logistic.fit(rows, [customer.left for customer in past])
        weights += [0.0] * (len(leaving.NAMES) + 1 - len(weights))
        return Fit(weights, params, gap)

    @api.model
    def _get_row(self, fit, customer, weeks):
        return leaving.features(customer, fit.gap, fit.params, weeks)

    @api.model
    def _predict(self, fit, customers, weeks):
        return [
            logistic.predict(fit.weights, self._get_row(fit, customer, weeks))
            for customer in customers
        ]

    @api.model
    def _measure(self, past, shares, outcomes):
        """How good probabilities were, beside what is free to have."""
        recency = [customer.T - customer.tx for customer in past]
        classic = quality.rfm(
            [
                (customer.T - customer.tx, customer.x, customer.revenue)
                for customer in past
            ]
        )
        return {
            "tested_customers": len(past),
            "base_rate": sum(outcomes) / len(outcomes),
            "auc": quality.auc(shares, outcomes),
            "auc_recency": quality.auc(recency, outcomes),
            "auc_rfm": quality.auc(classic, outcomes),
            "precision": quality.average_precision(shares, outcomes),
            "lift": quality.lift(shares, outcomes),
            "brier": quality.brier(shares, outcomes),
            "calibration": quality.calibration(shares, outcomes),
            "past_forecast": round(sum(shares)),
            "past_left": sum(outcomes),
        }

    @api.model
    def _forecast(self, fit, today, horizon, past):
        """How many of the customers of today will leave, and how sure that is.

        The spread is that of independent customers (1.96 standard deviations), or the
        error of the forecast before, where that was larger.

        :param past: with ``past_forecast`` and ``past_left``
        """
        shares = self._predict(fit, today, horizon / 7)
        expected = sum(shares)
        chance = 1.96 * sum(share * (1 - share) for share in shares) ** 0.5
        error = abs(past["past_left"] - past["past_forecast"])
        error *= expected / max(past["past_forecast"], 1)
        return {
            "forecast": round(expected),
            "forecast_spread": round(max(chance, error)),
        }

    @api.model
    def _record(self, company, values):
        """Keep what was learned; one that is good takes the place of the last."""
        if values.get("state") == "active":
            self.search(
                [("company_id", "=", company.id), ("state", "=", "active")]
            ).state = "old"
            self.flush_model()
        model = self.create(values)
        _logger.info("Probability of leaving, %s: %s", company.name, model.message)
        return model
