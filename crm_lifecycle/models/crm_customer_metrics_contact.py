from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .crm_customer_metrics_source import COMMERCIAL, Source

INCOMING, OUTGOING, BOTH = SQL("'in'"), SQL("'out'"), SQL("'both'")


class Thread(NamedTuple):
    """Documents on which people write to a customer and plan calls."""

    model: str
    joins: SQL  # from ``d.res_id`` to the partner ``p``; ends with a condition
    company: SQL


class CrmCustomerMetrics(models.Model):
    """What a contact is."""

    _inherit = "crm.customer.metrics"

    @api.model
    def _get_contact_sources(self):
        """Hook: what counts as a contact with the customer.

        * A message that the customer or a colleague wrote on a document of the
          customer. Notes, tracked changes, automatic answers and mailings are none.
        * A call or meeting that was planned on such a document and is done.
        * A meeting in the calendar that a person of the customer attended, once over.
        * A visit of the portal.

        Purchases count as well, see :meth:`_get_purchase_sources`. A contact of no
        company counts in all companies that know the customer.

        :return: list of :class:`Source`; their ``values`` are ``direction``:
            ``in`` (they to us), ``out`` or ``both``
        """
        sources = []
        for thread in self._get_contact_threads():
            sources.append(self._get_message_source(thread))
            sources.append(self._get_activity_source(thread))
        return [*sources, self._get_meeting_source(), self._get_portal_source()]

    @api.model
    def _get_contact_threads(self):
        """Hook: documents on which people write to a customer.

        :return: list of :class:`Thread`
        """
        of_document = SQL("JOIN res_partner p ON p.id = o.partner_id")
        return [
            Thread(
                "res.partner",
                SQL("JOIN res_partner p ON p.id = d.res_id"),
                SQL("p.company_id"),
            ),
            Thread(
                "crm.lead",
                SQL("JOIN crm_lead o ON o.id = d.res_id %s", of_document),
                SQL("o.company_id"),
            ),
            Thread(
                "sale.order",
                SQL("JOIN sale_order o ON o.id = d.res_id %s", of_document),
                SQL("o.company_id"),
            ),
            Thread(
                "account.move",
                SQL(
                    "JOIN account_move o ON o.id = d.res_id AND o.move_type"
                    " IN ('out_invoice', 'out_receipt', 'out_refund') %s",
                    of_document,
                ),
                SQL("o.company_id"),
            ),
        ]

    @api.model
    def _get_message_source(self, thread):
        """Messages between people; who has a user of ours writes for the company."""
        # by its cached id: orders are confirmed with this
        robot = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        return Source(
            name=f"message {thread.model}",
            table="mail_message",
            joins=SQL("%s AND d.model = %s", thread.joins, thread.model),
            partner=COMMERCIAL,
            company=thread.company,
            date=SQL("d.date"),
            values={
                "direction": SQL(
                    "CASE WHEN d.author_id IN (SELECT partner_id FROM res_users"
                    " WHERE share IS NOT TRUE) THEN 'out' ELSE 'in' END"
                )
            },
            where=SQL(
                "d.message_type IN ('email', 'comment', 'sms')"
                " AND d.is_internal IS NOT TRUE AND d.author_id IS DISTINCT FROM %s"
                " AND d.subtype_id IN (SELECT id FROM mail_message_subtype"
                " WHERE internal IS NOT TRUE)",
                robot,
            ),
            appended=True,
        )

    @api.model
    def _get_activity_source(self, thread):
        """Calls and meetings that somebody planned and marked as done."""
        return Source(
            name=f"activity {thread.model}",
            table="mail_activity",
            joins=SQL("%s AND d.res_model = %s", thread.joins, thread.model),
            partner=COMMERCIAL,
            company=thread.company,
            date=SQL("d.date_done::timestamp"),
            values={"direction": OUTGOING},
            where=SQL(
                "d.active IS NOT TRUE AND d.date_done IS NOT NULL"
                " AND d.activity_type_id IN (SELECT id FROM mail_activity_type"
                " WHERE category IN ('phonecall', 'meeting'))"
            ),
        )

    @api.model
    def _get_meeting_source(self):
        return Source(
            name="meeting",
            table="calendar_event",
            joins=SQL(
                "JOIN calendar_event_res_partner_rel r ON r.calendar_event_id = d.id"
                " JOIN res_partner p ON p.id = r.res_partner_id"
                " AND NOT EXISTS (SELECT FROM res_users u"
                " WHERE u.partner_id = p.id AND u.share IS NOT TRUE)"
            ),
            partner=COMMERCIAL,
            company=SQL("NULL::int"),
            date=SQL("d.stop"),
            values={"direction": BOTH},
            where=SQL("d.active"),
            edges=SQL("d.stop"),
        )

    @api.model
    def _get_portal_source(self):
        return Source(
            name="portal",
            table="res_users_log",
            joins=SQL(
                "JOIN res_users u ON u.id = d.create_uid AND u.share"
                " JOIN res_partner p ON p.id = u.partner_id"
            ),
            partner=COMMERCIAL,
            company=SQL("NULL::int"),
            date=SQL("d.create_date"),
            values={"direction": INCOMING},
            appended=True,
        )
