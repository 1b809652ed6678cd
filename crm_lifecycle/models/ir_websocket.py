import re

from odoo import models

CHANNEL = re.compile(r"crm\.lifecycle\.process_(\d{1,9})$")


class IrWebsocket(models.AbstractModel):
    """An open map listens to its process, when its user may see it."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        kept, processes = self._get_map_channels(channels)
        return super()._build_bus_channel_list([*kept, *processes])

    def _get_map_channels(self, channels):
        """The processes a client asks to listen to, and what else it asked for.

        :param list channels: as the client names them
        :return: ``(other channels, processes)``
        """
        asked = {
            channel: int(match[1])
            for channel in channels
            if isinstance(channel, str) and (match := CHANNEL.match(channel))
        }
        kept = [channel for channel in channels if channel not in asked]
        processes = self.env["crm.lifecycle.process"].with_context(active_test=False)
        if not asked or not processes.has_access("read"):
            return kept, processes
        return kept, processes.search([("id", "in", list(asked.values()))])
