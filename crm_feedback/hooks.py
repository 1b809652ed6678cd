from odoo.addons.crm_lifecycle.tools.uninstall import release


def uninstall_hook(env):
    """Take the activities along, else their type could not be removed before them."""
    release(env)
