from odoo import models

LETTERS = {"responsible": "R", "accountable": "A", "consulted": "C", "informed": "I"}
# who it is when no line says so, see crm.lifecycle.mixin._lifecycle_get_role_users
DEFAULTS = {"R": "owner", "A": "leader"}
SOURCES = ("owner", "leader", "role", "user")


class CrmLifecycleProcess(models.Model):
    """The RACI table of a chart: its stages, and who does what in them."""

    _inherit = "crm.lifecycle.process"

    def _get_raci_table(self):
        """The table as the report prints it, in the reader's language.

        :return: dict with ``columns`` (``name``, ``people``) and ``rows``: ``stage``,
            ``phase``, and ``cells``, one list of ``(letter, is_default)`` per column
        """
        self.ensure_one()
        # sudo: names of people and roles; who reads the process may read its table
        stages = self.sudo().stage_ids
        sources = self.env["crm.lifecycle.role"]._fields["source"]
        labels = dict(sources._description_selection(self.env))
        columns = {
            (name, 0): {"name": labels[name], "people": ""} for name in SOURCES[:2]
        }
        for role in stages.role_ids.sorted(lambda r: SOURCES.index(r.source)):
            columns.setdefault(
                role._get_raci_column(),
                {"name": role._get_who(), "people": role._get_raci_people()},
            )
        phases = dict(stages._fields["phase"]._description_selection(self.env))
        return {
            "columns": list(columns.values()),
            "rows": [
                {
                    "stage": stage,
                    "phase": phases[stage.phase],
                    "cells": stage._get_raci_cells(columns),
                }
                for stage in stages
            ],
        }


class CrmLifecycleStage(models.Model):
    _inherit = "crm.lifecycle.stage"

    def _get_raci_cells(self, columns):
        """The letters of this stage, in the order of ``columns``."""
        self.ensure_one()
        cells = {key: [] for key in columns}
        for letter in LETTERS.values():
            default = DEFAULTS.get(letter)
            roles = self.role_ids.filtered(lambda r, x=letter: LETTERS[r.kind] == x)
            for role in roles:
                cells[role._get_raci_column()].append((letter, False))
            if not roles and default and self.outcome != "lost":
                cells[default, 0].append((letter, True))
        return list(cells.values())


class CrmLifecycleRole(models.Model):
    _inherit = "crm.lifecycle.role"

    def _get_raci_column(self):
        self.ensure_one()
        if self.source == "role":
            return "role", self.role_id.id
        return self.source, self.user_id.id if self.source == "user" else 0

    def _get_raci_people(self):
        """The names behind a role."""
        self.ensure_one()
        return ", ".join(
            user.name for user in self.role_id.user_ids if self.source == "role"
        )
