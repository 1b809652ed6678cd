from .common import LifecycleCommon


class DraftCommon(LifecycleCommon):
    """A process without a fault, drawn as a draft: three lead stages, won, lost, two
    customer stages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limit = cls.env["crm.sla.policy"].create(
            {"name": "Three days", "hours": 24, "counting": "always"}
        )
        cls.draft = cls._new_process("Good process")
        cls.stages = {stage.key: stage for stage in cls.draft.stage_ids}

    @classmethod
    def _new_process(cls, name, **values):
        process = cls.env["crm.lifecycle.process"].create(
            {"name": name, "user_id": cls.manager.id, **values}
        )
        process._apply_definition(cls._get_good_definition())
        process._set_owners({stage.key: cls.leader.id for stage in process.stage_ids})
        process.stage_ids.filtered(
            lambda s: s.phase == "lead" and s.outcome == "open"
        ).sla_policy_id = cls.limit
        return process

    @classmethod
    def _get_good_definition(cls):
        rows = (
            ("first", "lead", "open"),
            ("second", "lead", "open"),
            ("third", "lead", "open"),
            ("deal", "lead", "won"),
            ("gone", "lead", "lost"),
            ("fresh", "customer", "open"),
            ("loyal", "customer", "open"),
        )
        moves = (
            "first>second second>third third>deal first>gone second>gone third>gone"
            " deal>fresh fresh>loyal"
        )
        return {
            "format": "crm_lifecycle.process",
            "version": 1,
            "key": "good",
            "name": "Good process",
            "strict": False,
            "stages": [
                {
                    "key": key,
                    "name": key.title(),
                    "phase": phase,
                    "outcome": outcome,
                    "sequence": 10 * number,
                    "goal": {"en_US": f"Goal of {key}"},
                    "link_url": "https://example.com",
                }
                for number, (key, phase, outcome) in enumerate(rows)
            ],
            "moves": [
                dict(zip(("source", "target"), pair.split(">"), strict=True))
                for pair in moves.split()
            ],
        }

    def _edit(self, *changes, user=None):
        return self.draft.with_user(user or self.manager).edit_lifecycle_map(
            list(changes)
        )

    def _move(self, source, target):
        return self.draft.transition_ids.filtered(
            lambda m: (m.source_id.key, m.target_id.key) == (source, target)
        )

    def _kinds(self, process=None):
        return {finding["kind"] for finding in (process or self.draft)._get_findings()}
