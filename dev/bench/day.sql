-- A day of work: one customer in a hundred gets an order, one in a hundred a message.
INSERT INTO sale_order (name, state, partner_id, partner_invoice_id,
                        partner_shipping_id, company_id, currency_id, currency_rate,
                        amount_untaxed, amount_total, invoice_status, date_order,
                        create_date, write_date)
SELECT 'D' || id, 'sale', id, id, id, 1, (SELECT currency_id FROM res_company WHERE id = 1),
       1, 50, 50, 'no', moment, moment, moment
  FROM res_partner, date_trunc('second', now() AT TIME ZONE 'UTC') AS moment
 WHERE is_company AND id % 100 = 7;
INSERT INTO mail_message (model, res_id, date, message_type, subtype_id, author_id,
                          body, create_date, write_date)
SELECT 'res.partner', id, moment, 'comment', (SELECT res_id FROM ir_model_data
         WHERE module = 'mail' AND name = 'mt_comment'), 3, '<p>Hello</p>', moment, moment
  FROM res_partner, date_trunc('second', now() AT TIME ZONE 'UTC') AS moment
 WHERE is_company AND id % 100 = 8;
UPDATE sale_order SET state = 'cancel'
 WHERE id IN (SELECT max(id) FROM sale_order WHERE partner_id % 1000 = 9
               GROUP BY partner_id);
