from odoo import SUPERUSER_ID, api, fields, models

from ..tools.link import read, sign
from ..tools.text import clean_text, is_blank
from .crm_feedback_confirm import WORDS_LIMIT

VISIT_DAYS = 1 / 24  # how long words may be added to an answer
PERSONAL_FIELDS = ("partner_id", "user_id", "order_id", "event_key")


class CrmFeedbackResponse(models.Model):
    """The answer, and what follows from it."""

    _inherit = "crm.feedback.response"

    @api.model
    def _read_score(self, text):
        """A score as a page sends it.

        :return: the number; ``None`` for what is no answer to this question
        """
        text = text if isinstance(text, str) else ""
        if not (text.isascii() and text.isdigit() and len(text) <= 2):
            return None
        return int(text) if int(text) in self._get_scores() else None

    def _take_answer(self, score, comment=""):
        """What the customer answers by the link; only the first answer counts.

        :param int score: one of :meth:`_get_scores`
        :param comment: the customer's own words, plain text
        :return: "answered"; "past" when there is an answer already
        :raise LockError: when another answer is being taken
        """
        self.ensure_one()
        self.lock_for_update()
        if self.answered_date:
            return "past"
        values = {
            "score": score,
            "answered_date": fields.Datetime.now(),
            "state": "answered",
            "comment": clean_text(comment or "")[:WORDS_LIMIT],
        }
        customer = self.partner_id
        if self.is_anonymous:
            values.update(dict.fromkeys(PERSONAL_FIELDS, False))
        self.write(values)
        customer._feedback_note_asked()
        self._follow_answer()
        return "answered"

    # ------------------------------------------------------------
    # Words that are added
    # ------------------------------------------------------------

    def _sign_visit(self):
        """What lets the same visitor add words for a while."""
        return sign(self.env, "visit", [self.id], VISIT_DAYS)

    def _add_words(self, visit, comment):
        """Words after the answer, within the same visit, unless there are some.

        :param visit: from :meth:`_sign_visit`
        :return: whether they were taken
        """
        self.ensure_one()
        words = clean_text(comment or "")[:WORDS_LIMIT]
        if read(self.env, "visit", visit or "") != [self.id] or is_blank(words):
            return False
        self.lock_for_update()
        if not self.answered_date or not is_blank(self.comment):
            return False
        self.comment = words
        self._follow_answer()
        return True

    # ------------------------------------------------------------
    # What follows
    # ------------------------------------------------------------

    def _follow_answer(self):
        """Low scores come to somebody; praise is thanked and shared."""
        survey = self.survey_id
        if self.case_id:
            self._tell_case()
        elif survey.opens_case and self.score <= survey.low_score:
            if self.partner_id or not is_blank(self.comment):
                self._open_case("complaint")
        elif survey.is_shared and self._is_good() and not is_blank(self.comment):
            self._open_case("praise")
            self._share_praise()

    def _open_case(self, kind):
        """Make a feedback of the answer; its owner is found as always."""
        # sudo: the customer has no account; root, so that it belongs to whom rules name
        inbox = self.env["crm.feedback"].with_user(SUPERUSER_ID).sudo()
        lang = self.company_id.partner_id.lang or self.env.lang
        self.case_id = case = inbox.with_context(lang=lang).create(
            {
                "name": self._get_case_name(lang),
                "kind": kind,
                "severity": "high" if self._is_lowest() else "normal",
                "channel": "survey",
                "description": self.comment or False,
                "category_id": self._get_case_category().id,
                "partner_id": self.partner_id.id,
                "order_id": self.order_id.id,
                "company_id": self.company_id.id,
            }
        )
        if not case.user_id:
            group = self.env.ref("crm_lifecycle.group_crm_lifecycle_team_manager")
            leaders = group.all_user_ids.sorted("id")
            case.user_id = case._find_owner(
                case.category_id, case.partner_id, case.company_id, leaders
            )
        self._acknowledge_case()

    def _get_case_name(self, lang):
        survey = self.survey_id.with_context(lang=lang)
        env = self.with_context(lang=lang).env
        return env._(
            "%(survey)s: %(score)s of %(highest)s",
            survey=survey.name[:150],
            score=self.score,
            highest=self._get_scores()[-1],
        )

    def _is_lowest(self):
        return self.score == self._get_scores()[0]

    def _get_case_category(self):
        """The survey's, else the one of the case that was asked about."""
        category = self.survey_id.category_id or self.feedback_id.category_id
        fits = category.active and category.company_id in (
            self.company_id,
            self.env["res.company"],
        )
        return category if fits else category.browse()

    def _tell_case(self):
        """Words that came after the score belong to the case."""
        if is_blank(self.case_id.description):
            self.case_id.description = self.comment
            self._acknowledge_case()

    def _acknowledge_case(self):
        """Tell whoever complained in words the number and when to expect an answer."""
        if self.case_id.kind == "complaint" and not is_blank(self.comment):
            self.case_id._acknowledge()

    def _share_praise(self):
        """Tell the employee and his team what a customer is content with."""
        case = self.case_id
        user = self.user_id or case.user_id
        team = user | user.sale_team_id.member_ids | user.sale_team_id.user_id
        readers = team.filtered(lambda u: u._feedback_can_own(self.company_id))
        case.message_subscribe(readers.partner_id.ids)
        case.message_post(
            body=case.env._("A customer is content: thank you, all of you!"),
            partner_ids=readers.partner_id.ids,
            subtype_xmlid="mail.mt_note",
            author_id=self.env.ref("base.partner_root").id,
        )
