from .common import LifecycleCommon


class RequirementCommon(LifecycleCommon):
    """A lead of the seller in ``stage``, from which ``following`` comes next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_leads()
        cls.nodes = cls.process.stage_ids.filtered("crm_stage_id").sorted("sequence")
        cls.stage, cls.following, cls.proposition, cls.won = cls.nodes
        cls.move = cls.stage.outgoing_ids.filtered(
            lambda move: move.target_id == cls.following
        )

    @classmethod
    def _require(cls, kind="fields", stage=None, **values):
        """A requirement of the first stage, unless another is given."""
        return (
            cls.env["crm.lifecycle.requirement"]
            .sudo()  # sudo: the process runs
            .create({"stage_id": (stage or cls.stage).id, "kind": kind, **values})
        )

    @classmethod
    def _get_blockers(cls, stage=None, record=None):
        record = record or cls.lead
        return record._lifecycle_get_blockers(stage or cls.following).get(record, [])

    @classmethod
    def _get_warnings(cls, stage=None, record=None):
        record = record or cls.lead
        return record._lifecycle_get_warnings(stage or cls.following).get(record, [])

    def _get_checklist(self, record=None, user=None):
        """``{label: whether it is met}`` as the kit shows it."""
        record = (record or self.lead).with_user(user or self.seller)
        lines = record.get_lifecycle_kit()["requirements"]
        return {line["label"]: line["is_met"] for line in lines}
