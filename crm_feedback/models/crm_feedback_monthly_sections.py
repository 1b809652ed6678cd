from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

ADOPTED = ("accepted", "done")
MEASURED = 3  # solutions from which on a team's time is named


class CrmFeedbackMonthly(models.AbstractModel):
    """What the monthly report names: weak spots, and what colleagues proposed."""

    _inherit = "crm.feedback.monthly"

    @api.model
    def _get_weak_spots(self, company, month, before):
        """Where most complaints come from, and who takes longest."""
        report = self.env["crm.feedback.report"]
        complaints = Domain("kind", "=", "complaint")
        ours = report._get_period_domain(month, company)
        theirs = report._get_period_domain(before, company) & complaints
        points = [
            point
            for field, label in self._get_weak_dimensions().items()
            for point in self._get_worst_point(field, label, ours & complaints, theirs)
        ]
        points += self._get_slow_points(ours) + self._get_late_points(company)
        return {
            "title": self.env._("Weak spots"),
            "points": points,
            "links": [
                (self.env._("Corrective actions"), "/odoo/corrective-actions"),
                (self.env._("Open feedback"), "/odoo/feedback"),
            ],
        }

    @api.model
    def _get_worst_point(self, field, label, ours, theirs):
        """One sentence about where most complaints belong, if they belong anywhere."""
        worst = self._find_worst(field, ours)
        if not worst:
            return []
        record, count, total = worst
        of_it = theirs & Domain(field, "=", record.id)
        return [
            self.env._(
                "%(label)s: %(name)s – %(count)s of %(total)s complaints, %(old)s in "
                "the month before.",
                label=label,
                name=record.display_name,
                count=count,
                total=total,
                old=self.env["crm.feedback.report"].search_count(of_it),
            )
        ]

    @api.model
    def _get_weak_dimensions(self):
        """Hook: by what complaints are counted: ``{field of the report: label}``."""
        return {
            "category_id": self.env._("Category"),
            "cause_id": self.env._("Root cause"),
            "stage_id": self.env._("Stage"),
            "product_id": self.env._("Product"),
            "team_id": self.env._("Team"),
        }

    @api.model
    def _find_worst(self, field, domain):
        """Where most complaints belong: ``(record, complaints, of all known)``."""
        rows = self.env["crm.feedback.report"]._read_group(
            domain & Domain(field, "!=", False),
            [field],
            ["__count"],
            order="__count DESC",
        )
        if not rows:
            return None
        record, count = rows[0]
        return record, count, sum(number for _record, number in rows)

    @api.model
    def _get_slow_points(self, domain):
        """The team that takes longest, where several can be compared."""
        rows = self.env["crm.feedback.report"]._read_group(
            domain & Domain("team_id", "!=", False),
            ["team_id"],
            ["solution_median_hours:avg", "solution_count:sum"],
            having=[("solution_count:sum", ">=", MEASURED)],
        )
        if len(rows) < 2:
            return []
        team, hours, count = max(rows, key=lambda row: row[1])
        return [
            self.env._(
                "Slowest team: %(team)s – half of its %(count)s solutions took longer "
                "than %(hours)s working hours.",
                team=team.display_name,
                count=count,
                hours=formatLang(self.env, hours, digits=1),
            )
        ]

    @api.model
    def _get_late_points(self, company):
        """What is late as the report is made."""
        late = Domain("timer_state", "in", ["late"])
        late &= Domain("company_id", "=", company.id)
        count = self.env["crm.feedback"].search_count(late)
        return [self.env._("Late now: %s cases.", count)] if count else []

    # ------------------------------------------------------------
    # Suggestions of employees
    # ------------------------------------------------------------

    @api.model
    def _get_suggestions_section(self, company, month):
        """What employees proposed and what became of it; none, no section."""
        new, accepted, rejected = self._find_suggestions(company, month)
        if not (new or accepted or rejected):
            return []
        points = [
            self.env._(
                "%(new)s proposed, %(accepted)s accepted, %(rejected)s rejected.",
                new=new,
                accepted=len(accepted),
                rejected=rejected,
            )
        ]
        if best := accepted[:1]:
            points.append(
                self.env._(
                    "Most votes: “%(suggestion)s” by %(name)s (%(count)s).",
                    suggestion=best.name,
                    name=best.proposer_id.name or "–",
                    count=best.vote_count,
                )
            )
        links = [
            (self.env._("Suggestions"), "/odoo/suggestions"),
            (self.env._("Award the best"), "/odoo/suggestions-of-the-month"),
        ]
        title = self.env._("Suggestions of employees")
        return [{"title": title, "points": points, "links": links}]

    @api.model
    def _find_suggestions(self, company, month):
        """How many were proposed, which were accepted, how many rejected."""
        suggestions = self.env["crm.lifecycle.suggestion"]
        ours = Domain("source", "=", "manual")
        ours &= Domain("company_id", "in", (company.id, False))

        def within(name):
            return ours & Domain(name, ">=", month.start) & Domain(name, "<", month.end)

        accepted = within("accepted_date") & Domain("state", "in", ADOPTED)
        rejected = within("decided_date") & Domain("state", "=", "rejected")
        return (
            suggestions.search_count(within("create_date")),
            suggestions.search(accepted, order="vote_count desc, id"),
            suggestions.search_count(rejected),
        )
