from odoo import api, fields, models

KIND = "first_touch"
FOLLOWED_FIELDS = {"user_id", "team_id", "company_id", "source_id"}


class CrmSlaTimer(models.Model):
    """The clock of the first touch of a new lead."""

    _inherit = "crm.sla.timer"

    kind = fields.Selection(
        selection_add=[(KIND, "First Touch of a Lead")], ondelete={KIND: "cascade"}
    )

    def _get_escalation_subject(self):
        """Say what is late, since no stage is."""
        self.ensure_one()
        if self.kind != KIND:
            return super()._get_escalation_subject()
        if self.state == "late":
            return self.env._("Nobody has been in touch yet")
        return self.env._("Get in touch for the first time")


class CrmLead(models.Model):
    """Every new lead is touched first within a time limit.

    What counts as a touch is said in ``crm_lead_touch_source.py``; the earliest
    counts and stays, whatever happens to the lead later.
    """

    _inherit = "crm.lead"

    lifecycle_touch_date = fields.Datetime(
        "First Touch", readonly=True, copy=False, index="btree_not_null"
    )
    lifecycle_touch_kind = fields.Selection(
        [
            ("mail", "Email"),
            ("sms", "Text Message"),
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("move", "Stage Changed by Its Owner"),
        ],
        "Touched by Way of",
        readonly=True,
        copy=False,
    )
    lifecycle_touch_user_id = fields.Many2one(
        "res.users",
        "First Touched by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._lifecycle_expect_touch()
        return leads

    def write(self, vals):
        came_back = (
            self.filtered(lambda lead: not lead.active)
            if vals.get("active")
            else self.browse()
        )
        result = super().write(vals)
        if vals.keys() & FOLLOWED_FIELDS:
            self._lifecycle_follow_touch()
        if vals.keys() & {"active", "probability", "stage_id"}:
            self._lifecycle_drop_touch()
        came_back._lifecycle_expect_touch()
        return result

    def _lifecycle_expect_touch(self):
        """Start the clocks of open leads that nobody has touched yet."""
        rules = self.env["crm.lead.touch.rule"]
        if not self or not rules._get_rules():
            return
        waiting = self.filtered(
            lambda lead: (
                lead.active
                and lead.won_status == "pending"
                and not lead.lifecycle_touch_date
            )
        )
        # sudo: clocks are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        found = rules._find_policies(waiting)
        for policy, leads in waiting.grouped(found.get).items():
            timers._start(KIND, policy, [lead._prepare_touch_clock() for lead in leads])

    def _prepare_touch_clock(self):
        self.ensure_one()
        return {
            "lead_id": self.id,
            "owner_id": self.user_id.id,
            "team_id": self.team_id.id,
            "company_id": self.company_id.id,
        }

    def _lifecycle_find_touch_clocks(self):
        """The clocks that run for these leads; touched ones have none."""
        # sudo: clocks are kept by the engine alone
        timers = self.env["crm.sla.timer"].sudo()
        if not self.env["crm.lead.touch.rule"]._get_rules():
            return timers
        # sudo: hidden leads have clocks too
        waiting = self.sudo().filtered(lambda lead: not lead.lifecycle_touch_date)
        if not waiting:
            return timers
        return timers._find_running(KIND, "lead_id", waiting.ids)

    def _lifecycle_follow_touch(self):
        """Another owner answers from now on; another team may have another limit."""
        clocks = self._lifecycle_find_touch_clocks()
        found = self.env["crm.lead.touch.rule"]._find_policies(clocks.lead_id)
        for clock in clocks:
            clock.write(clock.lead_id._prepare_touch_clock())
        for policy, same in clocks.grouped(lambda c: found[c.lead_id]).items():
            others = same.filtered(lambda clock, p=policy: clock.policy_id != p)
            if not policy:
                others._stop(cancelled=True)
            elif others:
                others.policy_id = policy
                others._replan()

    def _lifecycle_drop_touch(self):
        """What is lost or archived need not be touched any more."""
        clocks = self._lifecycle_find_touch_clocks()
        clocks.filtered(
            lambda c: not c.lead_id.active or c.lead_id.won_status == "lost"
        )._stop(cancelled=True)

    def _lifecycle_touch(self, kind, user, when=None):
        """Somebody was in touch: it counts where it is the first time.

        :param str kind: one of the field ``lifecycle_touch_kind``
        :param user: the ``res.users`` who was
        :param datetime when: UTC; now when not given
        """
        # sudo: who writes a mail need not have the right to edit the lead
        untouched = self.sudo().filtered(lambda lead: not lead.lifecycle_touch_date)
        if not untouched:
            return
        when = when or fields.Datetime.now()
        clocks = untouched._lifecycle_find_touch_clocks()
        # the lead itself has not changed: no automation, no tracking
        models.BaseModel.write(
            untouched,
            {
                "lifecycle_touch_date": when,
                "lifecycle_touch_kind": kind,
                "lifecycle_touch_user_id": user.id,
            },
        )
        clocks._stop(when)

    def _merge_dependences(self, opportunities):
        """The earliest touch of all is that of the lead that remains."""
        # sudo: as in _lifecycle_touch
        touched = (self | opportunities).sudo().filtered("lifecycle_touch_date")
        first = touched.sorted("lifecycle_touch_date")[:1]
        if first and first != self:
            lead = self.sudo()  # sudo: as above
            lead._lifecycle_find_touch_clocks()._stop(first.lifecycle_touch_date)
            models.BaseModel.write(
                lead,
                {
                    name: first[name].id if name.endswith("_id") else first[name]
                    for name in (
                        "lifecycle_touch_date",
                        "lifecycle_touch_kind",
                        "lifecycle_touch_user_id",
                    )
                },
            )
        return super()._merge_dependences(opportunities)
