from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}  # the full review has its own


class CrmLifecycleReview(models.Model):
    """A meeting about a process: planned, held, and what was decided.

    When one is held, the next of its kind is planned by itself.
    """

    _name = "crm.lifecycle.review"
    _description = "Process Review"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"

    process_id = fields.Many2one(
        "crm.lifecycle.process", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="process_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("monthly", "Monthly Review"),
            ("quarterly", "Quarterly Analysis"),
            ("full", "Full Review"),
            ("yearly", "Yearly Proposals"),
        ],
        required=True,
        default="full",
    )
    date = fields.Date(
        "Planned", required=True, default=fields.Date.context_today, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    participant_ids = fields.Many2many(
        "res.users", string="Participants", domain="[('share', '=', False)]"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
        "Status",
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    held_date = fields.Date("Held", readonly=True, copy=False)
    notes = fields.Html(help="What was looked at: numbers, opinions, suggestions.")
    decisions = fields.Html(help="What was decided, who does it, until when.")
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _planned_uniq = models.UniqueIndex(
        "(process_id, kind) WHERE state = 'planned'",
        "A review of this kind is planned already for the process.",
    )

    # ------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------

    @api.depends("process_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for review in self:
            name = review.process_id.name or ""
            review.display_name = f"{kinds.get(review.kind, '')}: {name}"

    @api.depends("process_id.user_id")
    def _compute_user_id(self):
        """Whoever owns the process holds the reviews that are still to come."""
        for review in self:
            is_over = review.state != "planned" and review.user_id
            review.user_id = review.user_id if is_over else review.process_id.user_id

    @api.model
    def _get_overdue_domain(self):
        """The definition of "overdue", for Python and for searches."""
        return Domain("state", "=", "planned") & Domain(
            "date", "<", fields.Date.context_today(self)
        )

    @api.depends("state", "date")
    def _compute_is_overdue(self):
        overdue = self.filtered_domain(self._get_overdue_domain())
        overdue.is_overdue = True
        (self - overdue).is_overdue = False

    def _search_is_overdue(self, operator, value):
        return self._get_overdue_domain() if operator == "in" else NotImplemented

    # ------------------------------------------------------------
    # Planning and holding
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reviews = super().create(vals_list)
        reviews._schedule()
        return reviews

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"date", "user_id"}:
            self.filtered(lambda r: r.state == "planned")._schedule()
        return result

    def _schedule(self):
        """Ask who is responsible to hold each review; late ones are red as any task."""
        activity_type = "crm_lifecycle.mail_activity_type_review"
        self.filtered(lambda r: not r.user_id).activity_unlink([activity_type])
        for review in self.filtered(lambda r: r.state == "planned" and r.user_id):
            known = review.activity_ids.filtered(
                lambda a: a.activity_type_id == self.env.ref(activity_type)
            )
            values = {"date_deadline": review.date, "user_id": review.user_id.id}
            if known:
                known[0].write(values)
            else:
                review.activity_schedule(
                    activity_type, summary=review.display_name, **values
                )

    def action_hold(self):
        """The review has taken place: close it, and plan the next of its kind."""
        self._check_is_planned()
        for review in self:
            review.write(
                {"state": "held", "held_date": fields.Date.context_today(self)}
            )
            review.flush_recordset()  # one of each kind is planned at a time
            review.activity_feedback(["crm_lifecycle.mail_activity_type_review"])
            review.process_id._plan_review(review.kind)
        return True

    def action_cancel(self):
        """The review will not take place; no other is planned for it."""
        self._check_is_planned()
        self.activity_unlink(["crm_lifecycle.mail_activity_type_review"])
        self.write({"state": "cancelled"})
        return True

    def _check_is_planned(self):
        for review in self.filtered(lambda r: r.state != "planned"):
            raise UserError(
                self.env._("“%s” is not planned any more.", review.display_name)
            )

    def action_view_map(self):
        self.ensure_one()
        return self.process_id.action_view_map()


class CrmLifecycleProcess(models.Model):
    """When a process is looked at again."""

    _inherit = "crm.lifecycle.process"

    review_ids = fields.One2many("crm.lifecycle.review", "process_id", "Reviews")
    review_months = fields.Integer(
        "Full Review Every (Months)",
        default=6,
        help="At least half-yearly, a process is looked at as a whole.",
    )
    next_review_date = fields.Date("Next Review", compute="_compute_next_review")
    is_review_overdue = fields.Boolean(compute="_compute_next_review")

    _review_months_range = models.Constraint(
        "CHECK (review_months BETWEEN 1 AND 60)",
        "A process is reviewed every 1 to 60 months.",
    )

    @api.depends("review_ids.state", "review_ids.date")
    def _compute_next_review(self):
        for process in self:
            planned = process.review_ids.filtered(lambda r: r.state == "planned")
            process.next_review_date = min(planned.mapped("date"), default=False)
            process.is_review_overdue = any(planned.mapped("is_overdue"))

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self.review_ids._schedule()
        return result

    def _has_review_ahead(self):
        """Whether the next review is planned and not overdue."""
        self.ensure_one()
        return bool(self.next_review_date) and not self.is_review_overdue

    def _plan_review(self, kind="full", months=None):
        """Plan the next review of one kind, if none is planned.

        :param int months: from today; the usual time of the kind when not given
        """
        reviews = self.env["crm.lifecycle.review"]
        for process in self.filtered(lambda p: p.state == "published"):
            planned = process.review_ids.filtered(
                lambda r: r.kind == kind and r.state == "planned"
            )
            if not planned:
                later = months or MONTHS.get(kind) or process.review_months
                today = fields.Date.context_today(self)
                reviews += reviews.create(
                    {
                        "process_id": process.id,
                        "kind": kind,
                        "date": today + relativedelta(months=later),
                    }
                )
        return reviews

    def action_plan_reviews(self):
        """Plan the whole rhythm: monthly, quarterly, half-yearly and yearly."""
        self.ensure_one()
        self.check_access("write")
        for kind, _label in self.env["crm.lifecycle.review"]._fields["kind"].selection:
            self._plan_review(kind)
        return self.action_view_reviews()

    def action_view_reviews(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_lifecycle.crm_lifecycle_review_action"
        )
        return dict(
            action,
            domain=[("process_id", "=", self.id)],
            context={"default_process_id": self.id},
        )

    def _publish(self):
        result = super()._publish()
        self._plan_review()
        return result
