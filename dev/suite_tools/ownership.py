"""Telling whether a line of the log is about one of our addons."""

import ast
import re

from . import addons
from .paths import ROOT, UMBRELLA


def _attributes(node):
    """Return what is assigned in the body of a class, ``{name: source}``."""
    return {
        line.targets[0].id: ast.unparse(line.value)
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    }


def models_of(source):
    """Yield the names of the models that a source defines, not extends."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            values = _attributes(node)
            name = values.get("_name", "")
            if name and name not in values.get("_inherit", ""):
                yield ast.literal_eval(name)


def models():
    """Return the names of the models that our addons define."""
    found = set()
    for name, folder in addons.folders().items():
        if name != UMBRELLA:
            for path in folder.rglob("*.py"):
                found.update(models_of(path.read_text()))
    return found


def matcher():
    """Return a function telling whether a log record is about us."""
    ours = addons.folders()
    words = sorted([*ours, *models(), str(ROOT)])
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(w)}\b" for w in words))

    def is_ours(record):
        parts = record.logger.split(".")
        if parts[:2] == ["odoo", "addons"] and len(parts) > 2 and parts[2] in ours:
            return True
        return bool(pattern.search(record.message))

    return is_ours
