from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAX_DAYS = 3660
DEFAULT_DAYS = 90


class MapScope(NamedTuple):
    """What a map is asked for, made sure of.

    ``moment`` is the past moment that is shown, ``None`` for now; ``since`` and
    ``until`` are the period of what moved; ``domain`` are the stays that the filters
    let through, at whatever time.
    """

    moment: object
    since: object
    until: object
    days: int
    domain: Domain


class CrmLifecycleProcess(models.Model):
    """The process as a live map: what is drawn, and the numbers of what happens."""

    _inherit = "crm.lifecycle.process"

    def get_lifecycle_map(self, options=None):
        """The chart with its numbers, as the map shows it: three queries.

        :param dict options: ``days`` (period of what moved, default 90), ``as_of``
            (a past moment, UTC text), ``filters`` (lists of ids by the names team,
            owner and those of ``_lifecycle_get_map_filters``)
        :return: dict ready for JSON with ``process``, ``nodes``, ``edges``,
            ``bottleneck`` and ``scope``, the options as they were understood
        :raise UserError: the options cannot be understood
        """
        self.ensure_one()
        chart = self._get_map_chart()
        base = self.browse(chart["process"]["base_id"])
        scope = base._get_map_scope(options)
        chart.update(base._get_map_revision_chart(scope, options))
        base._put_map_numbers(chart, scope)
        return {
            **chart,
            "scope": {
                "as_of": scope.moment and fields.Datetime.to_string(scope.moment),
                "since": fields.Datetime.to_string(scope.since),
                "until": fields.Datetime.to_string(scope.until),
                "days": scope.days,
            },
        }

    # ------------------------------------------------------------
    # Options
    # ------------------------------------------------------------

    def _get_map_process(self):
        """The process whose stays are shown: a draft has those of what runs."""
        self.ensure_one()
        # sudo: what it is a draft of is written by the engine alone
        return self.sudo().draft_of_id.sudo(False) or self

    def _get_map_scope(self, options):
        """The options of a map, checked.

        :param dict options: see :meth:`get_lifecycle_map`
        :return: :class:`MapScope`
        """
        options = options or {}
        moment = self._read_map_moment(options.get("as_of"))
        until = moment or self._read_map_moment(options.get("until"))
        until = until or fields.Datetime.now()
        days = options.get("days") or DEFAULT_DAYS
        if not isinstance(days, int) or not 0 < days <= MAX_DAYS:
            raise UserError(self.env._("A period has 1 to %s days.", MAX_DAYS))
        return MapScope(
            moment,
            until - timedelta(days=days),
            until,
            days,
            self._get_map_domain(options.get("filters") or {}),
        )

    def _read_map_moment(self, text):
        try:
            return fields.Datetime.to_datetime(text) if text else None
        except (TypeError, ValueError):
            raise UserError(self.env._("“%s” is no moment.", text)) from None

    def _get_map_domain(self, filters):
        """The stays of this process that ``filters`` let through."""
        filters = {name: ids for name, ids in filters.items() if ids}
        known = {"team": "team_id", "owner": "owner_id"}
        named = self._get_map_filters()
        for name, ids in filters.items():
            if name not in {*known, *named} or not isinstance(ids, list):
                raise UserError(self.env._("The map has no filter “%s”.", name))
        own = Domain.AND(
            Domain(field, "in", filters[name])
            for name, field in known.items()
            if name in filters
        )
        mixin = self.env["crm.lifecycle.mixin"]
        return (
            Domain("process_id", "=", self.id)
            & own
            & mixin._lifecycle_get_map_domain(
                {name: ids for name, ids in filters.items() if name in named}
            )
        )

    @api.model
    def _get_map_filters(self):
        """What the hosts' records can be filtered by: ``{name: (label, model)}``."""
        filters = {}
        for model_name in (
            self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts().values()
        ):
            known = self.env[model_name]._lifecycle_get_map_filters()
            for name, (label, comodel, _path) in known.items():
                filters.setdefault(name, (label, comodel))
        return filters
