"""The formulas of the addon against published figures and against scikit-learn.

The purchase log is downloaded once; without it, or without scikit-learn (which the
suite does not need otherwise), what needs them is skipped.
"""

import importlib
import random
import sys
import unittest
from collections import defaultdict
from datetime import datetime

from suite_tools.cdnow import cdnow_sample_path
from suite_tools.cdnow_orders import parse
from suite_tools.paths import ROOT

END = datetime(1997, 9, 30, 12)
WEEK = 7 * 86400

sys.path.insert(0, str(ROOT / "crm_churn"))
try:
    logistic = importlib.import_module("tools.logistic")
    mbg = importlib.import_module("tools.mbg")
    quality = importlib.import_module("tools.quality")
finally:
    sys.path.pop(0)


def customers():
    """The purchase log as ``(x, tx, T)`` in weeks, at the end of 39 weeks."""
    days = defaultdict(set)
    for purchase in parse(cdnow_sample_path().read_text()):
        if purchase.moment <= END:
            days[purchase.customer].add(purchase.moment)
    return [
        (
            len(dates) - 1,
            (max(dates) - min(dates)).total_seconds() / WEEK,
            (END - min(dates)).total_seconds() / WEEK,
        )
        for dates in days.values()
    ]


class TestPublishedFigures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.past = customers()
        except Exception as error:  # no network
            raise unittest.SkipTest(f"no purchase log: {error}") from error

    def check(self, modified, expected, likelihood):
        params = mbg.fit(self.past, modified=modified, prior=False)
        for value, known in zip(params, expected, strict=True):
            self.assertAlmostEqual(value / known, 1, delta=0.02)
        found = mbg.log_likelihood(params, mbg.group(self.past, 4), modified)
        self.assertAlmostEqual(found, likelihood, delta=0.02)

    def test_bg_nbd_as_fader_hardie_and_lee(self):
        self.check(False, (0.243, 4.414, 0.793, 2.426), -9582.43)

    def test_mbg_nbd_as_published(self):
        self.check(True, (0.5248, 6.183, 0.8914, 1.614), -9582.14)


class TestAgainstScikit(unittest.TestCase):
    def setUp(self):
        try:
            self.linear = importlib.import_module("sklearn.linear_model")
            self.metrics = importlib.import_module("sklearn.metrics")
        except ImportError as error:
            raise unittest.SkipTest("scikit-learn is not installed") from error
        rng = random.Random(3)
        self.rows = [[rng.gauss(5, 3), rng.gauss(0, 1)] for _n in range(2000)]
        self.outcomes = [
            int(rng.random() < logistic.sigmoid(0.4 * a - 2 + b)) for a, b in self.rows
        ]

    def test_regression(self):
        ours = logistic.fit(self.rows, self.outcomes, ridge=0)
        theirs = self.linear.LogisticRegression(C=1e10, tol=1e-10).fit(
            self.rows, self.outcomes
        )
        for mine, other in zip(
            ours, [*theirs.intercept_, *theirs.coef_[0]], strict=True
        ):
            self.assertAlmostEqual(mine, other, 3)

    def test_quality(self):
        scores = [round(a) for a, _b in self.rows]
        self.assertAlmostEqual(
            quality.auc(scores, self.outcomes),
            self.metrics.roc_auc_score(self.outcomes, scores),
        )
        self.assertAlmostEqual(
            quality.average_precision(scores, self.outcomes),
            self.metrics.average_precision_score(self.outcomes, scores),
        )


if __name__ == "__main__":
    unittest.main()
