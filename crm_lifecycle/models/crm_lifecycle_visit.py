from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# what differs per record in stays that begin together, beside the host's key
ROW_REFERENCES = (
    "previous_stage_id",
    "transition_id",
    "owner_id",
    "team_id",
    "company_id",
)


class CrmLifecycleVisit(models.Model):
    """One stay of one record in one stage: the log everything is computed from.

    Written by the gateway alone (:meth:`_open_for`, :meth:`_close_for`); nobody
    has the right to change it. Each host adds its own key to it and an index
    that allows one open stay per record.
    """

    _name = "crm.lifecycle.visit"
    _description = "Stay in a Lifecycle Stage"
    _order = "entered_date desc, id desc"
    _log_access = False

    process_id = fields.Many2one(
        "crm.lifecycle.process",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    revision_id = fields.Many2one(
        "crm.lifecycle.revision", readonly=True, ondelete="restrict"
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage", required=True, readonly=True, ondelete="restrict"
    )
    phase = fields.Selection(related="stage_id.phase")
    transition_id = fields.Many2one(
        "crm.lifecycle.transition",
        "Move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The drawn move by which it came; empty for an entry and off the chart.",
    )
    previous_stage_id = fields.Many2one(
        "crm.lifecycle.stage", "Came from", readonly=True, ondelete="set null"
    )
    entered_date = fields.Datetime("Entered", required=True, readonly=True)
    left_date = fields.Datetime("Left", readonly=True)
    hours = fields.Float(
        "Hours Stayed",
        readonly=True,
        aggregator="avg",
        help="Written when the stay ends.",
    )
    days = fields.Float(compute="_compute_days")
    is_open = fields.Boolean(
        "Still Here", compute="_compute_is_open", search="_search_is_open"
    )
    user_id = fields.Many2one(
        "res.users",
        "Moved by",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    owner_id = fields.Many2one(
        "res.users", "Owner", readonly=True, ondelete="set null", index="btree_not_null"
    )
    team_id = fields.Many2one(
        "crm.team", readonly=True, ondelete="set null", index="btree_not_null"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    origin = fields.Selection(
        [
            ("manual", "By hand"),
            ("auto", "By itself"),
            ("event", "By an event"),
            ("return", "Returned"),
            ("migration", "By a change of the process"),
            ("history", "From earlier history"),
        ],
        default="manual",
        required=True,
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    warning = fields.Char(
        "Was Missing", readonly=True, help="What should have held before it moved."
    )

    # what the map counts: who came, and who left, in a period
    _process_entered_idx = models.Index("(process_id, entered_date)")
    _process_left_idx = models.Index(
        "(process_id, left_date) WHERE left_date IS NOT NULL"
    )
    _stage_open_idx = models.Index("(stage_id) WHERE left_date IS NULL")
    _stage_entered_idx = models.Index("(stage_id, entered_date)")

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def _get_open_domain(self):
        """The definition of "still here", for Python and for searches."""
        return Domain("left_date", "=", False)

    @api.depends("left_date")
    def _compute_is_open(self):
        still_here = self.filtered_domain(self._get_open_domain())
        still_here.is_open = True
        (self - still_here).is_open = False

    def _search_is_open(self, operator, value):
        return self._get_open_domain() if operator == "in" else NotImplemented

    @api.depends("entered_date", "left_date")
    def _compute_days(self):
        now = fields.Datetime.now()
        for visit in self:
            end = visit.left_date or now
            visit.days = (end - visit.entered_date).total_seconds() / 86400

    @api.depends("stage_id", "entered_date")
    def _compute_display_name(self):
        for visit in self:
            visit.display_name = f"{visit.stage_id.name} ({visit.entered_date.date()})"

    # ------------------------------------------------------------
    # Writing: the gateway's two statements
    # ------------------------------------------------------------

    @api.model
    def _get_open_by_record(self, key, record_ids):
        """The open stay of each record.

        :param str key: the host's field on this model
        :return: ``{record id: (visit id, stage id)}``
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT %(key)s, id, stage_id FROM crm_lifecycle_visit"
                " WHERE %(key)s = ANY(%(ids)s) AND left_date IS NULL",
                key=SQL.identifier(key),
                ids=list(record_ids),
            )
        )
        return {
            record_id: (visit_id, stage_id) for record_id, visit_id, stage_id in rows
        }

    @api.model
    def _get_previous_stages(self, key, record_ids):
        """Where records stood before they came to where they stand now.

        :param str key: the host's field on this model
        :return: ``{record id: stage}`` of those that stood anywhere
        """
        visits = self.search_fetch(
            self._get_open_domain() & Domain(key, "in", list(record_ids)),
            [key, "previous_stage_id"],
        )
        return {
            visit[key].id: visit.previous_stage_id
            for visit in visits
            if visit.previous_stage_id
        }

    @api.model
    def _close_for(self, key, record_ids, now):
        """End the open stays of records; one statement whatever their number.

        :param str key: the host's field on this model
        :param datetime now: UTC
        :return: ids of the processes in which a stay has ended
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_lifecycle_visit
                   SET left_date = GREATEST(%(now)s, entered_date),
                       hours = GREATEST(
                           extract(epoch FROM %(now)s - entered_date) / 3600, 0)::float8
                 WHERE %(key)s = ANY(%(ids)s) AND left_date IS NULL
                RETURNING process_id
                """,
                key=SQL.identifier(key),
                ids=list(record_ids),
                now=now,
            )
        )
        self.invalidate_model(["left_date", "hours"])
        self._invalidate_counts()
        return {process_id for (process_id,) in rows}

    @api.model
    def _open_for(self, key, rows, common):
        """Begin stays; one statement whatever their number.

        :param str key: the host's field on this model
        :param list rows: dicts with what differs per record: ``id`` of the record,
            the names of ``ROW_REFERENCES``, ``warning``
        :param dict common: values all new stays share
        :return: the new visits, in the order of ``rows``
        """
        arrays = [SQL("%s::int[]", [row["id"] for row in rows])]
        arrays += [
            SQL("%s::int[]", [row.get(name) or None for row in rows])
            for name in ROW_REFERENCES
        ]
        arrays.append(SQL("%s::text[]", [row.get("warning") or None for row in rows]))
        columns = [key, *ROW_REFERENCES, "warning"]
        ids = self.env.execute_query(
            SQL(
                "INSERT INTO crm_lifecycle_visit (%(columns)s, %(common_columns)s)"
                " SELECT %(row_columns)s, %(common)s"
                " FROM unnest(%(arrays)s) WITH ORDINALITY AS r(%(columns)s, position)"
                " ORDER BY position RETURNING id",
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                row_columns=SQL(", ").join(
                    SQL.identifier("r", name) for name in columns
                ),
                common_columns=SQL(", ").join(map(SQL.identifier, common)),
                common=SQL(", ").join(
                    SQL("%s", value or None) for value in common.values()
                ),
                arrays=SQL(", ").join(arrays),
            )
        )
        self._invalidate_counts()
        return self.browse(row[0] for row in ids)

    def _invalidate_counts(self):
        """Counts of stays are read anew after the log has changed."""
        for model_name in ("crm.lifecycle.stage", "crm.lifecycle.process"):
            self.env[model_name].invalidate_model(
                ["record_count", "visit_count"], flush=False
            )
