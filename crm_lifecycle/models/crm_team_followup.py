from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

DAYS = 7


class CrmTeam(models.Model):
    """The weekly follow-up report: what each seller did, and what waits.

    Nobody types anything: it is counted from leads, stays, done activities and clocks.
    """

    _inherit = "crm.team"

    lifecycle_followup = fields.Boolean(
        "Weekly Follow-up Report",
        default=True,
        help="Every Monday the team leader gets a mail: what each salesperson did in "
        "the last seven days, and what is late or has no next step.",
    )

    @api.model
    def _cron_lifecycle_followup(self):
        """Mail every team leader the report of the team."""
        # sudo: teams of every company
        teams = self.sudo().search(
            [("lifecycle_followup", "=", True), ("user_id.active", "=", True)]
        )
        teams._lifecycle_send_followup()

    def _lifecycle_send_followup(self):
        """Send the reports; a constant number of queries whatever the teams."""
        since = fields.Datetime.now() - timedelta(days=DAYS)
        counts = self._lifecycle_count_followup(since)
        mails = []
        for team in self:
            rows = self._lifecycle_sort_followup(counts.get(team.id, {}))
            if not rows or not team.user_id.email_normalized:
                continue
            leader = team.user_id
            there = team.with_context(lang=leader.lang, tz=leader.tz)
            body = there.env["ir.qweb"]._render(
                "crm_lifecycle.team_followup_mail",
                {"team": there, "rows": rows, "days": DAYS},
                lang=leader.lang,
            )
            mails.append(
                {
                    "subject": there.env._("Follow-up of the week: %s", there.name),
                    "body_html": body,
                    "recipient_ids": [(4, leader.partner_id.id)],
                    "auto_delete": True,
                }
            )
        return self.env["mail.mail"].create(mails)

    def _lifecycle_count_followup(self, since):
        """What is counted, per team and salesperson.

        :param datetime since: UTC, the beginning of the week
        :return: ``{team id: {res.users: {name of the figure: number}}}``
        """
        counts = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        ours = Domain("team_id", "in", self.ids)
        figures = self._lifecycle_get_followup_figures(since)
        for name, (model_name, user, domain) in figures.items():
            groups = self.env[model_name]._read_group(
                ours & domain, ["team_id", user], ["__count"]
            )
            for team, seller, count in groups:
                counts[team.id][seller][name] = count
        self._lifecycle_count_done(counts, since)
        return counts

    @api.model
    def _lifecycle_get_followup_figures(self, since):
        """Hook: what is counted: ``{name: (model, field with the user, domain)}``.

        :param datetime since: UTC, the beginning of the week
        """
        is_open = self.env["crm.lead"]._lifecycle_get_poolable_domain()
        of_leads = Domain("lead_id", "!=", False)
        by_hand = Domain("entered_date", ">=", since) & Domain("origin", "=", "manual")
        idle = is_open & self.env["crm.lead"]._lifecycle_get_idle_domain()
        won = Domain("won_status", "=", "won") & Domain("date_closed", ">=", since)
        return {
            "open": ("crm.lead", "user_id", is_open),
            "new": ("crm.lead", "user_id", Domain("create_date", ">=", since)),
            "idle": ("crm.lead", "user_id", idle),
            "won": ("crm.lead", "user_id", won),
            "moves": ("crm.lifecycle.visit", "user_id", of_leads & by_hand),
            "late": (
                "crm.sla.timer",
                "owner_id",
                of_leads & Domain("state", "=", "late"),
            ),
        }

    def _lifecycle_count_done(self, counts, since):
        """Mails and done activities on leads, by who wrote or did them."""
        messages = self.env["mail.message"]._read_group(
            Domain("model", "=", "crm.lead")
            & Domain("date", ">=", since)
            & (
                Domain("mail_activity_type_id", "!=", False)
                | Domain("message_type", "in", ("comment", "email_outgoing"))
                & Domain("subtype_id", "=", self.env.ref("mail.mt_comment").id)
            ),
            ["author_id", "res_id"],
            ["__count"],
        )
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads = leads.browse({res_id for _author, res_id, _count in messages}).exists()
        teams = {lead.id: lead.team_id.id for lead in leads}
        for author, res_id, count in messages:
            user = author.user_ids.filtered(lambda u: u.active and not u.share)[:1]
            if user and teams.get(res_id) in self.ids:
                counts[teams[res_id]][user]["contacts"] += count

    @api.model
    def _lifecycle_sort_followup(self, by_seller):
        """The rows of one team: where most is late first, the unassigned last."""
        return sorted(
            by_seller.items(),
            key=lambda row: (not row[0], -row[1]["late"], -row[1]["open"]),
        )
