from collections import Counter

from odoo import models


class CrmLifecycleMixin(models.AbstractModel):
    """Who answers for a record where it stands."""

    _inherit = "crm.lifecycle.mixin"

    def _lifecycle_get_role_users(self, kind):
        """The people of one kind for each record, where it stands now.

        The lines of the stage say who it is. When none of them names somebody who
        can act, and the record needs somebody, it is the first of

        * responsible: its salesperson, the owner of the stage, the accountable,
          the team leader, the owner of the process;
        * accountable: the team leader, the owner of the stage, the owner of the
          process.

        Who is archived, a portal user, or may not enter the company of the record
        is passed over.

        :param str kind: responsible, accountable, consulted or informed
        :return: ``{record: res.users}``, every record has its entry
        """
        return {
            record: self.env["res.users"].union(*groups)
            for record, groups in self._lifecycle_get_role_groups(kind).items()
        }

    def _lifecycle_get_role_groups(self, kind):
        """Like :meth:`_lifecycle_get_role_users`, the people of each line apart.

        :return: ``{record: [res.users, …]}`` without empty ones
        """
        found = {}
        # sudo: teams, roles and processes of others
        for record, known in zip(self, self.sudo(), strict=True):
            lines = known.lifecycle_stage_id.role_ids
            groups = [line._get_users(known) for line in lines if line.kind == kind]
            groups = known._lifecycle_filter_able(groups)
            if not groups:
                fallback = known._lifecycle_get_fallback_users(kind)
                groups = known._lifecycle_filter_able(fallback)[:1]
            found[record] = [users.with_env(self.env) for users in groups]
        return found

    def _lifecycle_get_fallback_users(self, kind):
        """Who is asked, in this order, when no line of the stage names anybody."""
        self.ensure_one()
        stage, leader = self.lifecycle_stage_id, self._lifecycle_get_team().user_id
        if kind == "accountable":
            return [leader, stage.user_id, stage.process_id.user_id]
        if kind == "responsible":
            accountable = stage.role_ids.filtered(lambda r: r.kind == "accountable")
            return [
                self._lifecycle_get_owner(),
                stage.user_id,
                *(line._get_users(self) for line in accountable),
                leader,
                stage.process_id.user_id,
            ]
        return []

    def _lifecycle_filter_able(self, groups):
        """Of lists of people those who can act on this record, without empty lists."""
        self.ensure_one()
        company = self.company_id
        groups = (
            users.filtered(
                lambda user: user.active
                and not user.share
                and (not company or company in user.company_ids)
            )
            for users in groups
        )
        return [users for users in groups if users]

    def _lifecycle_pick_responsible(self):
        """The one person who does the work of each record where it stands.

        The first line that names anybody decides. Of several people in a role it is
        the one with the fewest open activities.

        :return: ``{record: res.users}`` with one user or none
        """
        groups = self._lifecycle_get_role_groups("responsible")
        nobody = self.env["res.users"]
        first = {record: next(iter(g), nobody) for record, g in groups.items()}
        shared = nobody.union(*(users for users in first.values() if len(users) > 1))
        load = Counter()
        if shared:
            # sudo: the load of colleagues counts, whatever the user may open
            activities = self.env["mail.activity"].sudo()
            domain = [("user_id", "in", shared.ids)]
            for user, count in activities._read_group(domain, ["user_id"], ["__count"]):
                load[user.id] = count
        picked = {}
        for record, users in first.items():
            picked[record] = min(users, key=lambda u: load[u.id], default=nobody)
            load[picked[record].id] += 1
        return picked

    def _lifecycle_get_kit(self):
        """Whom to ask: the people of every kind, by name."""
        kit = super()._lifecycle_get_kit()
        kinds = self.env["crm.lifecycle.role"]._fields["kind"]
        kit["roles"] = [
            {
                "kind": kind,
                "label": label,
                # sudo: names of colleagues
                "users": [{"id": u.id, "name": u.name} for u in users.sudo()],
            }
            for kind, label in kinds._description_selection(self.env)
            if (users := self._lifecycle_get_role_users(kind)[self])
        ]
        return kit
