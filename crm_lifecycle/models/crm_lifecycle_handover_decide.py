from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.plain_text import clean_text

REASON_LIMIT = 1000
TOLD_BY_MAIL = 20  # above, a mass move does not send a mail for each


class CrmLifecycleHandover(models.Model):
    """The life of a hand-over: asked for, accepted, returned, or passed by."""

    _inherit = "crm.lifecycle.handover"

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    @api.model
    def _request(self, records, visits):
        """Ask the receivers of records that have entered a hand-over stage.

        :param records: of one host, in the order of ``visits``
        :param visits: their open stays
        :return: the new hand-overs
        """
        key = records._lifecycle_visit_key
        returned = f"lifecycle_handover_id.{key}"
        # what was returned before is seen to, now that it comes again
        self.env["mail.activity"].search([(returned, "in", records.ids)]).unlink()
        responsible = records._lifecycle_get_role_users("responsible")
        accountable = records._lifecycle_get_role_users("accountable")
        values = []
        for record, visit in zip(records, visits, strict=True):
            choices = [
                responsible[record],
                visit.stage_id.user_id.filtered("active"),
                accountable[record],
            ]
            values.append({key: record.id, **self._prepare_request(visit, choices)})
        handovers = self.create(values)
        handovers._tell_receivers()
        handovers._start_clocks()
        return handovers

    @api.model
    def _prepare_request(self, visit, choices):
        """The values of the hand-over of one stay, see :meth:`_pick_receivers`."""
        sender = visit.user_id.filtered(lambda user: user.id != SUPERUSER_ID)
        sender = sender or visit.owner_id
        receivers = self._pick_receivers(sender, *choices)
        return {
            "visit_id": visit.id,
            "stage_id": visit.stage_id.id,
            "previous_stage_id": visit.previous_stage_id.id,
            "sender_id": sender.id,
            "receiver_ids": [fields.Command.set(receivers.ids)],
            "team_id": visit.team_id.id,
            "company_id": visit.company_id.id,
        }

    @api.model
    def _pick_receivers(self, sender, *choices):
        """The first people who are somebody else than the sender.

        Where the stage is the sender's own, there is nobody else to ask.
        """
        for people in choices:
            if others := people - sender:
                return others
        return choices[0] or sender

    def action_request(self):
        """Hand over again what was returned and still stands in the stage.

        :raise UserError: it was not returned, or has left the stage
        """
        self.ensure_one()
        record = self._get_record()
        record.check_access("write")
        # sudo: hand-overs and the log are kept by the engine alone
        handover = self.sudo()
        visit = handover.visit_id
        newest = self.search([("visit_id", "=", visit.id)], limit=1)
        if self.state != "returned" or visit.left_date or newest != self:
            raise UserError(self.env._("Only what was returned is handed over again."))
        again = handover._request(record, visit)
        again.sender_id = self.env.uid
        return {}

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def action_accept(self):
        """Accept hand-overs: the records go on, the next clock starts.

        :raise UserError: somebody has decided already, or is about to
        :raise AccessError: the user is none of those who may decide
        """
        handovers = self._take()
        handovers._decide("accepted")
        for handover in handovers.filtered("stage_id.handover_assigns"):
            handover._get_record()._lifecycle_assign(self.env.user)
        for key, model_name in self._get_host_keys().items():
            accepted = handovers.filtered(key)
            if accepted:
                # sudo: whoever accepts need not have the right to edit the records
                records = self.env[model_name].sudo().union(*accepted.mapped(key))
                records._lifecycle_handover_accepted(accepted)
        return {}

    def action_open_return(self):
        """Ask why hand-overs are returned."""
        self._check_may_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return"),
            "res_model": "crm.lifecycle.handover.return",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_handover_ids": self.ids},
        }

    def action_return(self, reason_id=None, reason=None):
        """Return hand-overs: the records go back to where they came from.

        :param int reason_id: id of a ``crm.lifecycle.return.reason``
        :param str reason: what is missing, in own words; one of both is needed
        :raise UserError: no reason, or somebody has decided already
        :raise AccessError: the user is none of those who may decide
        """
        reasons = self.env["crm.lifecycle.return.reason"]
        reasons = reasons.browse(reason_id or ()).exists()
        reason = clean_text(reason, REASON_LIMIT)
        if not reason and not reasons:
            raise UserError(self.env._("Say why it is returned."))
        text = ": ".join(filter(None, [reasons.name, reason]))
        handovers = self._take()
        handovers._decide("returned", reason_id=reasons.id, reason=reason)
        for handover in handovers:
            handover._go_back(self.env._("Returned: %s", text))
        handovers._tell_sender(text)
        return {}

    def _take(self):
        """Lock waiting hand-overs for the user, who may decide on them.

        :return: the hand-overs with the rights of the engine
        """
        self.check_access("read")
        # sudo: hand-overs are kept by the engine alone
        taken = self.sudo().try_lock_for_update()
        if len(taken) < len(self):
            raise UserError(
                self.env._("Somebody else is deciding on it right now. Look again.")
            )
        taken.invalidate_recordset()
        self._check_may_decide()
        return taken

    def _check_may_decide(self):
        """Raise unless the user may decide on these hand-overs, and they wait."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for handover in self:
            if handover.state != "waiting":
                raise UserError(
                    self.env._(
                        "“%(handover)s” is not waiting any more: %(state)s (%(user)s).",
                        handover=handover.display_name,
                        state=labels[handover.state],
                        # sudo: the name of a colleague
                        user=handover.sudo().decided_by_id.name or "",
                    )
                )
            if not handover.can_decide:
                raise AccessError(
                    self.env._(
                        "“%(handover)s” is decided by %(users)s, who receive it, or "
                        "those who answer for the stage.",
                        handover=handover.display_name,
                        # sudo: as above
                        users=", ".join(handover.sudo().receiver_ids.mapped("name")),
                    )
                )

    def _decide(self, state, **values):
        self.write(
            {
                **values,
                "state": state,
                "decided_date": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._settle()

    def _go_back(self, reason):
        """Move the record back: the right of the receiver, whatever the gate asks."""
        self.ensure_one()
        record, stage = self._get_record(), self.previous_stage_id
        if stage and not record._lifecycle_get_structural_blockers(stage):
            record._lifecycle_move(stage, reason=reason, origin="return")

    def _withdraw(self):
        """End hand-overs that nobody decides on any more: their stay is over."""
        self.filtered(lambda h: h.state == "waiting").write({"state": "cancelled"})
        self._settle()

    def _settle(self):
        """Take back what was asked of the receivers."""
        self.activity_ids.unlink()
        self._stop_clocks()

    # ------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------

    def _tell_receivers(self):
        """A to-do for every receiver."""
        self._schedule(
            {handover: handover.receiver_ids for handover in self},
            lambda handover: (
                handover.env._("Accept the hand-over: %s", handover.stage_id.name),
                handover.env._(
                    "%s hands it over to you. Accept or return it in its next steps.",
                    handover.sender_id.name or handover.env._("The process"),
                ),
            ),
        )

    def _tell_sender(self, reason):
        """A to-do for who has handed over what is returned."""
        self._schedule(
            {handover: handover.sender_id.filtered("active") for handover in self},
            lambda handover: (
                handover.env._("Hand-over returned: %s", handover.stage_id.name),
                reason,
            ),
        )

    def _schedule(self, people, get_texts):
        """Schedule to-dos on the records, all at once.

        :param dict people: ``{hand-over: res.users}``
        :param get_texts: gives summary and note of a hand-over in the language of
            its environment
        """
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        values = []
        for handover, users in people.items():
            record = handover._get_record()
            for user in users:
                summary, note = get_texts(handover.with_context(lang=user.lang))
                values.append(
                    {
                        "res_model_id": self.env["ir.model"]._get_id(record._name),
                        "res_id": record.id,
                        "activity_type_id": todo.id if todo else False,
                        "automated": True,
                        "summary": summary,
                        "note": Markup("<p>%s</p>") % note,
                        "user_id": user.id,
                        "lifecycle_handover_id": handover.id,
                    }
                )
        quietly = len(self) > TOLD_BY_MAIL
        self.env["mail.activity"].with_context(
            mail_activity_quick_update=quietly
        ).create(values)
