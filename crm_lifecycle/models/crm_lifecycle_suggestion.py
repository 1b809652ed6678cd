from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PAUSE_DAYS = 180  # what was rejected is not proposed again for so long


class CrmLifecycleSuggestion(models.Model):
    """What could be better in a process, what shows it, and what it would bring.

    Sources propose by themselves, see :meth:`_get_suggestion_sources`. Each says
    something once: as long as it is proposed its evidence is kept up to date, it goes
    when its cause goes, and what was rejected stays so for half a year.
    """

    _name = "crm.lifecycle.suggestion"
    _description = "Suggestion for a Lifecycle Process"
    _inherit = ["mail.thread"]
    _order = "state, id desc"

    name = fields.Char("Suggestion", required=True)
    process_id = fields.Many2one(
        "crm.lifecycle.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="process_id.company_id", store=True)
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        domain="[('process_id', '=', process_id)]",
        index="btree_not_null",
        ondelete="cascade",
    )
    source = fields.Selection("_selection_source", required=True, default="manual")
    key = fields.Char(
        readonly=True, copy=False, help="What it says, for saying it only once."
    )
    evidence = fields.Text(help="The numbers that show it.")
    expected_effect = fields.Text(help="What should become better, and by how much.")
    numbers = fields.Json(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
            ("done", "Done"),
        ],
        "Status",
        default="proposed",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    user_id = fields.Many2one("res.users", "Decided by", readonly=True, copy=False)
    decided_date = fields.Datetime("Decided", readonly=True, copy=False)
    answer = fields.Char(help="Why it was decided so, or what became of it.")
    review_id = fields.Many2one(
        "crm.lifecycle.review",
        domain="[('process_id', '=', process_id)]",
        index="btree_not_null",
        ondelete="set null",
    )

    _proposed_uniq = models.UniqueIndex(
        "(process_id, key) WHERE state = 'proposed' AND key IS NOT NULL",
        "This is proposed already.",
    )

    @api.model
    def _get_suggestion_sources(self):
        """Hook: who makes suggestions.

        Others extend this dict. What collects for a process returns dicts with ``key``,
        ``name``, ``evidence``, ``expected_effect`` and, where they apply, ``stage_id``
        and ``numbers``; ``None`` as collector stands for people.

        :return: ``{source: (label, method that takes a process)}``
        """
        return {"manual": (self.env._("Somebody"), None)}

    @api.model
    def _selection_source(self):
        sources = self._get_suggestion_sources()
        return [(source, label) for source, (label, _collect) in sources.items()]

    # ------------------------------------------------------------
    # Collecting
    # ------------------------------------------------------------

    @api.model
    def _refresh(self, process):
        """Let the suggestions for one process be those that its sources make today."""
        known = self.search([("process_id", "=", process.id), ("key", "!=", False)])
        silent = known._get_silent_keys()
        proposed = known.filtered(lambda s: s.state == "proposed")
        accepted = known.filtered(lambda s: s.state == "accepted")
        by_key = {suggestion.key: suggestion for suggestion in proposed}
        collected = {values["key"]: values for values in self._collect(process)}
        for key, values in collected.items():
            if key in by_key:
                by_key[key]._update_evidence(values)
            elif key not in silent:
                self.create({**values, "process_id": process.id})
        (proposed - self.union(*map(by_key.get, collected.keys() & by_key))).unlink()
        gone = accepted.filtered(lambda s: s.key not in collected)
        gone._decide("done", self.env._("What showed it is gone."))

    def _get_silent_keys(self):
        """What is not proposed again: it is being done, or was rejected of late."""
        since = fields.Datetime.subtract(fields.Datetime.now(), days=PAUSE_DAYS)
        return {
            suggestion.key
            for suggestion in self
            if suggestion.state == "accepted"
            or (suggestion.state == "rejected" and suggestion.decided_date >= since)
        }

    def _collect(self, process):
        """What all sources say of a process today."""
        for source, (_label, collect) in self._get_suggestion_sources().items():
            for values in collect(process) if collect else ():
                yield {**values, "source": source, "key": f"{source}/{values['key']}"}

    def _update_evidence(self, values):
        """Write what is new; an unchanged suggestion is not written."""
        self.ensure_one()
        names = ("name", "evidence", "expected_effect", "numbers")
        changed = {
            name: values[name]
            for name in names
            if name in values and self[name] != values[name]
        }
        if changed:
            self.write(changed)

    @api.model
    def _cron_suggest(self):
        """Ask the sources about every process that runs."""
        commit_progress = self.env["ir.cron"]._commit_progress
        processes = self.env["crm.lifecycle.process"]._find_running()
        commit_progress(remaining=len(processes))
        for process in processes:
            # sudo: numbers of everybody, as the process is everybody's
            self.sudo()._refresh(process)
            if not commit_progress(1):
                break

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _decide(self, state, answer=None):
        for suggestion in self:
            suggestion.write(
                {
                    "state": state,
                    "user_id": self.env.uid,
                    "decided_date": fields.Datetime.now(),
                    "answer": answer or suggestion.answer,
                }
            )

    def action_accept(self):
        """It shall be done with the next draft."""
        self._check_state("proposed")
        self._decide("accepted")
        return True

    def action_reject(self):
        """It shall not be done, and not be proposed again for a while."""
        self._check_state("proposed", "accepted")
        self._decide("rejected")
        return True

    def action_done(self):
        """It has been done."""
        self._check_state("accepted")
        self._decide("done")
        return True

    def _check_state(self, *states):
        self.check_access("write")
        for suggestion in self.filtered(lambda s: s.state not in states):
            raise UserError(
                self.env._("“%s” has been decided already.", suggestion.name)
            )

    def action_open_draft(self):
        """Open the draft in which it is done; a move that is missing is drawn there."""
        self.ensure_one()
        self._check_state("proposed", "accepted")
        if self.state == "proposed":
            self.action_accept()
        move = (self.numbers or {}).get("move")
        process = self.process_id
        action = process.action_draw_move(*move) if move else process.action_new_draft()
        return process.browse(action["res_id"]).action_view_map()


class CrmLifecycleProcess(models.Model):
    _inherit = "crm.lifecycle.process"

    suggestion_ids = fields.One2many("crm.lifecycle.suggestion", "process_id")
    suggestion_count = fields.Integer(compute="_compute_suggestion_count")

    def _compute_suggestion_count(self):
        suggestions = self.env["crm.lifecycle.suggestion"]
        counts = dict(
            suggestions._read_group(
                Domain("process_id", "in", self.ids) & Domain("state", "=", "proposed"),
                ["process_id"],
                ["__count"],
            )
        )
        for process in self:
            process.suggestion_count = counts.get(process, 0)

    def action_view_suggestions(self):
        """The suggestions for the process, as its sources make them today."""
        self.ensure_one()
        suggestions = self.env["crm.lifecycle.suggestion"]
        if self.state == "published" and suggestions.has_access("create"):
            # sudo: numbers of everybody, as the process is everybody's
            suggestions.sudo()._refresh(self.sudo())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_suggestion_action"
        )
        return dict(
            action,
            domain=[("process_id", "=", self.id)],
            context={"default_process_id": self.id},
        )
