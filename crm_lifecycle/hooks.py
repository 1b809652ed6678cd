from .tools.uninstall import keep_activities, release


def post_init_hook(env):
    """Give the company a running process and the history it already has.

    The default process is completed with the pipeline found in the database, and
    publishing it rebuilds the history of all leads and customers, so that nobody
    has to configure anything before seeing the own past years.
    """
    env["crm.customer.metrics"]._refresh()
    env.ref("crm_lifecycle.process_default")._publish()
    env["crm.lead"]._lifecycle_fill_touches()


def uninstall_hook(env):
    """Untie the stays from leads and customers, which remain."""
    # what hand-overs asked people to do, on records that remain
    env["mail.activity"].search([("lifecycle_handover_id", "!=", False)]).unlink()
    keep_activities(env, "crm_lifecycle")
    release(env)
