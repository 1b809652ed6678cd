import random
from datetime import timedelta

from freezegun import freeze_time

from .common import NOW
from .sla_common import SlaCommon


class MapCommon(SlaCommon):
    """Three months of leads that wander through the default process.

    The team's leads are of seller, leader and nobody; some moves are off the chart.
    New leads have a limit of 24 working hours.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rng = random.Random(7)
        cls.begun = NOW - timedelta(days=90)
        with freeze_time(cls.begun - timedelta(days=1)):
            # what stands here already came before
            cls.env.cr.execute(
                "UPDATE crm_lifecycle_visit SET entered_date = %s"
                " WHERE left_date IS NULL",
                [cls.begun - timedelta(days=400)],
            )
            cls.env["crm.lifecycle.visit"].invalidate_model()
        cls.source = cls.env["utm.source"].create({"name": "Fair"})
        cls.tier = cls.env["crm.customer.tier"].create({"name": "Gold Map"})
        cls.leads = cls._wander(14)

    @classmethod
    def _wander(cls, count):
        """Leads that come, go on, back, aside, and are won or lost."""
        nodes = cls.process.stage_ids.filtered(lambda s: s.phase == "lead")
        open_nodes = nodes.filtered(lambda s: s.outcome == "open")
        owners = (cls.seller.id, cls.leader.id, False)
        leads = cls.env["crm.lead"]
        for number in range(count):
            moment = cls.begun + timedelta(hours=cls.rng.randrange(24 * 60))
            with freeze_time(moment):
                lead = cls._new_leads(
                    user_id=owners[number % 3],
                    expected_revenue=100 * (number + 1),
                    source_id=cls.source.id if number % 2 else False,
                )
            for _step in range(cls.rng.randrange(4)):
                moment += timedelta(hours=cls.rng.randrange(1, 150))
                stage = cls.rng.choice(open_nodes - lead.lifecycle_stage_id)
                with freeze_time(moment):
                    lead._lifecycle_move(stage)
            if number % 5 == 4:
                with freeze_time(moment + timedelta(hours=3)):
                    lead._lifecycle_move(nodes.filtered(lambda s: s.outcome == "lost"))
            leads |= lead
        return leads

    def _map(self, user=None, **options):
        process = self.process.with_user(user or self.manager)
        return process.get_lifecycle_map(options)

    def _node(self, chart, stage):
        return next(node for node in chart["nodes"] if node["key"] == stage.key)

    def _edge(self, chart, source, target):
        pair = (source.key, target.key)
        edges = {(e["source"], e["target"]): e for e in chart["edges"]}
        return edges.get(pair)

    def _count(self, user, chart, **what):
        """How many stays the list behind a number shows."""
        options = {**chart["options"], "until": chart["scope"]["until"]}
        process = self.process.with_user(user)
        action = process.open_lifecycle_map_records(options, what)
        model = process.env[action["res_model"]].with_context(**action["context"])
        return model.search_count(action["domain"])
