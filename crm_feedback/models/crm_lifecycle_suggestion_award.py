from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

BADGE = "gamification.badge_idea"
PLACES = ("1", "2", "3")


class CrmLifecycleSuggestionAward(models.Model):
    """The best suggestions of a month, and the prize for each.

    Candidates are what people proposed and was accepted in the month, those with most
    votes first.
    """

    _name = "crm.lifecycle.suggestion.award"
    _description = "Award for a Suggestion"
    _order = "month desc, place, id"

    month = fields.Date(
        required=True,
        default=lambda self: self._get_last_month(),
        help="Any day of the month.",
    )
    month_name = fields.Char("Of", compute="_compute_month_name")
    place = fields.Selection(
        [("1", "First"), ("2", "Second"), ("3", "Third")], required=True, default="1"
    )
    suggestion_id = fields.Many2one(
        "crm.lifecycle.suggestion",
        required=True,
        index=True,
        domain="[('state', 'in', ('accepted', 'done')), ('proposer_id', '!=', False)]",
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        related="suggestion_id.proposer_id", string="Winner", store=True
    )
    vote_count = fields.Integer(related="suggestion_id.vote_count")
    prize = fields.Char(help="e.g. a day off, a voucher")
    reason = fields.Text(help="Why it won.")
    badge_granted = fields.Boolean(readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _place_uniq = models.UniqueIndex(
        "(company_id, month, place)", "This place of the month is taken already."
    )
    _suggestion_uniq = models.UniqueIndex(
        "(suggestion_id, company_id)", "This suggestion has won an award already."
    )

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for award in self:
            award.month_name = format_date(self.env, award.month, date_format="MMMM y")

    @api.depends("month", "place", "user_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["place"]._description_selection(self.env))
        for award in self:
            parts = (award.month_name, labels.get(award.place), award.user_id.name)
            award.display_name = " · ".join(part for part in parts if part)

    @api.constrains("suggestion_id")
    def _check_suggestion(self):
        for award in self:
            suggestion = award.suggestion_id
            if suggestion.state not in ("accepted", "done") or not award.user_id:
                raise ValidationError(
                    self.env._(
                        "“%s” cannot win: only what somebody proposed and was accepted "
                        "does.",
                        suggestion.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        awards = super().create([self._clean_month(vals) for vals in vals_list])
        for award in awards:
            award._congratulate()
        return awards

    def write(self, vals):
        return super().write(self._clean_month(vals))

    @api.model
    def _clean_month(self, vals):
        if not vals.get("month"):
            return vals
        return {**vals, "month": fields.Date.to_date(vals["month"]).replace(day=1)}

    @api.model
    def _get_last_month(self):
        today = fields.Date.context_today(self)
        return fields.Date.subtract(today.replace(day=1), months=1)

    # ------------------------------------------------------------
    # Awarding
    # ------------------------------------------------------------

    @api.model
    def _find_candidates(self, company, month):
        """What could win, the best first.

        :param date month: its first day
        """
        end = fields.Date.add(month, months=1)
        domain = (
            Domain("source", "=", "manual")
            & Domain("proposer_id", "!=", False)
            & Domain("state", "in", ("accepted", "done"))
            & Domain("accepted_date", ">=", month)
            & Domain("accepted_date", "<", end)
            & Domain("company_id", "in", (company.id, False))
        )
        suggestions = self.env["crm.lifecycle.suggestion"]
        return suggestions.search(domain, order="vote_count desc, accepted_date, id")

    def action_nominate(self):
        """Fill the free places of the last month with the best candidates.

        :raise UserError: nothing was accepted that has not won yet
        """
        self.check_access("create")
        month, company = self._get_last_month(), self.env.company
        taken = self.search([("company_id", "=", company.id)])
        candidates = self._find_candidates(company, month) - taken.suggestion_id
        places = set(PLACES) - set(
            taken.filtered(lambda award: award.month == month).mapped("place")
        )
        rows = zip(sorted(places), candidates, strict=False)
        awards = self.create(
            [
                {
                    "month": month,
                    "place": place,
                    "suggestion_id": suggestion.id,
                    "company_id": company.id,
                }
                for place, suggestion in rows
            ]
        )
        if not awards:
            raise UserError(
                self.env._(
                    "There is nothing to award: in the last month no suggestion was "
                    "accepted that has not won yet, or all places are taken."
                )
            )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "crm_feedback.crm_lifecycle_suggestion_award_action"
        )

    def _congratulate(self):
        """Tell the winner and, where there are badges, give one."""
        self.ensure_one()
        winner = self.user_id
        if not winner.active:
            return
        there = self.with_context(lang=winner.lang)
        labels = dict(self._fields["place"]._description_selection(there.env))
        there.suggestion_id.message_post(
            body=there.env._(
                "Congratulations! “%(suggestion)s” is a suggestion of the month "
                "(%(place)s place). %(prize)s",
                suggestion=self.suggestion_id.name,
                place=labels[self.place],
                prize=self.prize or "",
            ),
            partner_ids=winner.partner_id.ids,
        )
        self.badge_granted = self._grant_badge()

    def _grant_badge(self):
        """Give the winner a badge; only where the app for it is installed."""
        badge = self.env.ref(BADGE, raise_if_not_found=False)
        if "gamification.badge.user" not in self.env or not badge:
            return False
        # sudo: the award is the right to it
        granted = self.env["gamification.badge.user"].sudo()
        granted = granted.create(
            {
                "badge_id": badge.id,
                "user_id": self.user_id.id,
                "comment": self.suggestion_id.name,
            }
        )
        granted._send_badge()
        return True
