from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleHandover(models.Model):
    """A record given from one side to the next, which accepts or returns it.

    One is open per stay in a hand-over stage. Written by the engine alone, by the
    actions of this model; each host adds its own key, the same as that of the stay.
    """

    _name = "crm.lifecycle.handover"
    _description = "Hand-over"
    _order = "requested_date desc, id desc"
    _log_access = False

    OPEN_STATES = ("waiting", "returned")

    visit_id = fields.Many2one(
        "crm.lifecycle.visit",
        "Stay",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    stage_id = fields.Many2one(
        "crm.lifecycle.stage",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    previous_stage_id = fields.Many2one(
        "crm.lifecycle.stage", "Came from", readonly=True, ondelete="set null"
    )
    process_id = fields.Many2one(related="stage_id.process_id", store=True, index=True)
    team_id = fields.Many2one("crm.team", readonly=True, ondelete="set null")
    company_id = fields.Many2one(
        "res.company", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    sender_id = fields.Many2one(
        "res.users", "Handed over by", readonly=True, index=True, ondelete="set null"
    )
    receiver_ids = fields.Many2many("res.users", string="To", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("accepted", "Accepted"),
            ("returned", "Returned"),
            ("cancelled", "Moved on"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="waiting",
        index=True,
        help="Moved on: it left the stage before anybody decided.",
    )
    requested_date = fields.Datetime(
        "Handed over on", required=True, readonly=True, default=fields.Datetime.now
    )
    decided_date = fields.Datetime("Decided on", readonly=True)
    decided_by_id = fields.Many2one(
        "res.users", "Decided by", readonly=True, ondelete="set null"
    )
    reason_id = fields.Many2one(
        "crm.lifecycle.return.reason",
        "Reason of the Return",
        readonly=True,
        ondelete="restrict",
    )
    reason = fields.Text("Explanation", readonly=True)
    hours = fields.Float(
        "Hours to Decide",
        compute="_compute_outcome",
        store=True,
        aggregator="avg",
        help="From the hand-over to the decision, around the clock.",
    )
    return_rate = fields.Float(
        compute="_compute_outcome",
        store=True,
        aggregator="avg",
        help="Share of the decided hand-overs that were returned.",
    )
    can_decide = fields.Boolean(
        compute="_compute_can_decide", search="_search_can_decide"
    )
    activity_ids = fields.One2many("mail.activity", "lifecycle_handover_id", "To Do")

    _visit_open_uniq = models.UniqueIndex(
        "(visit_id) WHERE state = 'waiting'", "It is already being handed over."
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("state", "decided_date", "requested_date")
    def _compute_outcome(self):
        for handover in self:
            handover.return_rate = 1.0 if handover.state == "returned" else 0.0
            decided = handover.decided_date or handover.requested_date
            waited = decided - handover.requested_date
            handover.hours = waited.total_seconds() / 3600

    def _compute_display_name(self):
        for handover in self:
            # sudo: a hand-over names what is handed over to whoever may see it
            known = handover.sudo()
            name = known._get_record().display_name or ""
            handover.display_name = f"{name} → {known.stage_id.name}"

    @api.depends("state", "receiver_ids", "sender_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        # sudo: who else answers for the record is asked whoever looks
        waiting = self.sudo().filtered(lambda h: h.state == "waiting")
        (self - waiting).can_decide = False
        others = waiting.filtered(lambda h: self.env.user not in h.receiver_ids)
        deputies = others._get_deputies()
        for handover in self - (self - waiting):
            by_right = self.env.su or handover not in others
            deputy = self.env.user in deputies.get(handover, ())
            handover.can_decide = by_right or deputy

    def _get_deputies(self):
        """Who may decide in place of the receivers: never the sender.

        :return: ``{hand-over: res.users}``
        """
        deputies = {}
        group = "crm_lifecycle.group_crm_lifecycle_manager"
        manager = self.env.user.filtered(lambda user: user.has_group(group))
        for key, model_name in self._get_host_keys().items():
            handovers = self.filtered(key)
            if not handovers:
                continue
            records = self.env[model_name].union(*handovers.mapped(key))
            accountable = records._lifecycle_get_role_users("accountable")
            for handover in handovers:
                leader = handover[key]._lifecycle_get_team().user_id
                people = accountable[handover[key]] | leader | manager
                deputies[handover] = people - handover.sender_id
        return deputies

    def _search_can_decide(self, operator, value):
        """What waits for the user in person; deputies look at all of them."""
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "waiting") & Domain(
            "receiver_ids", "in", self.env.uid
        )

    # ------------------------------------------------------------
    # The record
    # ------------------------------------------------------------

    @api.model
    def _get_host_keys(self):
        """The hosts' fields that name what is handed over: ``{field: model}``."""
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        return {self.env[name]._lifecycle_visit_key: name for name in hosts.values()}

    def _get_record(self):
        """What is handed over."""
        self.ensure_one()
        for key in self._get_host_keys():
            if self[key]:
                return self[key]
        return self.env["crm.lifecycle.mixin"]

    def action_open_record(self):
        """Open what is handed over."""
        self.ensure_one()
        record = self._get_record()
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
