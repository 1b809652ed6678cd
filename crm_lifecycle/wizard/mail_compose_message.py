from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        """A quotation that waits for approval is not sent from the composer.

        Colleagues may be written to about it, without the template.
        """
        for composer in self.filtered("template_id"):
            composer.template_id._approval_check_document(
                composer.model, composer._evaluate_res_ids()
            )
        return super()._action_send_mail(auto_commit=auto_commit)
