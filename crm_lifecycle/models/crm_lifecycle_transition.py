import logging
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)


class CrmLifecycleTransition(models.Model):
    """An edge of the chart: a move from one stage to another.

    A move by hand is what people may do; an automatic move happens by itself
    to every record of its source stage that meets the condition.
    """

    _name = "crm.lifecycle.transition"
    _description = "Lifecycle Move"
    _order = "process_id, source_id, sequence, id"

    name = fields.Char(translate=True, help="A name for the move, if it has one.")
    sequence = fields.Integer(default=10)
    process_id = fields.Many2one(
        "crm.lifecycle.process", required=True, index=True, ondelete="cascade"
    )
    source_id = fields.Many2one(
        "crm.lifecycle.stage",
        "From",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('process_id', '=', process_id)]",
    )
    target_id = fields.Many2one(
        "crm.lifecycle.stage",
        "To",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('process_id', '=', process_id)]",
    )
    trigger = fields.Selection(
        [("manual", "By Hand"), ("auto", "Automatic")],
        required=True,
        default="manual",
    )
    domain = fields.Char(
        "Condition",
        default="[]",
        help="Which records move by themselves, or may be moved by hand. Dates may be "
        "relative: 'today -90d'.",
    )
    model_name = fields.Char(compute="_compute_model_name")
    last_error = fields.Char(
        readonly=True,
        copy=False,
        help="Why the condition could not be evaluated last time.",
    )

    _edge_uniq = models.UniqueIndex(
        "(source_id, target_id, trigger)", "This move is already drawn."
    )

    # ------------------------------------------------------------
    # Computes and constraints
    # ------------------------------------------------------------

    @api.depends("source_id.name", "target_id.name")
    def _compute_display_name(self):
        for move in self:
            move.display_name = (
                f"{move.source_id.name or ''} → {move.target_id.name or ''}"
            )

    @api.depends("source_id.phase")
    def _compute_model_name(self):
        hosts = self.env["crm.lifecycle.mixin"]._lifecycle_get_hosts()
        for move in self:
            move.model_name = hosts.get(move.source_id.phase)

    @api.constrains("process_id", "source_id", "target_id")
    def _check_same_process(self):
        for move in self:
            foreign = (move.source_id | move.target_id).filtered(
                lambda stage, move=move: stage.process_id != move.process_id
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” belongs to “%(other)s”. A move joins two stages "
                        "of the "
                        "same process.",
                        stage=foreign[0].name,
                        other=foreign[0].process_id.name,
                    )
                )
            if move.source_id == move.target_id:
                raise ValidationError(
                    self.env._("“%s” cannot lead to itself.", move.source_id.name)
                )

    @api.constrains("source_id", "target_id", "trigger", "domain")
    def _check_condition(self):
        for move in self:
            is_auto = move.trigger == "auto"
            if is_auto and move.source_id.phase != move.target_id.phase:
                raise ValidationError(
                    self.env._(
                        "“%s” leads from leads to customers. It happens when a lead "
                        "is won and "
                        "cannot be automatic.",
                        move.display_name,
                    )
                )
            try:
                move._get_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of “%(move)s” cannot be used: %(error)s",
                        move=move.display_name,
                        error=error,
                    )
                ) from error

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        stages = self.env["crm.lifecycle.stage"].browse(
            [vals["source_id"] for vals in vals_list if vals.get("source_id")]
        )
        for vals in vals_list:
            if not vals.get("process_id") and vals.get("source_id"):
                vals["process_id"] = stages.browse(vals["source_id"]).process_id.id
        stages.process_id._check_definition_editable()
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() - {"last_error"}:
            self.process_id._check_definition_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        self.process_id._check_definition_editable()

    # ------------------------------------------------------------
    # Condition
    # ------------------------------------------------------------

    def _get_domain(self):
        """The condition, checked against the model of the source stage.

        :return: ``Domain``
        :raise ValueError: it is no domain, or names a field the model does not have
        """
        self.ensure_one()
        domain = Domain(literal_eval(self.domain or "[]"))
        # sudo: conditions may ask fields their author does not see
        domain.validate(self.env[self.model_name].sudo())
        return domain

    def _get_normalized_domain(self):
        """The condition as text that is equal for equal conditions."""
        self.ensure_one()
        domain = Domain(literal_eval(self.domain or "[]"))
        return "[]" if domain.is_true() else str(list(domain))

    def _filter_matching(self, records):
        """The ``records`` that meet the condition; one query whatever their number."""
        return records.browse(
            self._search_matching(records, Domain("id", "in", records.ids))
        )

    def _find_matching_ids(self):
        """Ids of all records that stand in the source stage and meet the condition."""
        self.ensure_one()
        host = self.env[self.model_name].with_context(active_test=False)
        return self._search_matching(
            host, host._lifecycle_get_standing_domain(self.source_id)
        )

    def _search_matching(self, host, domain):
        """Ids of the records of ``domain`` that meet the condition.

        A condition that broke after it was saved names itself on the move and in
        the log, and stops nothing else.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                # sudo: a condition holds or not, whoever looks
                ids = host.sudo().search(self._get_domain() & domain).ids
        except Exception as error:
            _logger.warning(
                "Lifecycle move %s: broken condition: %s", self.display_name, error
            )
            self.last_error = str(error)
            return []
        if self.last_error:
            self.last_error = False
        return ids
