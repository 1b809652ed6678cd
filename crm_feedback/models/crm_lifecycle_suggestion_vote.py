from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLifecycleSuggestionVote(models.Model):
    """That somebody would like a suggestion to be carried out."""

    _name = "crm.lifecycle.suggestion.vote"
    _description = "Vote for a Suggestion"
    _order = "id desc"
    _rec_name = "user_id"

    suggestion_id = fields.Many2one(
        "crm.lifecycle.suggestion", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, index=True, ondelete="cascade"
    )
    is_committee = fields.Boolean("Of the Committee", readonly=True)

    _once_uniq = models.UniqueIndex(
        "(suggestion_id, user_id)", "You have voted for this already."
    )


class CrmLifecycleSuggestion(models.Model):
    """Votes: one for each person, none for an own suggestion, while it is open."""

    _inherit = "crm.lifecycle.suggestion"

    vote_ids = fields.One2many(
        "crm.lifecycle.suggestion.vote", "suggestion_id", "Cast Votes", readonly=True
    )
    vote_count = fields.Integer("Votes", compute="_compute_vote_count", store=True)
    committee_vote_count = fields.Integer(
        "Votes of the Committee", compute="_compute_vote_count", store=True
    )
    has_voted = fields.Boolean(compute="_compute_has_voted")
    can_vote = fields.Boolean(compute="_compute_has_voted")

    @api.depends("vote_ids.is_committee")
    def _compute_vote_count(self):
        for suggestion in self:
            votes = suggestion.vote_ids
            suggestion.vote_count = len(votes)
            suggestion.committee_vote_count = len(votes.filtered("is_committee"))

    @api.depends("vote_ids.user_id", "state", "proposer_id")
    @api.depends_context("uid")
    def _compute_has_voted(self):
        user = self.env.user
        for suggestion in self:
            suggestion.has_voted = user in suggestion.vote_ids.user_id
            suggestion.can_vote = (
                suggestion.state == "proposed"
                and suggestion.proposer_id != user
                and not suggestion.has_voted
            )

    def action_vote(self):
        """Vote for suggestions; a second click changes nothing.

        :raise UserError: an own suggestion, or one that has been decided
        """
        self._check_votable()
        user = self.env.user
        # sudo: votes are cast here alone
        suggestions = self.sudo().filtered(lambda s: user not in s.vote_ids.user_id)
        suggestions.vote_ids.create(
            [
                {
                    "suggestion_id": suggestion.id,
                    "user_id": user.id,
                    "is_committee": user
                    in suggestion.process_id.suggestion_committee_ids,
                }
                for suggestion in suggestions
            ]
        )
        return True

    def action_unvote(self):
        """Take the own vote back."""
        self._check_votable()
        votes = self.sudo().vote_ids  # sudo: as above
        votes.filtered(lambda vote: vote.user_id == self.env.user).unlink()
        return True

    def _check_votable(self):
        self.check_access("read")
        for suggestion in self:
            if suggestion.state != "proposed":
                raise UserError(
                    self.env._("“%s” has been decided already.", suggestion.name)
                )
            if suggestion.proposer_id == self.env.user:
                raise UserError(
                    self.env._("“%s” is your own: others vote.", suggestion.name)
                )
