"""Escalating by several processes at once, one of which is killed.

500 clocks are late. The first worker is killed with a batch half done, then two work
side by side, then one more comes when all is over. Each worker is a process of its own
with connections of its own. In the end everybody has been told once.
"""

ESCALATE = """
import os
import signal
import sys
from datetime import timedelta
from odoo import api, fields, sql_db
from odoo.modules.registry import Registry

NUMBER, BATCH = 500, 20
late = fields.Datetime.now() - timedelta(days=5)
admin = env.ref("base.user_admin")
policy = env["crm.sla.policy"].create({
    "name": "Workers", "counting": "always", "hours": 1, "level_ids": [
        (0, 0, {"delay": 0.5, "direction": "before", "recipient": "owner"}),
        (0, 0, {"recipient": "user", "user_id": admin.id}),
        (0, 0, {"delay": 1, "recipient": "user", "user_id": admin.id,
                "action": "mail"})]})
leads = env["crm.lead"].search([("user_id", "!=", False)], limit=NUMBER, order="id")
assert len(leads) == NUMBER, len(leads)
env["crm.sla.timer"]._start("stage", policy, [
    {"lead_id": lead.id, "owner_id": lead.user_id.id, "start_date": late}
    for lead in leads])
env.cr.execute("CREATE TABLE dev_worker (name text, taken int)")
env.cr.commit()
database = env.cr.dbname
sql_db.close_all()  # nothing is shared with the workers

def work(name, ready, killed_at=None):
    timers = type(env["crm.sla.timer"])
    activities = type(env["mail.activity"])
    take, create, taken = timers._take_due, activities.create, [0, 0]
    def counting_take(self, *args, **kwargs):
        found = take(self, *args, **kwargs)
        taken[0] += len(found)
        return found
    def deadly_create(self, values):
        result = create(self, values)
        taken[1] += 1
        if taken[1] == killed_at:
            os.kill(os.getpid(), signal.SIGKILL)  # told, and not yet committed
        return result
    timers._take_due, activities.create = counting_take, deadly_create
    timers._get_batch_size = lambda self: BATCH
    with Registry(database).cursor() as cr:
        os.read(ready, 1)  # all begin together
        worker = api.Environment(cr, 1, {})
        worker["crm.sla.timer"]._cron_escalate()
        cr.execute("INSERT INTO dev_worker VALUES (%s, %s)", (name, taken[0]))
        cr.commit()

def start(*workers):
    ready, go = os.pipe()
    children = []
    for name, killed_at in workers:
        child = os.fork()
        if not child:
            code = 1
            try:
                work(name, ready, killed_at)
                code = 0
            except BaseException:
                import traceback
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append(child)
    os.write(go, b"." * len(workers))
    return [os.waitpid(child, 0)[1] for child in children]

ends = [*start(("killed", 9)), *start(("one", None), ("two", None)),
        *start(("last", None))]
right = [signal.SIGKILL, 0, 0, 0]
if ends != right:
    print("Workers ended with", ends, file=sys.stderr)
sys.stderr.flush()
os._exit(ends != right)
"""
LEVELS = """
SELECT 'clock ' || t.id || ' has reached level ' || l.id || ' '
       || count(e.id) || ' times, ' || COALESCE(min(e.result), 'told nobody')
  FROM crm_sla_timer t
  JOIN crm_sla_policy p ON p.id = t.policy_id AND p.name->>'en_US' = 'Workers'
  JOIN crm_sla_level l ON l.policy_id = p.id
  LEFT JOIN crm_sla_escalation e ON e.timer_id = t.id AND e.level_id = l.id
 GROUP BY t.id, l.id HAVING count(e.id) <> 1 OR min(e.result) <> 'told'
"""
ACTIVITIES = """
SELECT 'lead ' || t.lead_id || ' has ' || count(a.id) || ' activities, not 2'
  FROM crm_sla_timer t
  JOIN crm_sla_policy p ON p.id = t.policy_id AND p.name->>'en_US' = 'Workers'
  LEFT JOIN mail_activity a ON a.res_model = 'crm.lead' AND a.res_id = t.lead_id
   AND a.summary LIKE 'Late in %'
 GROUP BY t.lead_id HAVING count(a.id) <> 2
"""
MAILS = """
WITH told AS (
    SELECT (regexp_matches(m.body_html, 'res_id=([0-9]+)', 'g'))[1]::int AS lead_id
      FROM mail_mail m WHERE m.body_html LIKE '%These time limits need you%'
)
SELECT 'lead ' || t.lead_id || ' is in ' || count(told.lead_id) || ' mails, not 1'
  FROM crm_sla_timer t
  JOIN crm_sla_policy p ON p.id = t.policy_id AND p.name->>'en_US' = 'Workers'
  LEFT JOIN told ON told.lead_id = t.lead_id
 GROUP BY t.lead_id HAVING count(told.lead_id) <> 1
"""
SHARED = """
SELECT 'worker ' || name || ' took ' || COALESCE(taken, 0)
  FROM (VALUES ('one'), ('two'), ('last')) AS expected (name)
  LEFT JOIN dev_worker USING (name)
 WHERE (COALESCE(taken, 0) > 0) <> (name <> 'last')
"""
ESCALATED = {
    "each clock reaches each level once": LEVELS,
    "each activity is there once": ACTIVITIES,
    "each mail names each lead once": MAILS,
    "two workers share the work, the last finds none": SHARED,
}
