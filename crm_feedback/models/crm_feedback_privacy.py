from odoo import models

ERASED = ("sender_name", "sender_email", "description", "solution", "no_measure_reason")


class CrmFeedback(models.Model):
    """Forgetting a person, and keeping what was counted."""

    _inherit = "crm.feedback"

    def action_anonymise(self):
        """Remove everything personal; kind, cause, times and outcome stay.

        Whoever may delete feedback may do it. It cannot be undone.
        """
        self.check_access("unlink")
        # sudo: messages and files of others go too
        records = self.sudo()
        messages = records.message_ids
        messages.attachment_ids.unlink()
        self.env["ir.attachment"].sudo().search(  # sudo: as above
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        messages.unlink()
        records.message_unsubscribe(
            records.message_partner_ids.filtered("partner_share").ids
        )
        records.activity_ids.unlink()
        removed = self.env._("(removed)")
        for record in records:
            record._write_step(
                {
                    **dict.fromkeys(ERASED, False),
                    "name": removed,
                    "solution": record.solution and removed,
                    "no_measure_reason": record.no_measure_reason and removed,
                    "partner_id": False,
                    "order_id": False,
                    "lead_id": False,
                    "link_version": record.link_version + 1,
                    "intake_key": False,
                }
            )
        records.message_ids.unlink()  # what the change itself has told


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_feedback_anonymise(self):
        """Remove everything personal from what these customers and contacts said."""
        # sudo: in every company; who may is checked by the feedback itself
        feedback = self.env["crm.feedback"].sudo()
        found = feedback.search([("partner_id", "child_of", self.ids)])
        found.with_env(self.env).action_anonymise()
        responses = self.env["crm.feedback.response"].sudo()  # sudo: as above
        responses.search([("partner_id", "child_of", self.ids)])._forget()
