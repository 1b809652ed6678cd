"""What must hold once our addons are installed on data that was there before.

Every query returns one line for each record with which something is wrong. They do
arithmetic of their own on what Odoo wrote down, and use nothing of our addons.
"""

# Where the lead stands, and since when; each stay begins where the one before ended.
LEAD_PLACES = """
SELECT 'lead ' || l.id || ' (stage ' || l.stage_id || ', ' || l.won_status || '): '
       || count(v.id) || ' open stays, in ' || string_agg(s.name->>'en_US', ', ')
  FROM crm_lead l
  LEFT JOIN crm_lifecycle_visit v ON v.lead_id = l.id AND v.left_date IS NULL
  LEFT JOIN crm_lifecycle_stage s ON s.id = v.stage_id
 GROUP BY l.id
HAVING count(v.id) <> 1
    OR CASE WHEN l.won_status = 'lost' THEN min(s.outcome) <> 'lost'
            ELSE min(s.crm_stage_id) IS DISTINCT FROM l.stage_id
                 OR (l.won_status = 'won') <> (min(s.outcome) = 'won') END
    OR min(s.id) IS DISTINCT FROM l.lifecycle_stage_id
"""
# The places a lead is known to have had: the one before the first tracked move, the
# target of each, the present one. Those of stages that are gone are unknown; equal
# ones in a row are one stay; being lost is a stay of its own.
LEAD_STAYS = """
WITH tracked AS (
    SELECT m.res_id AS lead_id, m.date, t.id, t.old_value_integer AS source,
           t.new_value_integer AS target
      FROM mail_tracking_value t
      JOIN mail_message m ON m.id = t.mail_message_id AND m.model = 'crm.lead'
      JOIN ir_model_fields f ON f.id = t.field_id AND f.name = 'stage_id'
), place AS (
    SELECT * FROM (SELECT DISTINCT ON (lead_id) lead_id, 0 AS part, date, id, source
                     FROM tracked ORDER BY lead_id, date, id) AS first
     UNION ALL
    SELECT lead_id, 1, date, id, target FROM tracked
     UNION ALL
    SELECT id, 2, NULL, NULL, stage_id FROM crm_lead
), known AS (
    SELECT place.lead_id, place.source AS stage_id,
           lag(place.source) OVER (PARTITION BY lead_id ORDER BY part, date, place.id)
           AS previous_id
      FROM place JOIN crm_stage stage ON stage.id = place.source
), expected AS (
    SELECT l.id, count(*) + (l.won_status = 'lost')::int AS stays
      FROM crm_lead l JOIN known k ON k.lead_id = l.id
     WHERE k.stage_id IS DISTINCT FROM k.previous_id GROUP BY l.id
), found AS (
    SELECT lead_id AS id, count(*) AS stays FROM crm_lifecycle_visit
     WHERE lead_id IS NOT NULL GROUP BY lead_id
)
SELECT 'lead ' || id || ': ' || COALESCE(found.stays, 0) || ' stays, '
       || COALESCE(expected.stays, 0) || ' expected'
  FROM expected FULL JOIN found USING (id)
 WHERE expected.stays IS DISTINCT FROM found.stays
"""
SEQUENCE = """
SELECT COALESCE('lead ' || lead_id, 'customer ' || partner_id) || ': the stay from '
       || entered_date || ' to ' || COALESCE(left_date::text, 'now')
       || ' is followed by one from ' || COALESCE(next_date::text, 'never')
  FROM (SELECT *, lead(entered_date) OVER (PARTITION BY lead_id, partner_id
                  ORDER BY entered_date, left_date, id) AS next_date
          FROM crm_lifecycle_visit) AS stay
 WHERE left_date IS DISTINCT FROM next_date OR left_date < entered_date
"""
# Customers are those, and only those, who ordered or whose lead was won.
CUSTOMERS = """
WITH expected AS (
    SELECT p.commercial_partner_id AS id
      FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
     WHERE o.state = 'sale'
     UNION
    SELECT p.commercial_partner_id
      FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
     WHERE l.won_status = 'won'
), found AS (
    SELECT partner_id AS id, count(*) AS stays FROM crm_lifecycle_visit
     WHERE partner_id IS NOT NULL AND left_date IS NULL GROUP BY partner_id
)
SELECT 'partner ' || id || ': ' || COALESCE(found.stays, 0) || ' open stays, '
       || CASE WHEN expected.id IS NULL THEN 'though no customer' ELSE '1 expected' END
  FROM expected FULL JOIN found USING (id)
 WHERE expected.id IS NULL OR found.stays IS DISTINCT FROM 1
"""
CONTACTS = """
SELECT 'partner ' || p.id || ' of company ' || p.commercial_partner_id
       || ' shows stage ' || COALESCE(p.lifecycle_stage_id::text, 'none')
       || ', the company stands in ' || COALESCE(v.stage_id::text, 'none')
  FROM res_partner p
  LEFT JOIN crm_lifecycle_visit v
    ON v.partner_id = p.commercial_partner_id AND v.left_date IS NULL
 WHERE p.lifecycle_stage_id IS DISTINCT FROM v.stage_id
"""
# Else the data would not try what it is made for.
PEOPLED = """
SELECT 'nobody stands in ' || (s.name->>'en_US')
  FROM crm_lifecycle_stage s
  JOIN ir_model_data d ON d.res_id = s.process_id AND d.module = 'crm_lifecycle'
   AND d.name = 'process_default'
 WHERE NOT EXISTS (SELECT FROM crm_lifecycle_visit v
                    WHERE v.stage_id = s.id AND v.left_date IS NULL)
"""
CHECKS = {
    "every lead has one open stay, where the pipeline has it": LEAD_PLACES,
    "leads have as many stays as their tracking tells": LEAD_STAYS,
    "stays follow one another without a gap": SEQUENCE,
    "who ordered or was won is a customer with one open stay": CUSTOMERS,
    "contacts show the stage of their company": CONTACTS,
    "every stage of the process has somebody in it": PEOPLED,
}
STAYS = """
SELECT count(*) FILTER (WHERE lead_id IS NOT NULL),
       count(*) FILTER (WHERE partner_id IS NOT NULL) FROM crm_lifecycle_visit
"""
