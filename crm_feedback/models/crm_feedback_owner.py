from odoo import api, fields, models
from odoo.fields import Domain

ANSWER_ACTIVITY = "crm_feedback.mail_activity_type_answer"


class CrmFeedback(models.Model):
    """Who answers for a feedback, and how that person is reminded."""

    _inherit = "crm.feedback"

    user_id = fields.Many2one(
        "res.users",
        "Owner",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        check_company=True,
        tracking=True,
        help="Answers the customer. Left empty on a new feedback: the owner of its "
        "category, else the customer's salesperson, else whoever records it.",
    )

    _open_user_idx = models.Index("(user_id) WHERE state != 'closed'")

    @api.constrains("user_id")
    def _check_user_can_own(self):
        self.user_id._feedback_check_owner()

    @api.model
    def _name_owners(self, vals_list, partner_ids=()):
        """Hook: name who answers, in the values of new feedback that name nobody.

        :param list vals_list: changed in place; the company is known
        :param partner_ids: customers of the same batch, read in one go
        """
        for vals in vals_list:
            if vals.get("user_id"):
                continue
            partner = self.env["res.partner"].browse(vals.get("partner_id"))
            owner = self._find_owner(
                self.env["crm.feedback.category"].browse(vals.get("category_id")),
                partner.with_prefetch(partner_ids),
                self.env["res.company"].browse(vals["company_id"]),
                self.env.user,
            )
            vals["user_id"] = owner.id

    @api.model
    def _find_owner(self, category, partner, company, fallback):
        """Hook: who answers for a feedback that names nobody.

        :param fallback: users to ask last
        :return: the first of the category's owner, the customer's salesperson and
            ``fallback`` who can do it; empty when nobody can
        """
        # sudo: the rule does not depend on what the user may see
        category, partner, fallback = category.sudo(), partner.sudo(), fallback.sudo()
        candidates = (
            category.user_id,
            partner.user_id,
            partner.commercial_partner_id.user_id,
            *fallback,
        )
        for user in candidates:
            if user._feedback_can_own(company):
                return user
        return self.env["res.users"]

    @api.model
    def _leave_owners(self, users):
        """Give the open feedback of ``users``, who leave, to others.

        What nobody else answers for becomes new again; what is solved keeps its
        owner then.
        """
        domain = self._get_open_domain() & Domain("user_id", "in", users.ids)
        orphans = self.sudo().search(domain)  # sudo: in every company they worked for
        nobody = self.env["res.users"]
        for owner, records in orphans.grouped(
            lambda r: self._find_owner(
                r.category_id, r.partner_id, r.company_id, nobody
            )
        ).items():
            if not owner:
                records = records.filtered(lambda r: r.state == "assigned")
            records.write({"user_id": owner.id})

    # ------------------------------------------------------------
    # Handing over
    # ------------------------------------------------------------

    def _follow_handover(self, user_id):
        """Let who hands a feedback to somebody else see what becomes of it."""
        user = self.env.user
        if user_id and user_id != user.id and user._is_internal() and not self.env.su:
            self.message_subscribe(partner_ids=user.partner_id.ids)

    def _schedule_answer(self):
        """Remind each owner once to answer; a reminder follows its feedback."""
        kind = self.env.ref(ANSWER_ACTIVITY, raise_if_not_found=False)
        if not kind or not self:
            return
        # the owner has already been told of the assignment
        records = self.with_context(mail_activity_quick_update=True)
        open_ = records.activity_search([ANSWER_ACTIVITY])
        reminded = set(open_.mapped("res_id"))
        deadline = kind._get_date_deadline()
        for owner, owned in records.grouped("user_id").items():
            mine = open_.filtered(lambda a, ids=owned._ids: a.res_id in ids)
            mine.filtered(lambda a, o=owner: a.user_id != o).write(
                {"user_id": owner.id}
            )
            owned.filtered(lambda r: r.id not in reminded).activity_schedule(
                ANSWER_ACTIVITY,
                date_deadline=deadline,
                summary=kind.with_context(lang=owner.lang).summary,
                user_id=owner.id,
            )
