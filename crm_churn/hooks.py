from odoo.addons.crm_lifecycle.tools.uninstall import release

DEFAULT_LIMITS = {
    "customer_new": 60,
    "customer_active": 90,
    "customer_dormant": 300,
}


def post_init_hook(env):
    """Give the default process limits to begin with, so that alerts are raised.

    Limits that somebody has set are left alone. A draft that is being worked on
    gets them too, else publishing it would take them away again.
    """
    judge_first(env)
    process = env.ref("crm_lifecycle.process_default", raise_if_not_found=False)
    if not process or any(process.stage_ids.mapped("churn_silence_days")):
        return
    stages = (process | process.draft_ids).stage_ids
    for stage in stages.filtered(lambda s: s.phase == "customer"):
        stage.churn_silence_days = DEFAULT_LIMITS.get(stage.key, 0)
    if process.state == "published":
        process._write_revision(
            env._("Churn alerts: days of silence set for the customer stages")
        )


def judge_first(env):
    """Judge all customers for the first time, and limit the time to react to alerts."""
    env["crm.churn.score"]._refresh_all()
    companies = env["res.company"].search([("churn_sla_policy_id", "=", False)])
    companies.churn_sla_policy_id = env.ref(
        "crm_churn.sla_policy_alert", raise_if_not_found=False
    )


def uninstall_hook(env):
    """Take activities and clocks along, else what they refer to could not go."""
    env["crm.sla.timer"].search([("kind", "=", "churn_alert")]).unlink()
    companies = env["res.company"].with_context(active_test=False)
    companies = companies.search([("churn_sla_policy_id", "!=", False)])
    companies.churn_sla_policy_id = False
    release(env)
