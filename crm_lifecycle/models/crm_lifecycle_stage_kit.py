from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.plain_text import is_web_link
from ..tools.qr_code import get_qr_code

LINK_FIELDS = ("link_url", "video_url")


class CrmLifecycleStage(models.Model):
    """What a stage tells those who work in it."""

    _inherit = "crm.lifecycle.stage"

    goal = fields.Char(
        translate=True, help="What is reached when this stage is left, in one line."
    )
    link_url = fields.Char(
        "Link", help="A page with more, e.g. in your handbook. Opens in a new tab."
    )
    video_url = fields.Char(
        "Video", help="A training video. Opens in a new tab, or on a phone by its code."
    )
    qr_url = fields.Char(compute="_compute_qr_url")

    @api.model
    def _get_definition_fields(self):
        return [*super()._get_definition_fields(), "goal", *LINK_FIELDS]

    @api.depends(*LINK_FIELDS)
    def _compute_qr_url(self):
        """The picture that a phone scans to open the video, else the link."""
        for stage in self:
            stage.qr_url = get_qr_code(stage.video_url or stage.link_url)

    @api.constrains(*LINK_FIELDS)
    def _check_links(self):
        for stage in self:
            for name in LINK_FIELDS:
                if error := self._get_link_error(stage[name]):
                    raise ValidationError(error)

    @api.model
    def _get_link_error(self, url):
        """Why ``url`` cannot be linked to; ``None`` when it can."""
        if not url or is_web_link(url):
            return None
        return self.env._(
            "“%s” is not the address of a web page: it has to begin with https:// or "
            "http://.",
            str(url)[:100],
        )

    @api.model
    def _get_definition_detail_errors(self, values):
        errors = super()._get_definition_detail_errors(values)
        links = (self._get_link_error(values.get(name)) for name in LINK_FIELDS)
        return errors + [error for error in links if error]

    def _get_kit(self):
        """This stage as the kit of its records shows it."""
        self.ensure_one()
        names = ("name", "goal", "guidance", *LINK_FIELDS, "qr_url", "outcome")
        return {"id": self.id, **{name: self[name] or False for name in names}}
