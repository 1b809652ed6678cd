from odoo import api, fields, models
from odoo.fields import Domain


class CrmLifecycleRole(models.Model):
    """Who does what in a stage: a line of its RACI table.

    What the line is about is frozen while the process runs; the person in it is
    not, as people change jobs. A draft that is open follows such a change, so that
    publishing it does not bring the predecessor back.
    """

    _name = "crm.lifecycle.role"
    _description = "Role in a Lifecycle Stage"
    _inherit = "crm.lifecycle.part"

    kind = fields.Selection(
        [
            ("responsible", "Responsible"),
            ("accountable", "Accountable"),
            ("consulted", "Consulted"),
            ("informed", "Informed"),
        ],
        required=True,
        default="responsible",
        help="Responsible: does the work and gets the activities.\n"
        "Accountable: answers for the result and is told when it is late.\n"
        "Consulted, informed: follow the record.",
    )
    source = fields.Selection(
        [
            ("owner", "Salesperson of the Record"),
            ("leader", "Team Leader"),
            ("role", "Everybody in a Role"),
            ("user", "A Person"),
        ],
        "Who",
        required=True,
        default="owner",
    )
    role_id = fields.Many2one(
        "res.role",
        index="btree_not_null",
        ondelete="restrict",
        help="All its active users. The one with the fewest open activities does the "
        "work.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="restrict",
        help="May be replaced while the process runs.",
    )

    @api.model
    def _get_definition_fields(self):
        return [
            *super()._get_definition_fields(),
            "kind",
            "source",
            "role_id",
            "user_id",
        ]

    @api.model
    def _get_live_fields(self):
        return super()._get_live_fields() | {"user_id"}

    @api.constrains("user_id")
    def _check_user_is_employee(self):
        self.user_id._lifecycle_check_owner()

    @api.depends("kind", "source", "role_id.name", "user_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for role in self:
            role.display_name = f"{kinds.get(role.kind)}: {role._get_who()}"

    def _get_who(self):
        """Who is meant, in words, whatever the record."""
        self.ensure_one()
        if self.source == "role":
            return self.role_id.name or self.env._("a role that does not exist here")
        if self.source == "user":
            return self.user_id.name or self.env._("a person who does not exist here")
        return dict(self._fields["source"]._description_selection(self.env)).get(
            self.source
        )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        return roles

    def write(self, vals):
        if "user_id" in vals and (twins := self._get_twins_in_drafts()):
            twins.write({"user_id": vals["user_id"]})
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _get_twins_in_drafts(self):
        """The same lines in open drafts, where nobody else has been chosen."""
        drafts = self.process_id.draft_ids
        here = {(role.process_id, role.key): role.user_id for role in self}
        return drafts.stage_ids.role_ids.filtered(
            lambda twin: (process := twin.process_id.draft_of_id, twin.key) in here
            and here[process, twin.key] == twin.user_id
        )

    # ------------------------------------------------------------
    # Who it is
    # ------------------------------------------------------------

    @api.model
    def _get_standing_domain(self):
        """The definition of "somebody who can act, whatever the record"."""
        able = Domain("active", "=", True) & Domain("share", "=", False)
        return (Domain("source", "=", "user") & Domain("user_id", "any", able)) | (
            Domain("source", "=", "role")
            & Domain("role_id", "any", Domain("user_ids", "any", able))
        )

    def _get_users(self, record):
        """The people this line means for ``record``, whether they can act or not."""
        self.ensure_one()
        if self.source == "owner":
            return record._lifecycle_get_owner()
        if self.source == "leader":
            return record._lifecycle_get_team().user_id
        return self.role_id.user_ids if self.source == "role" else self.user_id
