"""``dev/suite check``: linters, formatters, house rules and translations.

Each check returns the problems it found as readable text, empty when there
are none. With ``fix`` it first corrects what it can by itself.
"""

import os
import subprocess

from . import addons, architecture, i18n, node, venv
from .console import SuiteError, step
from .paths import DEV, ROOT, UMBRELLA, cache_root

TOOLS = DEV / "requirements-tools.txt"
PRETTY = (".xml", ".js", ".mjs", ".json", ".yml", ".yaml", ".scss", ".css")
# README files are written by hand in Markdown, not generated from fragments.
OCA_OFF = "prefer-readme-rst,file-not-used"


def _sources(*suffixes):
    """Return the files of the checkout with these suffixes, as git knows them."""
    listing = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = sorted(set(filter(None, listing.split("\0"))))
    return [n for n in names if n.endswith(suffixes) and (ROOT / n).is_file()]


def _say(command, env=None):
    """Return what a tool complains of; nothing when it is content."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        return result.stdout.strip() or f"ended with {result.returncode}"
    return ""


def _tool(name):
    return venv.ensure(TOOLS).parent / name


def _ruff(*arguments):
    environment = {**os.environ, "RUFF_CACHE_DIR": str(cache_root() / "ruff")}
    return _say([_tool("ruff"), *arguments], environment)


def ruff(fix):
    """Python style and likely mistakes."""
    return _ruff(
        "check", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), "."
    )


def ruff_format(fix):
    """Python layout."""
    return _ruff("format", "--quiet", *([] if fix else ["--diff"]), ".")


def _python_of_addons():
    """Return the Python files of our addons; the tooling is no addon."""
    tops = set(addons.folders()) - {UMBRELLA}
    if UMBRELLA in addons.folders():
        tops |= {"__init__.py", "__manifest__.py", "hooks.py", "tests"}
    return [name for name in _sources(".py") if name.split("/")[0] in tops]


def pylint_odoo(fix):
    """Odoo's habits in Python."""
    files = _python_of_addons()
    rules = ROOT / ".pylintrc-mandatory"
    return _say([_tool("pylint"), f"--rcfile={rules}", *files]) if files else ""


def oca_module(fix):
    """Odoo's habits in XML and CSV."""
    manifests = [path / "__manifest__.py" for path in addons.folders().values()]
    command = [_tool("oca-checks-odoo-module"), f"--disable={OCA_OFF}", *manifests]
    return _say(command) if manifests else ""


def eslint(fix):
    """JavaScript style and likely mistakes."""
    files = [name for name in _sources(".js", ".mjs") if "/lib/" not in name]
    command, env = node.command(node.ensure(), "eslint", "bin/eslint.js")
    options = ["--max-warnings=0", *(["--fix"] if fix else [])]
    return _say([*command, *options, *files], env) if files else ""


def prettier(fix):
    """Layout of JavaScript, XML, styles and data."""
    files = _sources(*PRETTY)
    command, env = node.command(node.ensure(), "prettier", "bin/prettier.cjs")
    options = ["--write" if fix else "--check", "--log-level=warn"]
    return _say([*command, *options, *files], env) if files else ""


def architecture_rules(fix):
    """The rules of the house; see architecture.py."""
    problems = architecture.problems(addons.folders())
    own = {"dev": DEV / "suite_tools"}
    problems += architecture.files_are_short(own)
    problems += architecture.functions_are_short(own)
    return "\n".join(problems)


def pot_drift(fix):
    """The committed terms are those of the sources."""
    from .odoo import Odoo

    return "\n".join(i18n.drift(Odoo())) if addons.folders() else ""


def chinese(fix):
    """Every term is translated into Chinese, none is fuzzy."""
    found = [i18n.untranslated(*item) for item in addons.folders().items()]
    return "\n".join(line for lines in found for line in lines)


CHECKS = {
    "ruff": ruff,
    "ruff-format": ruff_format,
    "pylint-odoo": pylint_odoo,
    "oca-module": oca_module,
    "eslint": eslint,
    "prettier": prettier,
    "architecture": architecture_rules,
    "pot-drift": pot_drift,
    "zh_CN": chinese,
}


def run(options):
    """Run the checks; print what each found; return the exit code."""
    if unknown := set(options.only) - set(CHECKS):
        known = ", ".join(CHECKS)
        raise SuiteError(f"Unknown: {', '.join(sorted(unknown))}. Known: {known}")
    failed = []
    for name in options.only or CHECKS:
        problems = CHECKS[name](options.fix)
        step(f"{name}: {'problems' if problems else 'ok'}")
        if problems:
            failed.append(name)
            print(f"── {name}: {CHECKS[name].__doc__}\n{problems}\n", flush=True)
    if failed:
        print(f"{len(failed)} checks failed: {', '.join(failed)}")
        return 1
    print("All checks are content.")
    return 0
