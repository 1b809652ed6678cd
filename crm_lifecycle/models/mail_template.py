from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def send_mail_batch(self, res_ids, *args, **kwargs):
        """A quotation that waits for approval is not sent as a document."""
        self._approval_check_document(self.model, res_ids)
        return super().send_mail_batch(res_ids, *args, **kwargs)

    def _approval_check_document(self, model_name, res_ids):
        """Raise when the document of a held quotation would be sent.

        What tells about a quotation without being its document may be sent.
        """
        if model_name == "sale.order" and self.report_template_ids:
            self.env[model_name].browse(res_ids)._approval_check_sending()
