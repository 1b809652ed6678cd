from datetime import datetime, timedelta

from freezegun import freeze_time

from .common import FeedbackCommon

NOW = datetime(2026, 9, 15, 12, 0)


class ReportCommon(FeedbackCommon):
    """History with known dates, so that each figure can be worked out by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.env["crm.sla.timer"].search([("feedback_id", "!=", False)]).unlink()
        cls.env["crm.feedback"].search([])._write_step({"state": "new"})
        cls.env["crm.feedback"].search([]).unlink()
        cls.other = cls.env["crm.feedback.category"].create({"name": "Bikes"})
        cls.policy = cls.env["crm.sla.policy"].search([], limit=1)

    @classmethod
    def _said(cls, days, user=None, customer=None, **values):
        """Feedback of some days ago, with its owner, without clocks."""
        values = cls._end({"category_id": cls.category.id, **values})
        state = {
            name: values.pop(name)
            for name in ("state", "outcome", "solved_date", "reopen_count")
            if name in values
        }
        feedback = cls.env["crm.feedback"].create(
            {
                "name": "A chair is broken",
                "partner_id": (customer or cls.customer).id,
                "date": NOW - timedelta(days=days),
                "user_id": (user or cls.agent).id,
                "solution": "Replaced.",
                **values,
            }
        )
        feedback._find_clocks(("feedback_answer", "feedback_solution")).unlink()
        feedback._write_step({"state": "assigned", **state})
        return feedback

    @classmethod
    def _clock(cls, feedback, kind, hours, target, team=None):
        """A clock that has ended after so many hours of so many."""
        start = feedback.date
        return cls.env["crm.sla.timer"].create(
            {
                "kind": f"feedback_{kind}",
                "policy_id": cls.policy.id,
                "feedback_id": feedback.id,
                "company_id": feedback.company_id.id,
                "team_id": team and team.id,
                "start_date": start,
                "deadline": start + timedelta(hours=target),
                "done_date": start + timedelta(hours=hours),
                "hours": hours,
                "target_hours": target,
            }
        )

    @classmethod
    def _bought(cls, days, customer=None, company=None):
        """A confirmed order of some days ago."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "company_id": (company or cls.env.company).id,
            }
        )
        order.write({"state": "sale", "date_order": NOW - timedelta(days=days)})
        return order

    @classmethod
    def _figures(cls, *aggregates, user=None, domain=(), groupby=()):
        model = cls.env["crm.feedback.report"]
        return model.with_user(user or cls.leader)._read_group(
            list(domain), list(groupby), list(aggregates)
        )
