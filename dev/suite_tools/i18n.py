"""``dev/suite i18n``: the terms to translate, and the Chinese translation.

Odoo exports the terms of our addons from a fresh database. What it writes is
brought into a form that only changes when a term does (no dates), and merged
into ``i18n/zh_CN.po``. A new term that Odoo itself translates the same
everywhere (“Created by”) takes Odoo's word.
"""

import secrets
import shutil
import tempfile
from pathlib import Path

import polib

from . import addons, database, db, templates
from .console import step
from .odoo import Odoo
from .paths import UMBRELLA, log_dir

LANGUAGE = "zh_CN"
# Where Odoo's words are looked for, the nearest to our field first.
MEMORY = ("crm", "sale_crm", "sales_team", "sale", "mail", "base", "web", "utm")
SHOWN = 40  # lines of what differs
METADATA = {
    "Project-Id-Version": "Odoo Server 19.0",
    "Report-Msgid-Bugs-To": "",
    "Last-Translator": "",
    "Language-Team": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
EXPORT = """
from odoo.tools.translate import trans_export
for module in {modules!r}:
    with open({folder!r} + "/" + module + ".pot", "wb") as output:
        trans_export(None, [module], output, "po", env)
"""


def template_path(name, folder):
    """Return the path of the addon's template of terms."""
    return folder / "i18n" / f"{name}.pot"


def translation_path(folder):
    """Return the path of the addon's translation."""
    return folder / "i18n" / f"{LANGUAGE}.po"


def _text(catalog):
    return f"{catalog}\n".replace("\n\n\n", "\n\n").rstrip("\n") + "\n"


def export(odoo, name=""):
    """Return ``{addon: polib catalog}`` of the terms in the sources.

    ``name`` is a database where the addons are installed; without it a
    fresh one is made and dropped.
    """
    ours = addons.folders()
    draft = name or f"i18n_{secrets.token_hex(4)}"
    folder = Path(tempfile.mkdtemp(prefix="suite-i18n-"))
    try:
        if not name:
            templates.clone(odoo, draft)
            db.install(odoo, draft, ",".join(ours), demo=False, quiet=True)
        script = EXPORT.format(modules=list(ours), folder=str(folder))
        log = log_dir() / f"{draft}-export.log"
        odoo.must_run("shell", "-d", draft, "--no-http", log=log, stdin=script)
        return {
            module: _normalise(module, polib.pofile(str(folder / f"{module}.pot")))
            for module in ours
            if (folder / f"{module}.pot").stat().st_size
        }
    finally:
        shutil.rmtree(folder)
        if not name:
            database.drop(draft)


def _normalise(module, catalog):
    """Drop what changes by itself, and terms that are another addon's."""
    result = polib.POFile()
    result.header = f"Terms of the addon {module}."
    result.metadata = {**METADATA, "Plural-Forms": ""}
    foreign = ()
    if module == UMBRELLA:  # its folder holds the others, which Odoo walks into
        others = [*(name for name in addons.folders() if name != UMBRELLA), "dev"]
        foreign = tuple(f"code:addons/{UMBRELLA}/{name}/" for name in others)
    for entry in catalog:
        entry.occurrences = sorted(
            (place, line)
            for place, line in entry.occurrences
            if not (foreign and place.startswith(foreign))
        )
        if entry.occurrences:
            result.append(entry)
    result.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return result


def merge(template, path, memory):
    """Return the translation in ``path`` brought to the terms of ``template``."""
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    known = {entry.msgid: entry for entry in old if not entry.obsolete}
    result = polib.POFile()
    result.header = template.header
    result.metadata = {
        **METADATA,
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for term in template:
        before = known.get(term.msgid)
        entry = polib.POEntry(
            msgid=term.msgid,
            msgstr=before.msgstr if before else memory.get(term.msgid, ""),
            comment=term.comment,
            occurrences=term.occurrences,
            flags=before.flags if before else [],
        )
        entry.msgstr = entry.msgstr or memory.get(term.msgid, "")
        result.append(entry)
    return result


def memory(odoo):
    """Return Odoo's own translations, ``{English: Chinese}``."""
    words = {}
    for module in MEMORY:
        for folder in odoo.runtime.addons_paths:
            path = folder / module / "i18n" / f"{LANGUAGE}.po"
            if path.exists():
                for entry in polib.pofile(str(path)).translated_entries():
                    words.setdefault(entry.msgid, entry.msgstr)
    return words


def drift(odoo, name=""):
    """Return what the committed templates lack or have too much of."""
    problems = []
    for module, catalog in export(odoo, name).items():
        path = template_path(module, addons.folders()[module])
        committed = path.read_text() if path.exists() else ""
        if committed == _text(catalog):
            continue
        old = {entry.msgid for entry in polib.pofile(committed)} if committed else set()
        new = {entry.msgid for entry in catalog}
        problems += [f"{path.name} lacks: {term}" for term in sorted(new - old)]
        problems += [f"{path.name} has too much: {t}" for t in sorted(old - new)]
        if old == new:
            problems.append(f"{path.name}: places of terms differ")
    if len(problems) > SHOWN:
        problems[SHOWN:] = [f"… and {len(problems) - SHOWN} more"]
    return [*problems, "Run: dev/suite i18n"] if problems else []


def untranslated(name, folder):
    """Return what is missing in the addon's translation."""
    template, path = template_path(name, folder), translation_path(folder)
    if not template.exists():
        return [f"{name} has no {template.name}; run: dev/suite i18n"]
    if not path.exists():
        return [f"{name} has no {path.name}; run: dev/suite i18n"]
    catalog = polib.pofile(str(path))
    words = {entry.msgid: entry for entry in catalog if not entry.obsolete}
    problems = []
    for term in polib.pofile(str(template)):
        entry = words.get(term.msgid)
        if not entry or not entry.msgstr:
            problems.append(f"{name}: not translated: {term.msgid!r}")
        elif "fuzzy" in entry.flags:
            problems.append(f"{name}: fuzzy: {term.msgid!r}")
    return problems


def run(options):
    """Write the templates and bring the translations up to date."""
    odoo = Odoo()
    if not addons.folders():
        step("There is no addon yet.")
        return
    catalogs = export(odoo, options.db)
    words = memory(odoo)
    for module, catalog in catalogs.items():
        folder = addons.folders()[module]
        (folder / "i18n").mkdir(exist_ok=True)
        template_path(module, folder).write_text(_text(catalog))
        path = translation_path(folder)
        path.write_text(_text(merge(catalog, path, words)))
        missing = untranslated(module, folder)
        step(f"{module}: {len(catalog)} terms, {len(missing)} not translated")
        for line in missing if options.verbose else ():
            print(line)
