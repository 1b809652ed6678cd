-- Leads that wander through a process for three years, the same each time: 200,000
-- leads with five stays each, the last one open and with a clock, times SCALE / 10.
SELECT setseed(0.23);
SET work_mem = '256MB';

CREATE TEMP TABLE size AS
SELECT (20000 * SCALE)::int AS leads, now() AT TIME ZONE 'UTC' AS now,
       (SELECT COALESCE(max(id), 0) FROM crm_lead) AS base,
       (SELECT res_id FROM ir_model_data
         WHERE module = 'crm_lifecycle' AND name = 'process_default') AS process_id;

-- As many stages as a chart is allowed without a hint, some with a limit.
INSERT INTO crm_lifecycle_stage (name, key, process_id, phase, outcome, sequence, active,
                                 create_date, write_date)
SELECT jsonb_build_object('en_US', 'Stage ' || n), 'bench_' || n, process_id, 'lead',
       'open', n, TRUE, now, now
  FROM size, generate_series(1, 6) AS n;

CREATE TEMP TABLE stages AS
SELECT id, row_number() OVER (ORDER BY sequence, id) - 1 AS position,
       count(*) OVER () AS number
  FROM crm_lifecycle_stage WHERE process_id = (SELECT process_id FROM size)
   AND phase = 'lead' AND outcome = 'open';

INSERT INTO crm_lifecycle_transition (process_id, source_id, target_id, trigger, domain,
                                      sequence, create_date, write_date)
SELECT process_id, a.id, b.id, 'manual', '[]', 10, now, now
  FROM size, stages a JOIN stages b ON b.position = a.position + 1
    ON CONFLICT DO NOTHING;

INSERT INTO crm_sla_policy (name, active, hours, counting, warning_percent, create_date,
                            write_date)
VALUES ('{"en_US": "Bench"}', TRUE, 48, 'always', 75, now(), now());

INSERT INTO crm_lead (id, name, type, active, user_id, team_id, company_id, priority,
                      expected_revenue, lifecycle_stage_id, create_date, write_date)
SELECT base + n, 'Wanderer ' || n, 'opportunity', TRUE, CASE WHEN n % 4 > 0 THEN 2 END,
       1 + n % 2, 1, '0', n % 5000,
       (SELECT id FROM stages WHERE position = (4 + n) % number),
       now - interval '3 years', now
  FROM size, generate_series(1, leads) AS n;
SELECT setval('crm_lead_id_seq', (SELECT max(id) FROM crm_lead));

-- Stay k of lead n: one after the other, each of some hours or days, most on the chart.
INSERT INTO crm_lifecycle_visit (lead_id, process_id, stage_id, previous_stage_id,
                                 entered_date, left_date, hours, owner_id, team_id,
                                 company_id, origin, revision_id)
SELECT base + n, process_id, here.id, before.id, begun,
       CASE WHEN k < 4 THEN next_one END,
       CASE WHEN k < 4 THEN extract(epoch FROM next_one - begun)::float8 / 3600 END,
       CASE WHEN n % 4 > 0 THEN 2 END, 1 + n % 2, 1,
       CASE WHEN n % 97 = 0 THEN 'return' ELSE 'manual' END,
       (SELECT revision_id FROM crm_lifecycle_process WHERE id = process_id)
  FROM size CROSS JOIN LATERAL generate_series(1, leads) AS n
 CROSS JOIN generate_series(0, 4) AS k
 CROSS JOIN LATERAL (
       SELECT now - (n * 7919 % 1095) * interval '1 day' AS came,
              (1 + n * 31 % 400) * interval '1 hour' AS pace) AS way
 CROSS JOIN LATERAL (
       SELECT LEAST(came + k * pace, now - interval '1 minute') AS begun,
              LEAST(came + (k + 1) * pace, now) AS next_one) AS dates
  JOIN stages here ON here.position = (k + n) % here.number
  LEFT JOIN stages before ON k > 0 AND before.position = (k - 1 + n) % before.number;

INSERT INTO crm_sla_timer (kind, policy_id, visit_id, lead_id, stage_id, owner_id,
                           team_id, company_id, start_date, deadline, warning_date,
                           target_hours)
SELECT 'stage', (SELECT max(id) FROM crm_sla_policy), v.id, v.lead_id, v.stage_id,
       v.owner_id, v.team_id, v.company_id, v.entered_date,
       v.entered_date + interval '48 hours', v.entered_date + interval '36 hours', 48
  FROM crm_lifecycle_visit v WHERE v.left_date IS NULL AND v.lead_id % 2 = 0;

DROP TABLE size, stages;
VACUUM ANALYZE;
