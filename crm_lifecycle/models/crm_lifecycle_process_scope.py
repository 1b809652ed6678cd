from collections import defaultdict

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.graph import find_cycle


class CrmLifecycleProcess(models.Model):
    """Which process runs for whom, and whether a chart is fit to run."""

    _inherit = "crm.lifecycle.process"

    # ------------------------------------------------------------
    # Scope
    # ------------------------------------------------------------

    @api.model
    def _get_running_domain(self):
        """The definition of "running"."""
        return (
            Domain("state", "=", "published")
            & Domain("active", "=", True)
            & Domain("is_template", "=", False)
        )

    def _check_scope_is_free(self):
        """One company and team never has two running processes."""
        for process in self:
            if rival := process._find_rivals()[:1]:
                raise UserError(
                    self.env._(
                        "“%(other)s” already runs for the same teams as “%(process)s”. "
                        "Choose other sales teams, or retire that process first: a "
                        "dialog then asks where its customers go.",
                        other=rival.name,
                        process=process.name,
                    )
                )

    def _find_rivals(self):
        """Running processes of the same company that serve some of the same teams."""
        self.ensure_one()
        # sudo: a clash counts also with a process the user does not see
        others = self.sudo().search(
            self._get_running_domain()
            & Domain("id", "!=", self.id)
            & Domain("company_id", "=", self.company_id.id)
        )
        return others.filtered(
            lambda other: other.team_ids & self.team_ids
            or not (other.team_ids or self.team_ids)
        )

    def _find_replaced(self):
        """The one running process whose place this one would take; else empty."""
        rivals = self._find_rivals()
        whole = len(rivals) == 1 and not rivals.team_ids - self.team_ids
        return rivals if whole else rivals.browse()

    @api.model
    @tools.ormcache()
    def _get_scopes(self):
        """``{(company id, team id): process id}`` of all running processes.

        A missing company or team is ``False`` and stands for "any".
        """
        scopes = {}
        for process in self._find_running().sorted("id"):
            for team in process.team_ids.ids or [False]:
                scopes.setdefault((process.company_id.id, team), process.id)
        return scopes

    @api.model
    def _find_for(self, company, team):
        """The running process of a company and team; the most specific wins.

        :param company: ``res.company``, may be empty
        :param team: ``crm.team``, may be empty
        :return: process, empty when none runs for them
        """
        scopes = self._get_scopes()
        for scope in (
            (company.id, team.id),
            (False, team.id),
            (company.id, False),
            (False, False),
        ):
            if process_id := scopes.get(scope):
                return self.browse(process_id)
        return self.browse()

    @api.model
    def _find_running(self):
        """All running processes, of every company."""
        # sudo: the engine runs the processes of every company
        return self.sudo().search(self._get_running_domain())

    @api.model
    def _get_scope_query(self, company, team):
        """:meth:`_find_for` in SQL: one row ``process_id``, or none.

        :param SQL company: expression of a company id
        :param SQL team: expression of a team id
        """
        # sudo: as in _find_running
        running = self.sudo()._search(self._get_running_domain())
        return SQL(
            """
            SELECT process.id AS process_id
              FROM crm_lifecycle_process process
              LEFT JOIN crm_lifecycle_process_crm_team_rel scope
                ON scope.crm_lifecycle_process_id = process.id
             WHERE process.id IN %(running)s
               AND (process.company_id IS NULL OR process.company_id = %(company)s)
               AND (scope.crm_team_id IS NULL OR scope.crm_team_id = %(team)s)
             ORDER BY scope.crm_team_id IS NULL, process.company_id IS NULL, process.id
             LIMIT 1
            """,
            running=running.subselect(),
            company=company,
            team=team,
        )

    def _check_definition_editable(self):
        """What runs is what the newest revision says: it changes through a draft."""
        if self.env.su:
            return  # publishing a draft, installing
        for process in self:
            if process.state == "published":
                raise UserError(
                    self.env._(
                        "“%s” is running. Use “New Draft” to change its stages and "
                        "moves, then "
                        "publish the draft.",
                        process.name,
                    )
                )

    # ------------------------------------------------------------
    # Checker
    # ------------------------------------------------------------

    def _get_defects(self):
        """What keeps this chart from running, in the user's words.

        :return: list of messages, empty when it can run
        """
        self.ensure_one()
        defects = []
        stages = self.stage_ids
        if not stages:
            return [self.env._("It has no stages.")]
        lead_stages = stages.filtered(lambda s: s.phase == "lead")
        for outcome, label in (
            ("won", self.env._("won")),
            ("lost", self.env._("lost")),
        ):
            found = lead_stages.filtered(
                lambda s, outcome=outcome: s.outcome == outcome
            )
            if lead_stages and len(found) != 1 and outcome == "lost":
                defects.append(self.env._("Leads need exactly one “lost” stage."))
            elif lead_stages and not found:
                defects.append(self.env._("Leads have no “%s” stage.", label))
        if cycle := self._find_endless_cycle():
            defects.append(
                self.env._(
                    "These automatic moves would run in a circle without end: %s. "
                    "Give at "
                    "least one of them a condition the others exclude.",
                    " → ".join(cycle.mapped("name")),
                )
            )
        return defects

    def _find_endless_cycle(self):
        """Stages of a circle of automatic moves that share one condition."""
        by_domain = defaultdict(set)
        for move in self.transition_ids.filtered(lambda m: m.trigger == "auto"):
            by_domain[move._get_normalized_domain()].add(
                (move.source_id.id, move.target_id.id)
            )
        always = by_domain.pop("[]", set())
        for edges in [always, *(edges | always for edges in by_domain.values())]:
            if cycle := find_cycle(edges):
                return self.env["crm.lifecycle.stage"].browse(cycle)
        return self.env["crm.lifecycle.stage"]
