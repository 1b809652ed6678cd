from odoo import api, models, tools
from odoo.exceptions import AccessError


class CrmLifecycleProperty(models.Model):
    """Fields of a stage that not everybody who sees the record may see."""

    _inherit = "crm.lifecycle.property"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache()
    def _get_restrictions(self):
        """Who may see what: ``{key: [group ids of each line of that key, …]}``."""
        # sudo: what is hidden is hidden whatever the reader sees of the process
        lines = self.sudo().with_context(active_test=False)
        restrictions = {}
        for line in lines.search([("group_ids", "!=", False)]):
            restrictions.setdefault(line.key, []).append(frozenset(line.group_ids.ids))
        return restrictions

    @api.model
    def _is_visible(self, key):
        """Whether the user may see the field ``key``, with whatever rights."""
        restrictions = self._get_restrictions().get(key)
        if not restrictions or self.env.user._is_superuser():
            return True
        mine = set(self.env.user._get_group_ids())
        return all(groups & mine for groups in restrictions)

    @api.model
    def _check_keys(self, keys):
        """Raise when a field among ``keys`` is not for the user.

        :raise AccessError: without naming what is in it
        """
        if not all(map(self._is_visible, keys)):
            raise AccessError(
                self.env._("This field of the stage is for other people only.")
            )
