-- A company that has worked with Odoo for three years, before our addons come:
-- 20,000 partners, 60,000 confirmed orders, 20,000 leads and the tracked way each
-- of them took. The same rows each time; dates count back from today.

-- Partners: 12,000 customers, of which every fourth is a person, and 8,000 contacts.
INSERT INTO res_partner (name, complete_name, ref, is_company, active, type, lang,
                         autopost_bills, company_id, user_id, create_date, write_date)
SELECT 'Customer ' || n, 'Customer ' || n, 'EX' || n, n % 4 <> 0, n % 50 <> 0,
       'contact', 'en_US', 'ask', CASE WHEN n % 5 = 0 THEN 1 END,
       CASE WHEN n % 3 = 0 THEN 2 END,
       today - interval '1100 days', today - interval '1100 days'
  FROM generate_series(1, 12000) AS n, date_trunc('day', now()) AS today;
UPDATE res_partner SET commercial_partner_id = id WHERE ref LIKE 'EX%';
INSERT INTO res_partner (name, complete_name, ref, is_company, active, type, lang,
                         autopost_bills, company_id, parent_id, commercial_partner_id,
                         commercial_company_name, create_date, write_date)
SELECT 'Contact ' || n, company.name || ', Contact ' || n, 'EX' || n, FALSE,
       TRUE, 'contact', 'en_US', 'ask', company.company_id, company.id, company.id,
       company.name, company.create_date, company.create_date
  FROM generate_series(12001, 20000) AS n
  JOIN res_partner company ON company.ref = 'EX' || (n * 7 % 3000 * 4 + 1 + n % 3);

-- Orders: few customers buy often, many seldom, some never; some orders were
-- cancelled or are only offered. Contacts order for their company.
INSERT INTO sale_order (name, state, partner_id, partner_invoice_id,
                        partner_shipping_id, company_id, currency_id, date_order,
                        create_date, write_date)
SELECT 'EX' || n,
       CASE WHEN n <= 60000 THEN 'sale' WHEN n % 2 = 0 THEN 'draft' ELSE 'cancel' END,
       p.id, p.id, p.id, 1, company.currency_id, moment, moment, moment
  FROM generate_series(1, 63000) AS n
  JOIN res_company company ON company.id = 1
  JOIN res_partner p
    ON p.ref = 'EX' || 1 + (n % 20011)::bigint * (n % 1009) % (1 + n * 13 % 18000)
 CROSS JOIN LATERAL (SELECT date_trunc('day', now()) - n * 37 % 1080 * interval '1 day'
                            - n % 1440 * interval '1 minute' AS moment) AS ordered;

-- A sales team with a column of its own in the pipeline.
UPDATE crm_team SET name = '{"en_US": "Field Sales"}', active = TRUE
 WHERE id = (SELECT res_id FROM ir_model_data WHERE module = 'sales_team'
                AND name = 'salesteam_website_sales');
INSERT INTO crm_stage (name, sequence, is_won, fold, create_date, write_date)
VALUES ('{"en_US": "Field Visit"}', 2, FALSE, FALSE, now(), now());
INSERT INTO crm_stage_crm_team_rel (crm_stage_id, crm_team_id)
SELECT s.id, t.id FROM crm_stage s, crm_team t
 WHERE s.name->>'en_US' = 'Field Visit' AND t.name->>'en_US' = 'Field Sales';

-- Leads: a tenth lost, a fifth won, some archived though not lost; the teams differ,
-- and a quarter has none. They stand at the end of their way, see below.
CREATE TEMP TABLE existing_lead AS
SELECT n, nextval('crm_lead_id_seq')::int AS id, 3 + n % 3 AS moves,
       n % 10 = 0 AS is_lost, n % 10 IN (1, 2) AS is_won, n % 100 = 55 AS is_archived,
       team.id AS team_id, line.stages, array_length(line.stages, 1) AS length,
       date_trunc('day', now()) - (1000 - n % 900) * interval '1 day' AS created
  FROM generate_series(1, 20000) AS n
  LEFT JOIN crm_team team
    ON team.name->>'en_US' = CASE n % 4 WHEN 1 THEN 'Field Sales'
                                        WHEN 2 THEN 'Sales' WHEN 3 THEN 'Sales' END
 CROSS JOIN LATERAL (
       SELECT array_agg(s.id ORDER BY s.sequence, s.id) AS stages
         FROM crm_stage s LEFT JOIN crm_stage_crm_team_rel r ON r.crm_stage_id = s.id
        WHERE s.is_won IS NOT TRUE AND (n % 4 = 1 OR r.crm_team_id IS NULL)) AS line;

-- The way of a lead: the places it had, from 0 (created) to its last move. Some made
-- all moves at one moment.
CREATE TEMP TABLE existing_place AS
SELECT l.id AS lead_id, l.n, k,
       l.created + CASE WHEN l.n % 13 = 0 THEN interval '1 day'
                        ELSE k * (3 + l.n % 5) * interval '1 day' END AS date,
       CASE WHEN l.is_won AND k = l.moves THEN won.id
            ELSE l.stages[1 + (l.n + k * (1 + l.n / 4 % 2)) % l.length] END AS stage_id
  FROM existing_lead l
 CROSS JOIN (SELECT id FROM crm_stage WHERE is_won LIMIT 1) AS won
 CROSS JOIN LATERAL generate_series(0, l.moves) AS k;

