from odoo.tests import tagged

from .common import LifecycleCommon


@tagged("post_install", "-at_install")
class TestFollowup(LifecycleCommon):
    """The team leader gets the report of the week without anybody typing it."""

    def _send(self):
        mails = self.team._lifecycle_send_followup()
        self.env.flush_all()
        return mails

    def test_it_counts_by_seller_what_was_done_and_what_waits(self):
        leads = self._new_leads(3)
        leads[0].with_user(self.seller).activity_schedule(
            "mail.mail_activity_data_call"
        ).action_feedback("Reached her")
        leads[1].with_user(self.seller).stage_id = self.pipeline_qualified
        leads[2].activity_schedule("mail.mail_activity_data_call")
        [mail] = self._send()
        self.assertEqual(mail.recipient_ids, self.leader.partner_id)
        self.assertIn(self.team.name, mail.subject)
        counts = self.team._lifecycle_count_followup(self.env.cr.now())
        self.assertEqual(counts[self.team.id][self.seller]["open"], 3)
        idle = leads.filtered(lambda lead: not lead.activity_ids)
        self.assertIn(leads[0], idle)
        self.assertEqual(counts[self.team.id][self.seller]["idle"], len(idle))
        past = self.env.cr.now() - self._days(7)
        figures = self.team._lifecycle_count_followup(past)[self.team.id][self.seller]
        self.assertEqual(figures["new"], 3)
        self.assertEqual(figures["contacts"], 1)
        self.assertEqual(figures["moves"], 1)
        self.assertEqual(figures["won"], 0)
        self.assertIn(self.seller.name, mail.body_html)

    def test_more_teams_and_leads_cost_no_more_queries(self):
        teams = self.team | self.team.copy({"name": "Second", "user_id": False})
        past = self.env.cr.now() - self._days(7)
        self._new_leads(2)
        teams._lifecycle_count_followup(past)
        counts = []
        for count in (1, 30):
            self._new_leads(count, team_id=teams[1].id)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            teams._lifecycle_count_followup(past)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_teams_can_do_without(self):
        self._new_leads()
        self.team.lifecycle_followup = False
        last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.env["crm.team"]._cron_lifecycle_followup()
        mails = self.env["mail.mail"].search([("id", ">", last)])
        self.assertFalse(mails.filtered(lambda m: self.team.name in m.subject))

    def test_no_mail_about_nothing(self):
        self.assertFalse(self._send())
