import doctest

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..tools import nps
from .survey_common import SurveyCommon


@tagged("post_install", "-at_install")
class TestNps(BaseCase):
    def test_examples_hold(self):
        result = doctest.testmod(nps)
        self.assertGreaterEqual(result.attempted, 8)
        self.assertEqual(result.failed, 0)

    def test_a_known_sample(self):
        """By hand, 7 promoters, 2 passives, 1 detractor: p' = 7.75/13 = 0.59615,
        d' = 1.75/13 = 0.13462, p'-d' = 0.46154, variance (0.73077 - 0.21302)/13 =
        0.039827, its root 0.199567, margin 0.391145."""
        counts = {0: 1, 7: 1, 8: 1, 9: 4, 10: 3}
        self.assertEqual(nps.compute_figure("nps", counts), (60.0, 7.0, 85.3, 10))

    def test_the_ends_of_the_scale(self):
        self.assertIsNone(nps.compute_figure("nps", {}))
        best = nps.compute_figure("nps", {10: 5})
        self.assertEqual(best.value, 100)
        self.assertLess(best.low, 100, "five answers prove little")
        self.assertEqual(best.high, 100)
        self.assertEqual(nps.compute_figure("nps", {0: 5}).value, -100)
        self.assertEqual(nps.compute_figure("ces", {7: 1}), (7, 1, 7, 1))
        self.assertEqual(nps.compute_figure("csat", {1: 1}).value, 0)

    def test_every_score_has_its_group(self):
        groups = {
            kind: [nps.get_group(kind, score) for score in nps.get_scores(kind)]
            for kind in nps.SCALES
        }
        self.assertEqual(
            groups["nps"], ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
        )
        self.assertEqual(
            groups["csat"], ["unhappy"] * 2 + ["neutral"] + ["satisfied"] * 2
        )
        self.assertEqual(
            groups["ces"], ["unhappy"] * 3 + ["neutral"] + ["satisfied"] * 3
        )


@tagged("post_install", "-at_install")
class TestSurvey(SurveyCommon):
    def test_nobody_is_mailed_by_installing(self):
        active = self.env.ref("crm_feedback.survey_csat")
        self.assertEqual(active.trigger, "solution")
        self.assertTrue(active.start_date, "what happened before is not asked about")

    def test_figures_of_a_survey(self):
        survey = self._new_survey(kind="nps", trigger="order")
        for score in (0, 7, 8, 9, 9, 9, 9, 10, 10, 10):
            self._new_response(survey)._take_answer(score)
        self._new_response(survey)
        self._new_response(survey).state = "expired"
        self._new_response(survey).state = "cancelled"
        self.assertEqual(survey.figure, "+60")
        self.assertEqual(survey.interval, "+7 to +85")
        self.assertEqual(survey.answered_count, 10)
        self.assertEqual(survey.asked_count, 12)
        self.assertEqual(survey.response_rate, 83)
        points, score = self.responses._read_group(
            [("survey_id", "=", survey.id)], [], ["points:avg", "score:avg"]
        )[0]
        self.assertEqual(points, 60, "the mean of the points is the score")
        self.assertAlmostEqual(score, 8.1, 5, "who has not answered does not count")
        empty = self._new_survey(kind="csat")
        self.assertFalse(empty.figure)
        self.assertFalse(empty.response_rate)

    def test_zero_is_an_answer(self):
        response = self._new_response(self._new_survey(kind="nps", trigger="order"))
        self.assertFalse(response.answer_group)
        self.assertEqual(response._take_answer(0), "answered")
        self.assertEqual(response.score, 0)
        self.assertEqual(response.state, "answered")
        self.assertEqual(response.answer_group, "detractor")
        self.assertEqual(response.points, -100)
        self.assertEqual(response.survey_id.figure, "-100")
        self.assertEqual(self.contact.feedback_last_answer, "0/10")

    def test_wrong_settings_are_refused(self):
        for values in (
            {"trigger": "stage"},
            {"trigger": "solution", "is_anonymous": True},
            {"low_score": 5},
            {"low_score": 0},
            {"question": " "},
            {"sample_percent": 0},
            {"sample_percent": 101},
            {"months": 0},
            {"delay_days": -1},
            {"valid_days": 0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(Exception) as caught,
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._new_survey(**values)
            self.assertIn(
                type(caught.exception).__name__, ("ValidationError", "CheckViolation")
            )

    def test_low_scores_follow_the_kind(self):
        survey = self._new_survey(kind="nps", trigger="order")
        self.assertEqual(survey.low_score, 6)
        survey.kind = "ces"
        self.assertEqual(survey.low_score, 3)

    def test_answers_keep_their_scale(self):
        survey = self._new_survey(kind="nps", trigger="order")
        self._new_response(survey)._take_answer(9)
        for values in ({"kind": "csat"}, {"is_anonymous": True}):
            with self.assertRaises(ValidationError):
                survey.write(values)
        copied = survey.copy()
        self.assertEqual(copied.name, "Survey (copy)")
        self.assertFalse(copied.answered_count)
