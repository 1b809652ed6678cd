-- A company with customers, orders, leads and messages, the same rows each time:
-- 20,000 partners, 100,000 orders, 30,000 leads and 120,000 messages times SCALE.
SELECT setseed(0.19);
SET work_mem = '256MB';

CREATE TEMP TABLE size AS
SELECT (20000 * SCALE)::int AS partners, (15000 * SCALE)::int AS customers,
       (100000 * SCALE)::int AS orders, (30000 * SCALE)::int AS leads,
       (40000 * SCALE)::int AS messages, (5000 * SCALE)::int AS invoices,
       now() AT TIME ZONE 'UTC' AS now,
       (SELECT max(id) FROM res_partner) AS base,
       (SELECT res_id FROM ir_model_data
         WHERE module = 'mail' AND name = 'mt_comment') AS comment_id;

-- Customers first, then their contacts.
INSERT INTO res_partner (id, name, complete_name, is_company, active, type, lang,
                         autopost_bills, user_id, commercial_partner_id, parent_id,
                         create_date, write_date)
SELECT base + n, 'Customer ' || n, 'Customer ' || n, n <= customers, TRUE, 'contact',
       'en_US', 'ask', CASE WHEN n % 3 = 0 THEN 2 END,
       base + CASE WHEN n <= customers THEN n ELSE 1 + n * 7 % customers END,
       CASE WHEN n > customers THEN base + 1 + n * 7 % customers END,
       now - interval '3 years', now - interval '3 years'
  FROM size, generate_series(1, partners) AS n;
SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner));

-- Few buy often, many once or never; one order in nine is an offer or cancelled.
INSERT INTO sale_order (name, state, partner_id, partner_invoice_id,
                        partner_shipping_id, company_id, currency_id, currency_rate,
                        amount_untaxed, amount_total, invoice_status, date_order,
                        create_date, write_date)
SELECT 'B' || n, CASE WHEN n % 9 > 0 THEN 'sale' WHEN n % 2 = 0 THEN 'sent'
                      ELSE 'cancel' END,
       who, who, who, 1, company.currency_id, 1, price, price, 'no', day, day, day
  FROM size JOIN res_company company ON company.id = 1
 CROSS JOIN LATERAL (
       SELECT n, base + 1 + floor(power(random(), 2.5) * partners * 0.8)::int AS who,
              round((20 + 400 * power(random(), 3))::numeric, 2) AS price,
              date_trunc('second', now - power(random(), 1.3) * interval '1095 days')
                  AS day
         FROM generate_series(1, orders) AS n) AS sold;

INSERT INTO crm_lead (name, type, active, probability, automated_probability,
                      won_status, stage_id, team_id, user_id, company_id, partner_id,
                      email_state, phone_state, country_id, date_last_stage_update,
                      date_closed, create_date, write_date)
SELECT 'Lead ' || n, 'opportunity', n % 10 > 2, chance, chance,
       CASE WHEN n % 10 <= 2 THEN 'lost' WHEN n % 10 <= 5 THEN 'won'
            ELSE 'pending' END,
       CASE WHEN n % 10 BETWEEN 3 AND 5 THEN won.id
            ELSE open.ids[1 + n % array_length(open.ids, 1)] END,
       team.id, 2, 1, base + 1 + (n * 13) % partners,
       CASE WHEN n % 4 > 0 THEN 'correct' END, CASE WHEN n % 5 > 1 THEN 'correct' END,
       1 + n % 200, day, CASE WHEN n % 10 <= 5 THEN day END, day, day
  FROM size
 CROSS JOIN (SELECT id FROM crm_stage WHERE is_won LIMIT 1) AS won
 CROSS JOIN (SELECT array_agg(id) AS ids FROM crm_stage WHERE is_won IS NOT TRUE) AS open
 CROSS JOIN (SELECT min(id) AS id FROM crm_team) AS team
 CROSS JOIN LATERAL (
       SELECT n, CASE WHEN n % 10 <= 2 THEN 0 WHEN n % 10 <= 5 THEN 100
                      ELSE 20 END AS chance,
              date_trunc('second', now - random() * interval '900 days') AS day
         FROM generate_series(1, leads) AS n) AS lead;

-- Invoices of their own, most of them paid.
INSERT INTO account_move (name, state, move_type, journal_id, currency_id, company_id,
                          auto_post, date, invoice_date, invoice_date_due, partner_id,
                          commercial_partner_id, amount_untaxed_signed,
                          amount_residual_signed, payment_state, create_date, write_date)
SELECT 'BENCH/' || n, 'posted', 'out_invoice', journal.id, company.currency_id, 1, 'no',
       day, day, day + 30, p.id, p.commercial_partner_id, 100,
       CASE WHEN n % 10 = 0 THEN 100 ELSE 0 END,
       CASE WHEN n % 10 = 0 THEN 'not_paid' ELSE 'paid' END, day, day
  FROM size JOIN res_company company ON company.id = 1
  JOIN (SELECT min(id) AS id FROM account_journal WHERE type = 'sale') AS journal ON TRUE
 CROSS JOIN LATERAL (
       SELECT n, (now - random() * interval '900 days')::date AS day
         FROM generate_series(1, invoices) AS n) AS billed
  JOIN res_partner p ON p.id = base + 1 + n * 17 % partners;

-- A third of the messages on customers, orders and leads each; half are tracking.
INSERT INTO mail_message (model, res_id, date, message_type, subtype_id, author_id,
                          body, create_date, write_date)
SELECT model, first + floor(random() * count)::int, day,
       CASE WHEN n % 2 = 0 THEN 'comment' ELSE 'notification' END, comment_id,
       CASE WHEN n % 4 = 0 THEN 3 ELSE base + 1 + n % partners END,
       repeat('<p>What people write</p>', 1 + n % 20), day, day
  FROM size
 CROSS JOIN LATERAL (VALUES ('res.partner', base + 1, partners),
       ('sale.order', (SELECT min(id) FROM sale_order), orders),
       ('crm.lead', (SELECT min(id) FROM crm_lead), leads)) AS of(model, first, count)
 CROSS JOIN LATERAL (
       SELECT n, date_trunc('second', now - random() * interval '1000 days'
                                          - interval '2 days') AS day
         FROM generate_series(1, messages) AS n) AS written;

-- Calls that were made.
INSERT INTO mail_activity (res_model_id, res_model, res_id, user_id, activity_type_id,
                           date_deadline, date_done, active, create_date, write_date)
SELECT m.id, m.model, base + 1 + n * 11 % partners, 2, type.res_id,
       now::date - n % 700, now::date - n % 700, FALSE, now, now
  FROM size JOIN ir_model m ON m.model = 'res.partner'
  JOIN ir_model_data type
    ON type.module = 'mail' AND type.name = 'mail_activity_data_call'
 CROSS JOIN LATERAL generate_series(1, leads / 3) AS n;
DROP TABLE size;
VACUUM ANALYZE;
