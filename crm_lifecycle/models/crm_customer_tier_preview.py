from odoo import api, fields, models
from odoo.tools import SQL

NAMED = 8  # customers of a move who are shown by name
LISTED = 2000  # customers of a move who can be opened in a list


class CrmCustomerTier(models.Model):
    """Who would move by a definition that is not saved yet."""

    _inherit = "crm.customer.tier"

    @api.readonly
    def get_preview(self, values):
        """Who would change the tier, if the one being edited were saved like this.

        :param dict values: what has been changed in the form
        :return: dict with ``tiers``, the customers of each now and then, and
            ``moves``, from where to where, how many, after how many days of grace, the
            first by name and the ids
        :raise ValidationError: the definition would be refused
        """
        self.check_access("write")
        draft = self._get_draft(values)
        others = self.search([("id", "not in", self.ids)])
        tiers = (others | draft.filtered("active")).sorted(
            lambda tier: (tier.sequence, tier._origin.id or 0)
        )
        # sudo: tiers move customers of every company
        rows = tiers.sudo()._count_moves()
        names = {tier._origin.id or 0: tier.display_name for tier in others | draft}
        return {
            "tiers": self._summarize_tiers(tiers, rows),
            "moves": [
                self._describe_move(tiers, names, *row)
                for row in rows
                if row[0] != row[1]
            ],
        }

    def _get_draft(self, values):
        """The tier with the changes in the form, checked as on saving."""
        self.env.invalidate_all()  # nothing of an earlier draft
        draft = self.new(values, origin=self)
        if not draft.name:
            draft.name = self.env._("New")
        draft._check_domain()
        draft.criterion_ids._check_keep_value()
        return draft

    def _count_moves(self):
        """How many customers would go from where to where, by these tiers alone.

        :return: ``[(id before, id after, count, ids)]``, those who stay included
        """
        today = fields.Date.today()
        rules = self._prepare_rules(self._measure_cutoffs(today))
        return self.env.execute_query(
            SQL(
                """
                SELECT old_id,
                       CASE WHEN is_locked THEN old_id ELSE fit_id END AS new_id,
                       count(*),
                       (array_agg(id ORDER BY revenue_12m DESC NULLS LAST, id))[:%s]
                  FROM (%s) AS fitting
                 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
                """,
                LISTED,
                self._get_fitting_query(rules, today),
            )
        )

    @api.model
    def _summarize_tiers(self, tiers, rows):
        """Customers of each tier now and then."""
        return [
            {
                "name": tier.display_name,
                "now": sum(row[2] for row in rows if row[0] == tier._origin.id),
                "then": sum(row[2] for row in rows if row[1] == (tier._origin.id or 0)),
            }
            for tier in tiers
        ]

    @api.model
    def _describe_move(self, tiers, names, old_id, new_id, count, ids):
        places = {tier._origin.id or 0: place for place, tier in enumerate(tiers)}
        grace = 0
        if old_id in places and places.get(new_id, len(tiers)) > places[old_id]:
            grace = tiers[places[old_id]].grace_days
        # the names of those the user may see
        customers = self.env["res.partner"].search([("id", "in", ids[:200])])
        customers = customers.sorted(lambda customer: ids.index(customer.id))
        nobody = self.env._("No tier")
        return {
            "from": nobody if old_id is None else names.get(old_id, nobody),
            "to": nobody if new_id is None else names.get(new_id, nobody),
            "count": count,
            "grace_days": grace,
            "names": customers[:NAMED].mapped("display_name"),
            "ids": ids,
        }
