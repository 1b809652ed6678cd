from odoo import api, models
from odoo.tools import SQL

OUTGOING = {"comment": "mail", "email": "mail", "email_outgoing": "mail", "sms": "sms"}
# the earliest of what people did, before the rule was introduced
PAST_TOUCHES = """
    UPDATE crm_lead AS lead
       SET lifecycle_touch_date = first.date, lifecycle_touch_kind = first.kind,
           lifecycle_touch_user_id = first.user_id
      FROM (SELECT DISTINCT ON (touch.lead_id) touch.*
              FROM (SELECT m.res_id AS lead_id, m.date, u.id AS user_id,
                           CASE WHEN m.mail_activity_type_id IS NULL
                                THEN CASE m.message_type WHEN 'sms' THEN 'sms'
                                                         ELSE 'mail' END
                                WHEN t.category = 'phonecall' THEN 'call'
                                WHEN t.category = 'meeting' THEN 'meeting'
                                ELSE 'mail' END AS kind
                      FROM mail_message m
                      JOIN res_users u
                        ON u.partner_id = m.author_id AND u.share IS NOT TRUE
                      LEFT JOIN mail_activity_type t
                        ON t.id = m.mail_activity_type_id
                     WHERE m.model = 'crm.lead'
                       AND (t.category IN ('phonecall', 'meeting') OR t.id = %(mail)s
                            OR m.mail_activity_type_id IS NULL
                               AND m.message_type = ANY(%(types)s)
                               AND m.subtype_id = %(comment)s)
                     UNION ALL
                    SELECT c.opportunity_id, c.create_date, c.user_id, 'meeting'
                      FROM calendar_event c
                     WHERE c.opportunity_id IS NOT NULL AND c.user_id IS NOT NULL
                     UNION ALL
                    SELECT v.lead_id, v.entered_date, v.user_id, 'move'
                      FROM crm_lifecycle_visit v
                      JOIN crm_lead moved
                        ON moved.id = v.lead_id AND moved.user_id = v.user_id
                     WHERE v.previous_stage_id IS NOT NULL) AS touch
             ORDER BY touch.lead_id, touch.date) AS first
     WHERE first.lead_id = lead.id AND lead.lifecycle_touch_date IS NULL
"""


class CrmLead(models.Model):
    """What counts as a touch.

    A mail or text message to somebody outside by one of us, a call or meeting that is
    done, a meeting that is made, a move by the owner's own hand. Notes and what
    programs send do not.
    """

    _inherit = "crm.lead"

    def _message_post_after_hook(self, message, msg_values):
        self._lifecycle_touch_by_message(message)
        return super()._message_post_after_hook(message, msg_values)

    def _lifecycle_touch_by_message(self, message):
        # sudo: the lead's reader need not see who else is written to
        message = message.sudo()
        author = message.author_id.user_ids.filtered(
            lambda user: user.active and not user.share
        )[:1]
        if not author:
            return
        kind = self._lifecycle_get_done_kind(message.mail_activity_type_id)
        if not message.mail_activity_type_id and self._lifecycle_is_to_others(message):
            kind = OUTGOING.get(message.message_type)
        if kind:
            self._lifecycle_touch(kind, author, message.date)

    @api.model
    def _lifecycle_get_done_kind(self, activity_type):
        """What kind of touch an activity is that was done; ``None`` for none."""
        if activity_type.category in ("phonecall", "meeting"):
            return "call" if activity_type.category == "phonecall" else "meeting"
        mail = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        return "mail" if activity_type and activity_type == mail else None

    def _lifecycle_is_to_others(self, message):
        """Whether a message leaves the house."""
        if message.message_type == "sms":
            return True
        if message.is_internal or message.subtype_id.internal:
            return False
        if message.subtype_id != self.env.ref("mail.mt_comment"):
            return False
        readers = (
            message.partner_ids | self.sudo().message_partner_ids
        )  # sudo: as above
        return bool(message.outgoing_email_to) or any(readers.mapped("partner_share"))

    def _lifecycle_entered(self, visits):
        """A move by the owner's own hand is a touch, and so is winning it."""
        result = super()._lifecycle_entered(visits)
        touching = visits.filtered(
            lambda visit: (
                visit.stage_id.outcome == "won"
                or (
                    visit.origin == "manual"
                    and visit.previous_stage_id
                    and visit.stage_id.outcome != "lost"
                    and visit.lead_id.user_id
                    and visit.user_id == visit.lead_id.user_id
                )
            )
        )
        for (user, moment), moves in touching.grouped(
            lambda visit: (visit.user_id, visit.entered_date)
        ).items():
            moves.lead_id._lifecycle_touch("move", user, moment)
        return result

    @api.model
    def _lifecycle_fill_touches(self):
        """Find the first touches of the leads that are there already."""
        self.env.flush_all()
        comment = self.env.ref("mail.mt_comment", raise_if_not_found=False)
        mail = self.env.ref("mail.mail_activity_data_email", raise_if_not_found=False)
        self.env.cr.execute(
            SQL(
                PAST_TOUCHES,
                types=list(OUTGOING),
                comment=comment.id if comment else None,
                mail=mail.id if mail else None,
            )
        )
        self.env.invalidate_all(flush=False)


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        """A meeting that a colleague makes for a lead is a touch."""
        events = super().create(vals_list)
        if self.env.user._is_internal() and not self.env.su:
            for event in events.filtered("opportunity_id"):
                event.opportunity_id._lifecycle_touch("meeting", self.env.user)
        return events
