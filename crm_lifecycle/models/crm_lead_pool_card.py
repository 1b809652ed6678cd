from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

HOSTS = ("crm.lead", "res.partner")


class CrmLeadPoolCard(models.Model):
    """What members may know of a record that waits in a pool.

    The record itself is hidden from them by rules, whatever way they ask. This view
    holds nothing by which its customer could be found or contacted.
    """

    _name = "crm.lead.pool.card"
    _description = "Card in a Pool"
    _auto = False
    _order = "score desc, pooled_date, id"
    _depends = {
        "crm.lead": [
            "active",
            "company_id",
            "country_id",
            "create_date",
            "expected_revenue",
            "lang_id",
            "lifecycle_cooldown_date",
            "lifecycle_pool_id",
            "lifecycle_pooled_date",
            "lifecycle_previous_user_id",
            "partner_id",
            "priority",
            "probability",
            "source_id",
            "state_id",
            "team_id",
        ],
        "res.partner": [
            "active",
            "commercial_partner_id",
            "company_id",
            "country_id",
            "industry_id",
            "lang",
            "lifecycle_cooldown_date",
            "lifecycle_pool_id",
            "lifecycle_pooled_date",
            "lifecycle_previous_user_id",
            "state_id",
        ],
    }

    res_model = fields.Selection(
        [("crm.lead", "Lead"), ("res.partner", "Customer")], "Kind", readonly=True
    )
    res_id = fields.Integer("Record", readonly=True)
    title = fields.Char(compute="_compute_title")
    pool_id = fields.Many2one("crm.lead.pool", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency = fields.Many2one(
        "res.currency", compute="_compute_company_currency"
    )
    team_id = fields.Many2one("crm.team", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    state_id = fields.Many2one("res.country.state", "Region", readonly=True)
    industry_id = fields.Many2one("res.partner.industry", readonly=True)
    lang_id = fields.Many2one("res.lang", "Language", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    tags = fields.Char(compute="_compute_tags")
    expected_revenue = fields.Monetary(
        currency_field="company_currency", readonly=True, aggregator="sum"
    )
    score = fields.Float(
        "Probability",
        readonly=True,
        aggregator="avg",
        help="Of a lead, as Odoo has it.",
    )
    priority = fields.Selection(
        [("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")],
        readonly=True,
    )
    create_date = fields.Datetime("Known Since", readonly=True)
    pooled_date = fields.Datetime("Waiting Since", readonly=True)
    age = fields.Integer("Days Known", compute="_compute_ages")
    waiting_days = fields.Integer("Days Waiting", compute="_compute_ages")
    previous_user_id = fields.Many2one("res.users", "Previous Owner", readonly=True)
    locked_until = fields.Date(
        compute="_compute_locked_until",
        help="You had it before and have to wait until then.",
    )
    cooldown_date = fields.Datetime(
        "Locked for the Previous Owner Until", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id * 2 AS id, 'crm.lead' AS res_model, l.id AS res_id,
                   l.lifecycle_pool_id AS pool_id, l.company_id, l.team_id,
                   l.country_id, l.state_id,
                   COALESCE(p.industry_id, c.industry_id) AS industry_id, l.lang_id,
                   l.source_id, l.expected_revenue, l.probability AS score,
                   l.priority, l.create_date, l.lifecycle_pooled_date AS pooled_date,
                   l.lifecycle_previous_user_id AS previous_user_id,
                   l.lifecycle_cooldown_date AS cooldown_date
              FROM crm_lead l
              LEFT JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN res_partner c ON c.id = p.commercial_partner_id
             WHERE l.lifecycle_pool_id IS NOT NULL AND l.active
             UNION ALL
            SELECT p.id * 2 + 1, 'res.partner', p.id, p.lifecycle_pool_id, p.company_id,
                   NULL, p.country_id, p.state_id, p.industry_id, lang.id, NULL, NULL,
                   NULL, NULL, p.create_date, p.lifecycle_pooled_date,
                   p.lifecycle_previous_user_id, p.lifecycle_cooldown_date
              FROM res_partner p LEFT JOIN res_lang lang ON lang.code = p.lang
             WHERE p.lifecycle_pool_id IS NOT NULL AND p.active
               AND p.commercial_partner_id = p.id
            """
        )

    def _get_records(self):
        """The records behind the cards.

        :return: list of recordsets, one for each model
        """
        by_model = defaultdict(list)
        for card_id in self.ids:  # also of cards that have just gone
            by_model[HOSTS[card_id % 2]].append(card_id // 2)
        return [self.env[name].browse(ids) for name, ids in by_model.items()]

    # ------------------------------------------------------------
    # What is told
    # ------------------------------------------------------------

    @api.depends("res_id", "pool_id.show_title", "industry_id")
    def _compute_title(self):
        kinds = dict(self._fields["res_model"]._description_selection(self.env))
        for card in self:
            if card.pool_id.sudo().show_title:  # sudo: pools of other teams
                # sudo: the pool says its subjects may be shown
                record = self.env[card.res_model].sudo().browse(card.res_id)
                card.title = record.name or kinds[card.res_model]
            else:
                parts = [
                    f"{kinds[card.res_model]} {card.res_id}",
                    card.industry_id.name,
                ]
                card.title = " · ".join(filter(None, parts))

    @api.depends("res_id")
    def _compute_display_name(self):
        for card in self:
            card.display_name = card.title

    @api.depends("res_id")
    def _compute_tags(self):
        for card in self:
            # sudo: labels tell nothing by which to contact somebody
            record = self.env[card.res_model].sudo().browse(card.res_id)
            name = "tag_ids" if card.res_model == "crm.lead" else "category_id"
            card.tags = ", ".join(record[name].mapped("name"))

    @api.depends("company_id")
    def _compute_company_currency(self):
        for card in self:
            company = card.company_id.sudo() or self.env.company  # sudo: its currency
            card.company_currency = company.currency_id

    @api.depends("create_date", "pooled_date")
    def _compute_ages(self):
        now = fields.Datetime.now()
        for card in self:
            card.age = (now - card.create_date).days
            card.waiting_days = (now - (card.pooled_date or now)).days

    @api.depends("cooldown_date", "previous_user_id")
    @api.depends_context("uid", "tz")
    def _compute_locked_until(self):
        now = fields.Datetime.now()
        for card in self:
            is_locked = (
                card.previous_user_id == self.env.user
                and card.cooldown_date
                and card.cooldown_date > now
            )
            card.locked_until = is_locked and fields.Datetime.context_timestamp(
                card, card.cooldown_date
            )

    # ------------------------------------------------------------
    # Claim
    # ------------------------------------------------------------

    def action_claim(self):
        """Become the owner of what is behind the cards, or hear who has it.

        :return: an action that opens what was claimed
        :raise UserError: it is taken, or beyond a quota
        """
        if not self:
            raise UserError(self.env._("Choose what to claim first."))
        if not self.env.user.has_group("crm_lifecycle.group_crm_lifecycle_user"):
            raise UserError(self.env._("Only sellers claim from a pool."))
        claimed = [records._lifecycle_claim() for records in self._get_records()]
        records = claimed[0]
        if len(claimed) > 1 or len(records) > 1:
            return {
                "type": "ir.actions.act_window",
                "name": records._description,
                "res_model": records._name,
                "view_mode": "list,form",
                "domain": [("id", "in", records.ids)],
            }
        return {
            **records.get_formview_action(),
            "target": "current",
        }
