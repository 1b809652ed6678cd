"""What a database holds, in a form that tells whether something has changed."""

from . import database

# Rows that Odoo itself rewrites while modules come and go: the list of modules, the
# state of crons, signals between workers, compiled assets. And what people were asked
# to do with their leads and customers, which goes on, with them as followers; only the
# calls of existing_data.sql were there before.
OF_PEOPLE = "res_model IN ('crm.lead', 'res.partner')"
LEFT_OUT = {
    "bus_bus": "TRUE",
    "ir_attachment": "url LIKE '/web/assets/%'",
    "ir_cron_progress": "TRUE",
    "ir_cron_trigger": "TRUE",
    "ir_logging": "TRUE",
    "ir_module_module": "TRUE",
    "mail_activity": f"{OF_PEOPLE} AND summary != 'Call back'",
    "mail_followers": OF_PEOPLE,
    "mail_followers_mail_message_subtype_rel": f"""mail_followers_id IN (
        SELECT id FROM mail_followers WHERE {OF_PEOPLE})""",
    "res_users_log": "TRUE",
}
UNSTABLE_COLUMNS = ("write_date", "write_uid", "lastcall", "nextcall")
UNSTABLE_TABLES = "orm_signaling_%"
SCHEMA = """
SELECT 'table ' || table_name FROM information_schema.tables
 WHERE table_schema = 'public' AND table_name NOT LIKE %(unstable)s
 UNION ALL
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type
       || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
  FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name NOT LIKE %(unstable)s
 UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
   AND tablename NOT LIKE %(unstable)s
 UNION ALL
SELECT 'constraint ' || conrelid::regclass || ': ' || pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace
   AND conrelid::regclass::text NOT LIKE %(unstable)s
 UNION ALL
SELECT 'function ' || proname FROM pg_proc
 WHERE pronamespace = 'public'::regnamespace
 UNION ALL
SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public'
   AND sequencename NOT LIKE %(unstable)s
"""
COLUMNS = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
  FROM information_schema.columns JOIN information_schema.tables
       USING (table_schema, table_name)
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
   AND table_name NOT LIKE %s
 GROUP BY table_name ORDER BY table_name
"""


class Fingerprint:
    """The structure of a database and checksums of everything in it.

    ``schema``  the tables, columns, indexes, constraints, functions, sequences
    ``tables``  ``{table: {column: checksum}}``, the number of rows as column ``""``
    ``last``    ``{table: highest id}``, to name the rows that came later
    """

    def __init__(self, name, like=None):
        """Read the database ``name``.

        With ``like``, an earlier fingerprint, only what that one has is summed up,
        so that both can be compared.
        """
        self.name = name
        self.last = {}
        with database.cursor(name) as cr:
            cr.execute(SCHEMA, {"unstable": UNSTABLE_TABLES})
            self.schema = {row[0] for row in cr.fetchall()}
            cr.execute(COLUMNS, [UNSTABLE_TABLES])
            tables = dict(cr.fetchall())
            if like:
                tables = {
                    table: [name for name in names if name in like.tables[table]]
                    for table, names in tables.items()
                    if table in like.tables
                }
            self.tables = {
                table: self._sum_up(cr, table, names) for table, names in tables.items()
            }

    def _sum_up(self, cr, table, names):
        """Return the checksums of one table; each goes over values with their ids."""
        key = "t.id" if "id" in names else "0"
        names = [name for name in names if name not in UNSTABLE_COLUMNS]
        sums = ", ".join(
            f"sum(hashtextextended({key} || ' ' || t.\"{name}\"::text, 0)::numeric)"
            for name in names
        )
        cr.execute(
            f'SELECT max({key}), count(*), {sums} FROM "{table}" t WHERE {_kept(table)}'
        )
        self.last[table], count, *sums = cr.fetchone()
        return {"": count, **dict(zip(names, sums, strict=True))}

    def changes_since(self, before):
        """Return what differs from the fingerprint ``before``, one line each."""
        found = [f"new {entry}" for entry in sorted(self.schema - before.schema)]
        found += [f"lost {entry}" for entry in sorted(before.schema - self.schema)]
        for table, sums in before.tables.items():
            if table in self.tables and self.tables[table] != sums:
                found += self._changes_of(table, before)
        return found

    def _changes_of(self, table, before):
        old, new = before.tables[table], self.tables[table]
        if old[""] == new[""]:
            columns = [name for name in old if old[name] != new.get(name)]
            return [f"{table}: changed values of {', '.join(columns)}"]
        lines = [f"{table}: {old['']} rows before, {new['']} now"]
        if "id" in old:
            with database.cursor(self.name) as cr:
                cr.execute(
                    f'SELECT t::text FROM "{table}" t WHERE {_kept(table)}'
                    f" AND id > {before.last[table] or 0} ORDER BY id LIMIT 5"
                )
                lines += [f"    new: {row[0][:300]}" for row in cr.fetchall()]
        return lines


def _kept(table):
    return f"({LEFT_OUT.get(table, 'FALSE')}) IS NOT TRUE"
