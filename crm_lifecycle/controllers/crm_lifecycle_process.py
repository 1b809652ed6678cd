import json

from odoo import http
from odoo.http import content_disposition, request


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
        process = request.env["crm.lifecycle.process"].browse(process_id).exists()
        if not process or not process.has_access("read"):
            raise request.not_found()
        content = json.dumps(process._get_definition(), ensure_ascii=False, indent=2)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{process.key}.json")),
            ],
        )
