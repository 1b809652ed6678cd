"""What is loaded by code: roles that may be there already, and the demo story."""

MODULE = __package__.rpartition(".")[2]


def pre_init_hook(env):
    """Create the roles the templates ask, in the administrator's language.

    No two roles have one name: where a company has such a role, it is the one.
    """
    env = env(context={**env.context, "lang": env.ref("base.user_admin").lang})
    names = {
        "role_finance": env._("Finance"),
        "role_legal": env._("Legal"),
        "role_operations": env._("Operations"),
        "role_product": env._("Product Management"),
        "role_service": env._("Customer Service"),
    }
    known = env["res.role"].search([("name", "in", [*names.values()])]).mapped("name")
    env["res.role"]._load_records(
        [
            {
                "xml_id": f"{MODULE}.{key}",
                "values": {"name": name},
                "noupdate": True,
            }
            for key, name in names.items()
            if name not in known
        ]
    )


def post_init_hook(env):
    """Load the demo story into a database with demo data."""
    if env["ir.module.module"]._get(MODULE).demo:
        from .demo import load_story  # only demo databases need it

        load_story(env)


def uninstall_hook(env):
    """Leave the roles to the company where the process goes on without the suite."""
    if env["ir.module.module"]._get("crm_lifecycle").state != "to remove":
        names = env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "=", "res.role")]
        )
        names.unlink()
