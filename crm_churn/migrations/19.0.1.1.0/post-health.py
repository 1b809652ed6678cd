from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file

from odoo.addons.crm_churn.hooks import judge_first

# Defaults that an update does not create, as people may have deleted them.
DEFAULTS = (
    "data/crm_sla_policy_data.xml",
    "data/mail_template_data.xml",
    "data/crm_churn_signal_data.xml",
)
# Who is left alone is hidden from who would act; changed rules stay as they are.
OWN = "('user_id', 'in', [user.id, False])"
RULES = {
    "crm_churn_alert_rule_user": f"[{OWN}]",
    "crm_churn_alert_rule_team_manager": "[(1, '=', 1)]",
}


def migrate(cr, version):
    """Bring signals, health and the time limit of alerts to a database without them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, before in RULES.items():
        rule = env.ref(f"crm_churn.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == before:
            own = [OWN] if OWN in before else []
            terms = ", ".join([*own, "('is_holdout', '!=', True)"])
            rule.domain_force = f"[{terms}]"
    if env["crm.churn.signal"].with_context(active_test=False).search_count([]):
        return
    for name in DEFAULTS:
        convert_file(env, "crm_churn", name, {}, mode="init", noupdate=True)
    judge_first(env)
