from odoo import models

from ..tools.bottleneck import find_bottleneck


class CrmLifecycleProcess(models.Model):
    """Where the process jams, in words."""

    _inherit = "crm.lifecycle.process"

    def _find_map_bottleneck(self, nodes, scope):
        """The stage that jams, of those that one is to pass through.

        Those are the stages of leads that are neither won nor lost, and stages of
        customers with a time limit.

        :param list nodes: of a map, with their numbers
        :return: what ``find_bottleneck`` says, with ``title`` and ``texts``; ``None``
        """
        by_key = {node["key"]: node for node in nodes}
        jam = find_bottleneck(
            [
                {
                    "key": node["key"],
                    "count": node["count"],
                    "arrived": node["arrived"],
                    "left": node["left"],
                    "people": len(node["owners"]),
                    "late": node["states"]["late"],
                }
                for node in nodes
                if node["outcome"] == "open"
                and (node["phase"] == "lead" or node["limit"])
            ],
            scope.days,
        )
        if not jam:
            return None
        node = by_key[jam["key"]]
        return {
            **jam,
            "title": self.env._("Bottleneck: %s", node["name"]),
            "texts": self._get_bottleneck_texts(jam, node, scope.days),
        }

    def _get_bottleneck_texts(self, jam, node, days):
        """The causes of a jam with their numbers, one sentence each."""
        texts = {
            "inflow": self.env._(
                "More come than leave: %(arrived)s came and %(left)s left in %(days)s "
                "days.",
                arrived=node["arrived"],
                left=node["left"],
                days=days,
            ),
            "load": self.env._(
                "Too much for too few: %(load)s for each person, %(others)s elsewhere.",
                load=round(jam["load"], 1),
                others=jam["others_load"],
            ),
            "late": self.env._(
                "It takes too long: %(late)s of %(count)s are over their time limit.",
                late=node["states"]["late"],
                count=node["count"],
            ),
        }
        wait = self.env._(
            "At this pace it takes %s days to work off what stands here.",
            round(jam["wait_days"]),
        )
        return [*(texts[cause] for cause in jam["causes"]), wait]
