import json
from base64 import b64encode

from odoo import fields, http
from odoo.http import content_disposition, request

from ..tools.qr_code import get_qr_code

MAX_DRAWING = 8 * 1024 * 1024


class CrmLifecycleProcessController(http.Controller):
    @http.route(
        "/crm_lifecycle/process/<int:process_id>/definition.json",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def process_definition(self, process_id):
        """Download the definition of a process the user may read."""
        process = self._get_process(process_id)
        content = json.dumps(process._get_definition(), ensure_ascii=False, indent=2)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{process.key}.json")),
            ],
        )

    @http.route(
        "/crm_lifecycle/process/<int:process_id>/print",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        readonly=True,
    )
    def process_print(self, process_id, svg=None, as_of=None, days=None, **kwargs):
        """A page for paper: the map as the browser has drawn it, and what goes with it.

        The drawing is shown as a picture, in which nothing of it can run.

        :param str svg: the drawing, as an SVG file
        :param str as_of: the moment it shows, if it is a past one (UTC)
        :param str days: the period of its numbers
        """
        process = self._get_process(process_id)
        url = f"{process.get_base_url()}/odoo/lifecycle-map/{process.id}"
        return request.render(
            "crm_lifecycle.process_print",
            {
                "process": process,
                "picture": self._get_picture(svg),
                "qr_code": get_qr_code(url),
                "url": url,
                "moment": self._read_moment(as_of),
                "days": int(days) if (days or "").isdigit() else False,
            },
        )

    def _get_process(self, process_id):
        """The process the user may read; the same answer for all others."""
        process = request.env["crm.lifecycle.process"].browse(process_id).exists()
        if not process or not process.has_access("read"):
            raise request.not_found()
        return process

    def _read_moment(self, text):
        """The moment a page shows; now when none is told, or none that can be read."""
        try:
            return fields.Datetime.to_datetime(text) or fields.Datetime.now()
        except ValueError:
            return fields.Datetime.now()

    def _get_picture(self, svg):
        """A drawing as the address of a picture; ``False`` without a usable one."""
        if not svg or not svg.lstrip().startswith("<svg") or len(svg) > MAX_DRAWING:
            return False
        return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
