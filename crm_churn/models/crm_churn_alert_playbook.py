from zlib import crc32

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CrmChurnAlert(models.Model):
    """The playbook of an alert; those left alone, so that it can be measured."""

    _inherit = "crm.churn.alert"

    playbook_id = fields.Many2one(
        "crm.churn.playbook",
        "Playbook",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_holdout = fields.Boolean(
        "Left Alone",
        readonly=True,
        help="Nobody acts, so that the effect of the playbook can be measured.",
    )
    playbook_offer = fields.Char(related="playbook_id.offer", string="Offer")
    playbook_script = fields.Html(related="playbook_id.script", string="Call Script")
    playbook_letter_id = fields.Many2one(related="playbook_id.mail_template_id")
    lead_ids = fields.One2many(
        "crm.lead",
        "churn_alert_id",
        "Win-Back Opportunities",
        groups="sales_team.group_sale_salesman",
    )
    lead_count = fields.Integer(
        compute="_compute_lead_count", groups="sales_team.group_sale_salesman"
    )

    @api.depends("lead_ids")
    def _compute_lead_count(self):
        counts = self.env["crm.lead"]._read_group(
            [("churn_alert_id", "in", self.ids)], ["churn_alert_id"], ["__count"]
        )
        counts = dict(counts)
        for alert in self:
            alert.lead_count = counts.get(alert._origin, 0)

    # ------------------------------------------------------------
    # Choosing and beginning
    # ------------------------------------------------------------

    def _follow_up(self):
        held = self._choose_playbooks()
        treated = self - held
        result = super(CrmChurnAlert, treated)._follow_up()
        treated._begin_playbooks()
        return result

    def _choose_playbooks(self):
        """Give each alert the first playbook that fits.

        :return: those who are left alone
        """
        held = self.browse()
        # sudo: a playbook holds, whoever raises the alert
        playbooks = self.env["crm.churn.playbook"].sudo()
        playbooks = playbooks.search([("active", "=", True)])
        found = {alert: alert._find_playbook(playbooks) for alert in self}
        for playbook, alerts in self.grouped(found.get).items():
            if not playbook:
                continue
            left = alerts.filtered(lambda a, p=playbook: a._is_left_alone(p))
            values = {"playbook_id": playbook.id}
            # new alerts: nothing is planned or tracked yet
            models.BaseModel.write(
                left, {**values, "is_holdout": True, "user_id": False}
            )
            owner = playbook.user_id.filtered("active")
            if owner:
                values["user_id"] = owner.id
            models.BaseModel.write(alerts - left, values)
            held |= left
        return held

    def _find_playbook(self, playbooks):
        """The first of these that fits the alert."""
        self.ensure_one()
        company, signal = self.company_id, self.signal_id
        tier = self.partner_id.customer_tier_id
        critical = self.reason != "silence" and (
            self.score < company.churn_critical_below
        )
        for playbook in playbooks:
            if (
                (not playbook.company_id or playbook.company_id == company)
                and playbook.reason in (False, self.reason)
                and (not playbook.signal_ids or signal in playbook.signal_ids)
                and (not playbook.tier_ids or tier in playbook.tier_ids)
                and (critical or not playbook.only_critical)
            ):
                return playbook
        return playbooks.browse()

    def _is_left_alone(self, playbook):
        """The same for one customer and playbook all year; VIPs never are."""
        self.ensure_one()
        if self.partner_id.customer_tier_id.is_vip:
            return False
        seed = f"{playbook.id}/{self.partner_id.id}/{self.raised_date.year}"
        return crc32(seed.encode()) % 100 < playbook.holdout_percent

    def _begin_playbooks(self):
        """Schedule the steps, and open the opportunity."""
        values = []
        model_id = self.env["ir.model"]._get_id(self._name)
        for alert in self.filtered("user_id"):
            for step in alert.playbook_id.plan_id.template_ids:
                prepared = step._lifecycle_prepare_activity(alert, alert.user_id)
                values.append({**prepared, "res_model_id": model_id, "automated": True})
        # the board and the bell tell them: no mail for each
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            values
        )
        self.filtered("playbook_id.is_winback")._open_winback()

    # ------------------------------------------------------------
    # Ending
    # ------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and vals.keys() & {"playbook_id", "is_holdout"}:
            raise UserError(
                self.env._("What an alert is based on is evidence and is not changed.")
            )
        result = super().write(vals)
        if vals.get("state") in ("saved", "lost", "false_alarm"):
            # sudo: steps of others end with the alert as well
            steps = self.env["mail.activity"].sudo()
            steps.search(
                Domain("res_model", "=", self._name)
                & Domain("res_id", "in", self.ids)
                & Domain("automated", "=", True)
                & Domain("activity_type_id", "in", self._get_step_types().ids)
            ).unlink()
        return result

    def _get_step_types(self):
        """The kinds of activities the playbooks of these alerts have scheduled."""
        # sudo: as above
        return self.sudo().playbook_id.plan_id.template_ids.activity_type_id

    # ------------------------------------------------------------
    # Winning back
    # ------------------------------------------------------------

    def _open_winback(self):
        """An opportunity for each customer, worth what it has bought in a year."""
        facts = self.env["crm.customer.metrics"].search(
            Domain("partner_id", "in", self.partner_id.ids)
        )
        worth = {
            (row.partner_id, row.company_id): max(
                row.revenue_12m, row.revenue_previous_12m
            )
            for row in facts
        }
        return self.env["crm.lead"].create(
            [
                {
                    "name": self.env._("Win back: %s", alert.partner_id.name),
                    "type": "opportunity",
                    "partner_id": alert.partner_id.id,
                    "company_id": alert.company_id.id,
                    "user_id": alert.user_id.id,
                    "team_id": alert.user_id.sale_team_id.id,
                    "expected_revenue": worth.get(
                        (alert.partner_id, alert.company_id), 0
                    ),
                    "churn_alert_id": alert.id,
                }
                for alert in self
            ]
        )

    def action_winback(self):
        """Open the win-back opportunity of the customer, a new one if there is none."""
        self.ensure_one()
        self.check_access("write")
        lead = self.lead_ids[:1] or self._open_winback()
        return lead.get_formview_action()

    def action_view_leads(self):
        """The win-back opportunities of the alert."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads")
        return dict(
            action,
            name=self.env._("Win-Back Opportunities"),
            domain=[("churn_alert_id", "=", self.id)],
            context={},
        )

    def action_write_letter(self):
        """Open the letter of the playbook, to read and to send it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": self.playbook_letter_id.id,
                "default_composition_mode": "comment",
                "default_partner_ids": self.partner_id.ids,
            },
        }
