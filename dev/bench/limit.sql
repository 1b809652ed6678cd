-- The limit: what PostgreSQL needs to read everything once, per commercial partner:
-- purchases, first and last, revenue of 12 months, orders of 90 days and last contact
-- over the messages on the partner, the orders and the leads.
WITH orders AS (
    SELECT p.commercial_partner_id AS id, count(*) AS x, min(o.date_order) AS first,
           max(o.date_order) AS last,
           sum(o.amount_untaxed) FILTER (WHERE o.date_order > now() - interval '1 year')
               AS revenue,
           count(*) FILTER (WHERE o.date_order > now() - interval '90 days') AS recent
      FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
     WHERE o.state = 'sale' GROUP BY 1
), contact AS (
    SELECT id, max(date) AS date FROM (
        SELECT p.commercial_partner_id AS id, m.date
          FROM mail_message m JOIN res_partner p ON p.id = m.res_id
         WHERE m.model = 'res.partner' AND m.message_type IN ('comment', 'email')
         UNION ALL
        SELECT p.commercial_partner_id, m.date
          FROM mail_message m JOIN sale_order o ON o.id = m.res_id
          JOIN res_partner p ON p.id = o.partner_id
         WHERE m.model = 'sale.order' AND m.message_type IN ('comment', 'email')
         UNION ALL
        SELECT p.commercial_partner_id, m.date
          FROM mail_message m JOIN crm_lead l ON l.id = m.res_id
          JOIN res_partner p ON p.id = l.partner_id
         WHERE m.model = 'crm.lead' AND m.message_type IN ('comment', 'email')
    ) AS messages GROUP BY 1
)
SELECT count(*), sum(x), max(first), max(last), sum(revenue), sum(recent), max(date)
  FROM res_partner p LEFT JOIN orders o USING (id) LEFT JOIN contact c USING (id)
 WHERE p.commercial_partner_id = p.id
