from .common import LifecycleCommon


class ApprovalCommon(LifecycleCommon):
    """Approvers beside the usual employees.

    director, finance, product    employees outside of sales
    boss                          owns the process, the last resort
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._new_user("director")
        cls.finance = cls._new_user("finance")
        cls.product_manager = cls._new_user("product")
        cls.boss = cls._new_user("boss")
        cls.process.sudo().user_id = cls.boss
        cls.skip = cls.env.ref("crm_lifecycle.exception_kind_skip")
        cls.emergency = cls.env.ref("crm_lifecycle.exception_kind_emergency")
        cls.customer._lifecycle_move(cls.new)
        cls.lead = cls._new_leads()
        cls.nodes = cls.process.stage_ids.filtered(lambda s: s.phase == "lead")
        cls.first, cls.won = (
            cls.nodes.filtered(lambda s, c=column: s.crm_stage_id == c)
            for column in (cls.pipeline_new, cls.pipeline_won)
        )

    @classmethod
    def _new_rule(cls, *approvers, **values):
        """A rule that asks ``approvers``: users, roles, or a type of approver."""
        lines = []
        for sequence, approver in enumerate(approvers):
            line = {"sequence": sequence}
            if isinstance(approver, str):
                line["approver_type"] = approver
            elif approver._name == "res.role":
                line.update(approver_type="role", role_id=approver.id)
            else:
                line.update(approver_type="user", user_id=approver.id)
            lines.append((0, 0, line))
        return cls.env["crm.approval.rule"].create(
            {"name": "Rule", "kind": "exception", "line_ids": lines, **values}
        )

    @classmethod
    def _ask(cls, record=None, stage=None, kind=None, reason="It is urgent", user=None):
        """The exception asked for by the seller."""
        record = cls.lead if record is None else record
        exception_id = record.with_user(user or cls.seller).request_lifecycle_exception(
            (stage or cls.won).id, (kind or cls.skip).id, reason
        )
        return cls.env["crm.lifecycle.exception"].browse(exception_id)

    @staticmethod
    def _decide(request, user, is_approval=True, comment=None):
        """The answer of ``user``, who says no with a reason."""
        if not is_approval:
            comment = comment or "No budget"
        return request.with_user(user)._decide(is_approval, comment)
