from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.text import clean_line, clean_text, is_blank

MANAGER_GROUP = "crm_lifecycle.group_crm_lifecycle_manager"
# Written by the committee and process managers alone.
DECIDED_FIELDS = {"state", "user_id", "decided_date", "answer", "review_id"}
# Written by the system alone.
RECORDED_FIELDS = {
    "accepted_date",
    "key",
    "numbers",
    "proposer_id",
    "source",
    "vote_ids",
}


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    suggestion_committee_ids = fields.Many2many(
        "res.users",
        "crm_lifecycle_process_committee_rel",
        string="Suggestion Committee",
        domain="[('share', '=', False)]",
        help="Decide on suggestions for this process, beside the process managers.",
    )

    @api.constrains("suggestion_committee_ids")
    def _check_suggestion_committee(self):
        for process in self:
            process.suggestion_committee_ids._lifecycle_check_owner()


class CrmLifecycleSuggestion(models.Model):
    """Everybody who works with the process may propose; a committee decides.

    What people propose is theirs until it is decided. Nobody decides on an own
    proposal, except process managers, who could change the process anyway.
    """

    _inherit = "crm.lifecycle.suggestion"
    _mail_post_access = "read"  # everybody takes part in the discussion

    proposer_id = fields.Many2one(
        "res.users",
        "Proposed by",
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    proof_ids = fields.Many2many(
        "ir.attachment",
        "crm_lifecycle_suggestion_proof_rel",
        string="Proof",
        copy=False,
        help="Photos, mails, figures: what shows it.",
    )
    accepted_date = fields.Datetime("Accepted on", readonly=True, copy=False)
    can_edit = fields.Boolean(compute="_compute_rights")
    can_decide = fields.Boolean(compute="_compute_rights")

    @api.depends("state", "proposer_id", "process_id.suggestion_committee_ids")
    @api.depends_context("uid")
    def _compute_rights(self):
        for suggestion in self:
            is_author = suggestion.proposer_id == self.env.user
            suggestion.can_decide = suggestion._is_decider()
            suggestion.can_edit = suggestion.can_decide or (
                is_author and suggestion.state == "proposed"
            )

    @api.constrains("state", "answer")
    def _check_reason(self):
        for suggestion in self:
            rejected = suggestion.state == "rejected" and suggestion.proposer_id
            if rejected and is_blank(suggestion.answer):
                raise ValidationError(
                    self.env._(
                        "Say under “Answer” why “%s” is rejected: who proposed it "
                        "reads it.",
                        suggestion.name,
                    )
                )

    # ------------------------------------------------------------
    # Who may write what
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        prepared = [self._prepare_proposal(vals) for vals in vals_list]
        suggestions = super().create(prepared)
        suggestions._own_proofs()
        for suggestion in suggestions.filtered(lambda s: s.source == "manual"):
            suggestion._tell_committee()
        return suggestions

    def write(self, vals):
        if not self.env.su:
            self._check_written(vals)
        result = super().write(self._clean_proposal(vals))
        if "proof_ids" in vals:
            self._own_proofs()
        return result

    @api.model
    def default_get(self, fields):
        """A new suggestion is open, whichever column of the board it is written in."""
        values = super().default_get(fields)
        fresh = {"state": "proposed", "source": "manual", "proposer_id": self.env.uid}
        for name in values.keys() & (RECORDED_FIELDS | DECIDED_FIELDS) - {"review_id"}:
            values[name] = fresh.get(name, False)
        return values

    @api.model
    def _prepare_proposal(self, vals):
        """The values of a new suggestion: people propose as themselves."""
        if not self.env.su:
            asked = {name for name in vals if vals[name]}
            asked &= RECORDED_FIELDS | DECIDED_FIELDS
            if vals.get("source", "manual") == "manual":
                asked.discard("source")
            if vals.get("state", "proposed") == "proposed":
                asked.discard("state")
            self._refuse_recorded(asked - {"review_id"})
            vals = {**vals, "proposer_id": self.env.uid}
            self.env["crm.lifecycle.process"].browse(
                vals.get("process_id")
            ).check_access("read")
        elif vals.get("source", "manual") != "manual":
            vals = {**vals, "proposer_id": False}
        return self._clean_proposal(vals)

    @api.model
    def _clean_proposal(self, vals):
        cleaned = dict(vals)
        for name, clean in (
            ("name", clean_line),
            ("evidence", clean_text),
            ("expected_effect", clean_text),
            ("answer", clean_line),
            ("effect", clean_text),
        ):
            if isinstance(vals.get(name), str):
                cleaned[name] = clean(vals[name])
        if "name" in vals and is_blank(cleaned["name"]):
            raise UserError(self.env._("Say in a few words what should be better."))
        return cleaned

    def _check_written(self, vals):
        self.check_access("write")
        self._refuse_recorded(vals.keys() & RECORDED_FIELDS)
        if vals.keys() & self._get_decided_fields():
            self._check_decider()
        if vals.get("process_id"):
            process = self.env["crm.lifecycle.process"].browse(vals["process_id"])
            process.check_access("read")

    @api.model
    def _get_decided_fields(self):
        """Hook: what only those who decide write."""
        return DECIDED_FIELDS

    def _refuse_recorded(self, names):
        for name in sorted(names):
            label = self._fields[name]._description_string(self.env)
            raise UserError(
                self.env._(
                    "“%s” is recorded by the system and cannot be written.", label
                )
            )

    def _own_proofs(self):
        """Who reads the suggestion reads its proofs."""
        for suggestion in self:
            # sudo: only files that its author has just put here
            loose = suggestion.proof_ids.sudo().filtered(
                lambda file: (
                    not file.res_id and file.create_uid.id in (self.env.uid, 1)
                )
            )
            loose.write({"res_model": self._name, "res_id": suggestion.id})

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _is_decider(self):
        self.ensure_one()
        if self.env.su or self.env.user.has_group(MANAGER_GROUP):
            return True
        # sudo: who sits in the committee, whoever asks
        committee = self.process_id.sudo().suggestion_committee_ids
        return self.env.user in committee and self.proposer_id != self.env.user

    def _check_decider(self):
        """Refuse who may not decide.

        :raise AccessError: naming who may
        """
        for suggestion in self.filtered(lambda s: not s._is_decider()):
            # sudo: as above
            committee = suggestion.process_id.sudo().suggestion_committee_ids
            others = committee - self.env.user
            raise AccessError(
                self.env._(
                    "“%(suggestion)s” is decided by the process managers%(committee)s, "
                    "not by whoever proposed it.",
                    suggestion=suggestion.name,
                    committee="".join(f", {user.name}" for user in others),
                )
            )

    def _check_state(self, *states):
        result = super()._check_state(*states)
        self._check_decider()
        return result

    def _decide(self, state, answer=None):
        result = super()._decide(state, answer)
        if state == "accepted":
            # sudo: recorded by the system
            self.sudo().accepted_date = fields.Datetime.now()
        for suggestion in self.filtered(
            lambda s: s.proposer_id.active and s.proposer_id != self.env.user
        ):
            suggestion._tell_proposer()
        return result

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _tell_proposer(self):
        there = self.with_context(lang=self.proposer_id.lang)
        label = dict(there._fields["state"]._description_selection(there.env))
        there.message_post(
            body=there.env._(
                "Your suggestion “%(suggestion)s” is now “%(state)s”. %(answer)s",
                suggestion=there.name,
                state=label[there.state],
                answer=there.answer or "",
            ),
            partner_ids=self.proposer_id.partner_id.ids,
        )

    def _tell_committee(self):
        """Whoever decides learns that there is something to decide."""
        if self.env.context.get("mail_create_nosubscribe"):
            return
        process = self.process_id.sudo()  # sudo: as above
        people = process.suggestion_committee_ids or process.user_id
        people = people.filtered(lambda u: u.active and u != self.proposer_id)
        if people:
            self.message_subscribe(people.partner_id.ids)
            self.message_post(
                body=self.env._("A new suggestion: vote, discuss, and decide."),
                partner_ids=people.partner_id.ids,
            )
