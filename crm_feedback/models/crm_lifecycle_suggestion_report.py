from odoo import fields, models
from odoo.tools import SQL


class CrmLifecycleSuggestionReport(models.Model):
    """How many suggestions are adopted, how fast they are decided: a line for each."""

    _name = "crm.lifecycle.suggestion.report"
    _description = "Adoption of Suggestions"
    _auto = False
    _rec_name = "suggestion_id"
    _order = "date desc, id desc"
    _depends = {
        "crm.lifecycle.suggestion": [
            "accepted_date",
            "company_id",
            "decided_date",
            "effect",
            "process_id",
            "proposer_id",
            "source",
            "stage_id",
            "state",
            "vote_count",
        ],
    }

    suggestion_id = fields.Many2one("crm.lifecycle.suggestion", readonly=True)
    date = fields.Datetime("Proposed on", readonly=True)
    decided_date = fields.Datetime("Decided on", readonly=True)
    process_id = fields.Many2one("crm.lifecycle.process", readonly=True)
    stage_id = fields.Many2one("crm.lifecycle.stage", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    proposer_id = fields.Many2one("res.users", "Proposed by", readonly=True)
    source = fields.Selection(
        lambda self: self.env["crm.lifecycle.suggestion"]._selection_source(),
        readonly=True,
    )
    state = fields.Selection(
        lambda self: self.env["crm.lifecycle.suggestion"]
        ._fields["state"]
        ._description_selection(self.env),
        "Status",
        readonly=True,
    )
    vote_count = fields.Integer("Votes", readonly=True)
    decided_count = fields.Integer("Decided", readonly=True)
    adopted_count = fields.Integer("Adopted", readonly=True)
    adopted = fields.Float(
        "Adoption Rate",
        readonly=True,
        aggregator="avg",
        help="Of the decided suggestions, those accepted or done.",
    )
    days = fields.Float("Days to the Decision", readonly=True, aggregator="avg")
    effect_count = fields.Integer("Effect Known", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT s.id, s.id AS suggestion_id, s.create_date AS date, s.process_id,
                   s.stage_id, s.company_id, s.proposer_id, s.source, s.state,
                   s.vote_count, d.decided_date,
                   (s.state <> 'proposed')::int AS decided_count,
                   (s.state IN ('accepted', 'done'))::int AS adopted_count,
                   CASE WHEN s.state <> 'proposed'
                        THEN (s.state IN ('accepted', 'done'))::int::float8
                   END AS adopted,
                   EXTRACT(epoch FROM d.decided_date - s.create_date)::float8 / 86400
                       AS days,
                   (COALESCE(s.effect, '') <> '')::int AS effect_count
              FROM crm_lifecycle_suggestion AS s,
           LATERAL (SELECT CASE WHEN s.state <> 'proposed' THEN
                               COALESCE(s.accepted_date, s.decided_date)
                           END AS decided_date) AS d
            """
        )

    def action_open_record(self):
        """Open the suggestion itself."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lifecycle.suggestion",
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