-- Some leads were put elsewhere without a trace: their last place is not tracked.
INSERT INTO crm_lead (id, name, type, active, probability, automated_probability,
                      won_status, stage_id, team_id, user_id, company_id, partner_id,
                      date_last_stage_update, date_closed, create_date, write_date)
SELECT l.id, 'Lead ' || l.n, CASE WHEN l.n % 5 = 3 THEN 'lead' ELSE 'opportunity' END,
       NOT (l.is_lost OR l.is_archived), chance.value, chance.value,
       CASE WHEN l.is_lost THEN 'lost' WHEN l.is_won THEN 'won' ELSE 'pending' END,
       CASE WHEN l.n % 97 = 3 AND NOT l.is_won
            THEN l.stages[1 + array_position(l.stages, place.stage_id) % l.length]
            ELSE place.stage_id END,
       l.team_id, CASE WHEN l.n % 6 > 0 THEN 2 END, CASE WHEN l.n % 3 = 0 THEN 1 END,
       p.id, place.date + CASE WHEN l.n % 97 = 3 THEN interval '1 hour'
                               ELSE interval '0' END,
       CASE WHEN l.is_won OR l.is_lost THEN place.date + interval '1 day' END,
       l.created, place.date + interval '1 day'
  FROM existing_lead l
  JOIN existing_place place ON place.lead_id = l.id AND place.k = l.moves
  LEFT JOIN res_partner p ON p.ref = 'EX' || l.n * 3 % 24000
 CROSS JOIN LATERAL (SELECT CASE WHEN l.is_lost THEN 0 WHEN l.is_won THEN 100
                                 ELSE 20 END AS value) AS chance;

-- What is tracked of it. A message here and there was deleted, some leads passed a
-- stage that no longer exists, and some were moved on after they had been lost.
CREATE TEMP TABLE existing_track AS
SELECT nextval('mail_message_id_seq')::int AS message_id, moved.*
  FROM (SELECT new.lead_id, new.n, new.date, new.k, 'stage_id' AS field,
               CASE WHEN new.n % 11 = 0 AND new.k = 3 THEN 999999
                    ELSE old.stage_id END AS old_value,
               CASE WHEN new.n % 11 = 0 AND new.k = 2 THEN 999999
                    ELSE new.stage_id END AS new_value
          FROM existing_place new
          JOIN existing_place old ON old.lead_id = new.lead_id AND old.k = new.k - 1
         WHERE NOT (new.n % 7 = 0 AND new.k = 2)
         UNION ALL
        SELECT id, n, created + CASE WHEN n % 40 = 0 THEN interval '4 days'
                                     ELSE interval '60 days' END, 0, 'active', 1, 0
          FROM existing_lead WHERE is_lost AND n % 20 = 0
         ORDER BY lead_id, date, k) AS moved;
INSERT INTO mail_message (id, model, res_id, date, message_type, subtype_id,
                          author_id, create_date, write_date)
SELECT t.message_id, 'crm.lead', t.lead_id, t.date, 'notification', subtype.res_id,
       3, t.date, t.date
  FROM existing_track t
  LEFT JOIN ir_model_data subtype
    ON subtype.module = 'crm' AND subtype.name = 'mt_lead_stage';
INSERT INTO mail_tracking_value (mail_message_id, field_id, old_value_integer,
                                 new_value_integer, create_date, write_date)
SELECT t.message_id, f.id, t.old_value, t.new_value, t.date, t.date
  FROM existing_track t
  JOIN ir_model_fields f ON f.model = 'crm.lead' AND f.name = t.field
 ORDER BY t.message_id;

-- What people wrote and have to do.
INSERT INTO mail_message (model, res_id, date, message_type, body, author_id,
                          create_date, write_date)
SELECT 'res.partner', id, create_date, 'comment', '<p>Met at the fair</p>', 3,
       create_date, create_date
  FROM res_partner WHERE ref LIKE 'EX%00';
INSERT INTO mail_activity (res_model_id, res_model, res_id, res_name, user_id,
                           activity_type_id, date_deadline, summary, active,
                           create_date, write_date)
SELECT m.id, m.model, l.id, l.name, 2, type.res_id, current_date + 7, 'Call back',
       TRUE, l.create_date, l.create_date
  FROM crm_lead l
  JOIN ir_model m ON m.model = 'crm.lead'
  JOIN ir_model_data type
    ON type.module = 'mail' AND type.name = 'mail_activity_data_call'
 WHERE l.name LIKE 'Lead %00';

DROP TABLE existing_lead, existing_place, existing_track;
ANALYZE crm_lead, crm_stage, mail_message, mail_tracking_value, res_partner, sale_order;
