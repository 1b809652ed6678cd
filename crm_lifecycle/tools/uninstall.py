"""Leaving a database clean: what Odoo forgets, or would stumble over, on uninstall."""

from odoo.fields import Domain
from odoo.tools import SQL

# External ids in the name of the module that has a mixin, which stays.
FOREIGN_NAMES = (
    """
    DELETE FROM ir_model_data d USING ir_model_inherit i
     WHERE d.model = 'ir.model.inherit' AND d.res_id = i.id AND i.model_id = ANY(%s)
    """,
    """
    DELETE FROM ir_model_data d USING ir_model_fields_selection s, ir_model_fields f
     WHERE d.model = 'ir.model.fields.selection' AND d.res_id = s.id
       AND f.id = s.field_id AND f.model_id = ANY(%s)
    """,
)
# What a module has noted for itself, or people have set for it.
PARAMETERS = """
    DELETE FROM ir_config_parameter p USING ir_module_module m
     WHERE m.state = 'to remove' AND starts_with(p.key, m.name || '.')
"""
FOREIGN_KEYS = """
    DELETE FROM ir_model_constraint c USING ir_module_module m
     WHERE m.id = c.module AND m.state = 'to remove' AND c.type = 'f'
"""


def release(env):
    """Prepare the models of all modules that are being uninstalled; for their hooks.

    Odoo deletes the records of a module one model after the other, which fails where
    some that people made still refer to them, and is slow where they are many. As the
    tables are dropped in the end, what points to them is untied before.

    :param env: an environment in which modules are in state "to remove"
    """
    env.flush_all()
    models = _get_models(env)
    _untie(env, [env[name]._table for name in models.mapped("model") if name in env])
    _delete_made_by_users(env, models)
    for statement in FOREIGN_NAMES:
        env.cr.execute(statement, [models.ids])
    env.cr.execute(PARAMETERS)
    env.cr.execute(FOREIGN_KEYS)
    env.invalidate_all()


def keep_activities(env, module):
    """Let activities of the types of ``module`` go on as to-dos when it is removed."""
    env.flush_all()
    names = env["ir.model.data"].search(
        [("module", "=", module), ("model", "=", "mail.activity.type")]
    )
    todo = env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
    if not todo or not names:
        return
    for table in ("mail_activity", "mail_activity_plan_template", "ir_act_server"):
        env.cr.execute(
            SQL(
                "UPDATE %s SET activity_type_id = %s WHERE activity_type_id = ANY(%s)",
                SQL.identifier(table),
                todo.id,
                names.mapped("res_id"),
            )
        )
    env.invalidate_all()


def _get_models(env):
    """The models that no module which stays has defined or extended."""
    rows = env.execute_query(
        SQL(
            """
            SELECT d.res_id FROM ir_model_data d
              LEFT JOIN ir_module_module m ON m.name = d.module
             WHERE d.model = 'ir.model'
             GROUP BY d.res_id HAVING bool_and(m.state IS NOT DISTINCT FROM 'to remove')
            """
        )
    )
    return env["ir.model"].browse(model_id for (model_id,) in rows)


def _get_data_ids(env, model):
    """The records of ``model`` that come with the modules being uninstalled."""
    rows = env.execute_query(
        SQL(
            "SELECT d.res_id FROM ir_model_data d"
            " JOIN ir_module_module m ON m.name = d.module"
            " WHERE d.model = %s AND m.state = 'to remove'",
            model,
        )
    )
    return [res_id for (res_id,) in rows]


def _untie(env, tables):
    """Drop the foreign keys that point to ``tables``, and those they have."""
    rows = env.execute_query(
        SQL(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'f' AND (confrelid::regclass::text = ANY(%(tables)s)"
            " OR conrelid::regclass::text = ANY(%(tables)s))",
            tables=tables,
        )
    )
    for table, name in rows:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def _delete_made_by_users(env, models):
    """Delete what people made for ``models`` and Odoo keeps, or deletes by halves."""
    names = models.mapped("model")
    of_models = Domain("model_id", "in", models.ids)
    for model, domain in {
        "mail.activity": Domain("res_model", "in", names)
        | Domain("activity_type_id", "in", _get_data_ids(env, "mail.activity.type")),
        "base.automation": of_models,
        "ir.actions.server": of_models & Domain("usage", "=", "ir_actions_server"),
        "ir.filters": Domain("model_id", "in", names),
        "ir.exports": Domain("resource", "in", names),
        "ir.attachment": Domain("res_model", "in", names),
    }.items():
        everything = {"active_test": False, "skip_res_field_check": True}
        env[model].with_context(**everything).search(domain).unlink()
