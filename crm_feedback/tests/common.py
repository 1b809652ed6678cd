from odoo.tests import TransactionCase, new_test_user


class FeedbackCommon(TransactionCase):
    """A customer with a contact, and who works with its feedback.

    agent      own feedback, user group; the customer's salesperson
    colleague  the same, another person
    leader     own feedback and all of the company, team manager group
    manager    process manager group
    clerk      an employee without any of these groups
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "crm_lifecycle.group_crm_lifecycle_"
        cls.agent = cls._new_user("agent", f"{group}user")
        cls.colleague = cls._new_user("colleague", f"{group}user")
        cls.leader = cls._new_user("leader", f"{group}team_manager")
        cls.manager = cls._new_user("manager", f"{group}manager")
        cls.clerk = cls._new_user("clerk")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer Inc", "is_company": True, "user_id": cls.agent.id}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Carla Contact", "parent_id": cls.customer.id}
        )
        cls.category = cls.env["crm.feedback.category"].create({"name": "Trucks"})

    @classmethod
    def _new_user(cls, name, *groups, **values):
        return new_test_user(
            cls.env,
            f"feedback_{name}",
            groups=",".join(("base.group_user", *groups)),
            context={"no_reset_password": True},
            **values,
        )

    @classmethod
    def _new_feedback(cls, user=None, **values):
        """Feedback as ``user`` records it, by default the agent."""
        model = cls.env["crm.feedback"].with_user(user or cls.agent)
        return model.create(
            {
                "name": "A chair is broken",
                "partner_id": cls.contact.id,
                **cls._end(values),
            }
        )

    @classmethod
    def _end(cls, values):
        """What a complaint needs before it may be closed, beside a solution."""
        cause = cls.env.ref("crm_feedback.cause_delivery_damage")
        reason = "First of its kind"
        return {"cause_id": cause.id, "no_measure_reason": reason, **values}

    @classmethod
    def _new_unassigned(cls, **values):
        """Feedback that no rule gives to anybody."""
        stranger = cls.env["res.partner"].create({"name": "Stranger"})
        values = {"name": "A chair is broken", **cls._end(values)}
        values = {"partner_id": stranger.id, **values}
        return cls.env["crm.feedback"].sudo().create(values)

    def _solve(self, feedback, text="The chair was replaced."):
        feedback.write({"solution": text})
        feedback.action_solve()

    def _answers(self, feedback):
        """The open reminders to answer the customer."""
        return feedback.sudo().activity_search(
            ["crm_feedback.mail_activity_type_answer"]
        )
