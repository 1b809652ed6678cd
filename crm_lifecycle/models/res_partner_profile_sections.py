from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

SHOWN = 5


class ResPartner(models.Model):
    """The lists on the profile of a customer."""

    _inherit = "res.partner"

    def _lifecycle_get_profile_sections(self):
        """Hook: the lists on the profile, each of what the user may see.

        A list is made by :meth:`_lifecycle_get_profile_section`; an addon that knows
        more of the customer adds its own.

        :return: list of sections
        """
        family = Domain("partner_id", "child_of", self.id)
        sections = [
            self._lifecycle_get_profile_orders(family),
            self._lifecycle_get_profile_quotations(family),
            self._lifecycle_get_profile_invoices(family),
            self._lifecycle_get_profile_leads(family),
            self._lifecycle_get_profile_activities(),
            self._lifecycle_get_profile_contacts(),
        ]
        return [section for section in sections if section]

    @api.model
    def _lifecycle_get_profile_section(self, model, domain, describe, **section):
        """One list of the profile, or ``None`` when the user may not see the model.

        :param str model: of the records
        :param domain: which of them
        :param describe: function of one record that returns a dict with ``name`` and,
            as wanted, ``detail``, ``value``, ``badge`` and ``look`` (of the badge:
            success, warning, danger, info, secondary); its row opens the record unless
            it names ``res_model`` and ``res_id`` of another
        :param section: ``key``, ``title``, ``icon``, ``sequence``, and ``order``
        """
        records = self.env[model]
        if not records.has_access("read"):
            return None
        domain = Domain(domain)
        found = records.search(domain, order=section.pop("order", None), limit=SHOWN)
        return {
            **section,
            "model": model,
            "domain": list(domain),
            "count": records.search_count(domain),
            "rows": [
                {"res_model": model, "res_id": record.id, **describe(record)}
                for record in found
            ],
        }

    def _lifecycle_get_profile_orders(self, family):
        return self._lifecycle_get_profile_section(
            "sale.order",
            family & Domain("state", "=", "sale"),
            lambda order: {
                "name": order.name,
                "detail": format_date(self.env, order.date_order),
                "value": format_amount(self.env, order.amount_total, order.currency_id),
            },
            key="orders",
            title=self.env._("Orders"),
            icon="fa-shopping-cart",
            sequence=10,
            order="date_order desc, id desc",
        )

    def _lifecycle_get_profile_quotations(self, family):
        today = fields.Date.context_today(self)

        def describe(order):
            until = order.validity_date
            expired = until and until < today
            return {
                "name": order.name,
                "detail": until
                and self.env._("valid until %s", format_date(self.env, until)),
                "value": format_amount(self.env, order.amount_total, order.currency_id),
                "badge": self.env._("Expired") if expired else False,
                "look": "danger",
            }

        return self._lifecycle_get_profile_section(
            "sale.order",
            family & Domain("state", "in", ("draft", "sent")),
            describe,
            key="quotations",
            title=self.env._("Open Quotations"),
            icon="fa-file-text-o",
            sequence=20,
            order="date_order desc, id desc",
        )

    def _lifecycle_get_profile_invoices(self, family):
        kinds = ("out_invoice", "out_refund", "out_receipt")
        return self._lifecycle_get_profile_section(
            "account.move",
            family & Domain("move_type", "in", kinds) & Domain("state", "=", "posted"),
            self._describe_profile_invoice,
            key="invoices",
            title=self.env._("Invoices"),
            icon="fa-money",
            sequence=30,
            order="invoice_date desc, id desc",
        )

    @api.model
    def _describe_profile_invoice(self, move):
        state, date = move.payment_state, move.invoice_date
        states = move._fields["payment_state"]._description_selection(self.env)
        today = fields.Date.context_today(self)
        late = state in ("not_paid", "partial") and (
            move.invoice_date_due and move.invoice_date_due < today
        )
        paid = state in ("paid", "in_payment", "reversed")
        return {
            "name": move.name,
            "detail": date and format_date(self.env, date),
            "value": format_amount(self.env, move.amount_total, move.currency_id),
            "badge": self.env._("Overdue") if late else dict(states).get(state),
            "look": "danger" if late else "success" if paid else "secondary",
        }

    def _lifecycle_get_profile_leads(self, family):
        return self._lifecycle_get_profile_section(
            "crm.lead",
            family & Domain("won_status", "=", "pending"),
            lambda lead: {
                "name": lead.name,
                "detail": lead.user_id.name,
                "value": format_amount(
                    self.env, lead.expected_revenue, lead.company_currency
                ),
                "badge": lead.stage_id.name,
                "look": "info",
            },
            key="leads",
            title=self.env._("Opportunities"),
            icon="fa-star",
            sequence=40,
            order="priority desc, id desc",
        )

    def _lifecycle_get_profile_activities(self):
        """What is open on the customer, its contacts, its leads and its orders."""
        family = Domain("partner_id", "child_of", self.id)
        places = {
            "res.partner": Domain("id", "child_of", self.id),
            "crm.lead": family & Domain("won_status", "=", "pending"),
            "sale.order": family,
        }
        domain = Domain.OR(
            Domain("res_model", "=", name)
            & Domain("res_id", "in", self.env[name].search(where).ids)
            for name, where in places.items()
            if self.env[name].has_access("read")
        )
        return self._lifecycle_get_profile_section(
            "mail.activity",
            domain,
            self._describe_profile_activity,
            key="activities",
            title=self.env._("Open Activities"),
            icon="fa-clock-o",
            sequence=5,
            order="date_deadline, id",
        )

    @api.model
    def _describe_profile_activity(self, activity):
        looks = {"overdue": "danger", "today": "warning", "planned": "success"}
        states = activity._fields["state"]._description_selection(self.env)
        people = filter(None, [activity.user_id.name, activity.res_name])
        return {
            "name": activity.summary or activity.activity_type_id.name,
            "detail": ", ".join(people),
            "value": format_date(self.env, activity.date_deadline),
            "badge": dict(states).get(activity.state),
            "look": looks.get(activity.state),
            "res_model": activity.res_model,
            "res_id": activity.res_id,
        }

    def _lifecycle_get_profile_contacts(self):
        return self._lifecycle_get_profile_section(
            "res.partner",
            Domain("id", "child_of", self.id)
            & Domain("id", "!=", self.id)
            & Domain("type", "=", "contact"),
            lambda contact: {
                "name": contact.name or contact.display_name,
                "detail": ", ".join(
                    filter(None, [contact.function, contact.phone, contact.email])
                ),
            },
            key="contacts",
            title=self.env._("Contacts"),
            icon="fa-address-book-o",
            sequence=50,
            order="name, id",
        )
