"""Rules of the house that the sources must keep, checked without Odoo.

Each rule is a function that yields what breaks it, as readable lines. The
direction of dependencies is the most important one: an addon never names one
above or beside it, and the engine never names its hosts.
"""

import ast
import re
from pathlib import Path

from .addons import manifest
from .paths import ROOT

ENGINE = ("crm_lifecycle_*.py", "crm_sla_*.py", "crm_cron_*.py", "crm_approval_*.py")
HOSTS = re.compile(r"res\.partner['\"]|crm\.lead['\"]")
FEEDBACK = r"crm[._]feedback"
CHURN = r"crm[._]churn"
SUITE = r"crm_lifecycle_suite"
# What the sources of an addon must not name.
FORBIDDEN = {
    "crm_lifecycle": rf"\b({FEEDBACK}|{CHURN}|{SUITE})\b",
    "crm_feedback": rf"\b({CHURN}|{SUITE})\b",
    "crm_churn": rf"\b({FEEDBACK}|{SUITE})\b",
}
# The one place that asks what else is installed, and the manifests, whose
# dependencies have a rule of their own.
EXEMPT = re.compile(r"crm_churn_signal\w*\.py$|__manifest__\.py$")
MAX_FILE = 300
MAX_FUNCTION = 30


def _read(folder, tests=False):
    """Yield ``(path, source)`` of an addon, with its tests when asked for.

    The umbrella's folder holds the other addons and dev/, which are not it.
    """
    for path in sorted(Path(folder).rglob("*.py")):
        parts = path.relative_to(folder).parts
        foreign = len(parts) > 1 and (
            parts[0] == "dev" or (folder / parts[0] / "__manifest__.py").exists()
        )
        if not foreign and (tests or "tests" not in parts):
            yield path, path.read_text()


def _where(path, source, position):
    line = source.count("\n", 0, position) + 1
    try:
        path = path.relative_to(ROOT)
    except ValueError:
        pass
    return f"{path}:{line}"


def names_point_downwards(addons):
    """No addon names one above or beside it."""
    for name, folder in addons.items():
        if name not in FORBIDDEN:
            continue
        pattern = re.compile(FORBIDDEN[name])
        for path, source in _read(folder):
            if EXEMPT.search(path.name):
                continue
            for match in pattern.finditer(source):
                where = _where(path, source, match.start())
                yield f"{where}: {name} must not name “{match[0]}”"


def depends_point_downwards(addons):
    """The manifests depend in the direction of the house."""
    for name, folder in addons.items():
        pattern = re.compile(FORBIDDEN.get(name, r"(?!)"))
        for depend in manifest(folder)["depends"]:
            if pattern.search(depend):
                yield f"{name}/__manifest__.py: must not depend on {depend}"


def engine_knows_no_host(addons):
    """The engine is told its hosts by inheritance, it never names them."""
    folder = addons.get("crm_lifecycle")
    paths = folder and [p for part in ENGINE for p in (folder / "models").glob(part)]
    for path in sorted(paths or ()):
        source = path.read_text()
        for match in HOSTS.finditer(source):
            where = _where(path, source, match.start())
            yield f"{where}: the engine must not name {match[0][:-1]}"


def files_are_short(addons):
    """A file that grows longer holds more than one concern."""
    for folder in addons.values():
        for path, source in _read(folder, tests=True):
            count = source.count("\n")
            if count > MAX_FILE:
                yield f"{_where(path, source, 0)}: {count} lines (at most {MAX_FILE})"


def _count_code(function):
    """Lines of a function without its texts: docstrings and SQL statements."""
    texts = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.end_lineno > node.lineno:
                texts.update(range(node.lineno, node.end_lineno + 1))
    return function.end_lineno - function.lineno + 1 - len(texts)


def functions_are_short(addons):
    """A function that grows longer does more than one thing."""
    for folder in addons.values():
        for path, source in _read(folder):
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.FunctionDef):
                    count = _count_code(node)
                    if count > MAX_FUNCTION:
                        where = f"{_where(path, source, 0)[:-2]}:{node.lineno}"
                        yield f"{where}: {node.name} has {count} lines"


def rights_are_explained(addons):
    """Each ``sudo()`` says in a comment why it is needed."""
    pattern = re.compile(r"\.sudo\(\)")
    for folder in addons.values():
        for path, source in _read(folder):
            lines = source.splitlines()
            for match in pattern.finditer(source):
                number = source.count("\n", 0, match.start())
                near = lines[max(number - 1, 0) : number + 2]
                if not any("#" in line for line in near):
                    where = _where(path, source, match.start())
                    yield f"{where}: sudo() without a reason beside it"


def no_soft_attributes(addons):
    """What may be missing is asked of the registry, not of attributes."""
    pattern = re.compile(r"\bhasattr\(|\bcr\.commit\(\)|# ?TODO(?!.*#\d)")
    for folder in addons.values():
        for path, source in _read(folder):
            for match in pattern.finditer(source):
                yield f"{_where(path, source, match.start())}: {match[0]}"


RULES = (
    names_point_downwards,
    depends_point_downwards,
    engine_knows_no_host,
    files_are_short,
    functions_are_short,
    rights_are_explained,
    no_soft_attributes,
)


def problems(addons):
    """Return every line that breaks a rule; ``addons`` is ``{name: folder}``."""
    return [line for rule in RULES for line in rule(addons)]
