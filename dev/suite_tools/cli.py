"""The command line: ``dev/suite COMMAND``."""

import argparse
import importlib
import subprocess

from . import shots_options, venv
from .console import SuiteError, step

# Commands whose arguments are another program's; argparse must not read them.
PASSED_ON = {"odoo": "Odoo's own command line", "psql": "PostgreSQL's client"}
COMMANDS = {
    "setup": "fetch everything that is needed, once",
    "db": "make a database within seconds",
    "demo": "a live Odoo with a story in it",
    "test": "run the tests",
    "check": "run the linters",
    "bench": "measure customer facts, the map, or who leaves, against raw SQL",
    "shots": "take pictures of pages",
    "i18n": "update the translations",
    "load-cdnow": "load the CDNOW purchase log into a database",
    "stop": "stop the demo and the database server",
}


def _setup(parser):
    parser.add_argument("--upgrade", action="store_true", help="fetch Odoo anew")
    parser.add_argument("--prune", action="store_true", help="drop the templates")


def _db(parser):
    parser.add_argument("name")
    parser.add_argument("-i", "--init", default="", help="modules to install")
    parser.add_argument("--demo", action="store_true", help="with demo data")
    parser.add_argument("--fresh", action="store_true", help="drop it first")


def _demo(parser):
    parser.add_argument("--port", type=int, help="default: 8069 or the next free")
    parser.add_argument("--detach", action="store_true", help="go on in background")
    parser.add_argument("--fresh", action="store_true", help="rebuild the database")


def _test(parser):
    parser.add_argument("--modules", help="addons of ours, comma-separated")
    parser.add_argument("--alone", help="one addon, with only what it depends on")
    parser.add_argument("--tags", default="", help="as Odoo's --test-tags")
    parser.add_argument("--db", default="", help="reuse this database")
    parser.add_argument("--keep", action="store_true", help="keep the database")
    parser.add_argument("--no-cycle", action="store_true", help="no reinstall etc.")
    parser.add_argument(
        "--no-existing", action="store_true", help="no database full of data"
    )


def _check(parser):
    parser.add_argument("only", nargs="*", help="names of checks; default: all")
    parser.add_argument("--fix", action="store_true", help="correct what can be")


def _bench(parser):
    parser.add_argument(
        "--size", default="small", help="tiny, small, big; or small,big"
    )
    parser.add_argument(
        "--part",
        default="facts",
        choices=["facts", "map", "churn"],
        help="what is measured",
    )
    parser.add_argument("--fresh", action="store_true", help="generate the data anew")
    parser.add_argument("--strict", action="store_true", help="fail on a missed goal")


def _i18n(parser):
    parser.add_argument("--db", default="", help="export from this database")
    parser.add_argument("-v", "--verbose", action="store_true", help="list gaps")


def _load_cdnow(parser):
    parser.add_argument("name", help="database")


def _stop(parser):
    parser.add_argument("--force", action="store_true", help="even when in use")


OPTIONS = {
    "setup": _setup,
    "db": _db,
    "demo": _demo,
    "test": _test,
    "check": _check,
    "bench": _bench,
    "shots": shots_options.add,
    "i18n": _i18n,
    "load-cdnow": _load_cdnow,
    "stop": _stop,
}
# The module that does it, where its name is not the command's.
MODULES = {"test": "testing", "check": "checks", "load-cdnow": "cdnow"}


def _parser():
    parser = argparse.ArgumentParser(prog="dev/suite", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        OPTIONS[name](commands.add_parser(name, help=text, description=text))
    for name, text in PASSED_ON.items():
        commands.add_parser(name, help=text, add_help=False)
    return parser


def _parse(argv):
    if argv and argv[0] in PASSED_ON:
        return argparse.Namespace(command=argv[0], arguments=argv[1:])
    return _parser().parse_args(argv)


def _call(options):
    """Load the module of the command only now: not all need all packages."""
    name = MODULES.get(options.command, options.command)
    module = importlib.import_module(f"{__package__}.{name}")
    return module.run(options) or 0


def main(argv):
    """Run one command; a problem is told in one message, without traceback."""
    try:
        options = _parse(argv)
        venv.enter(argv)
        return _call(options)
    except (SuiteError, subprocess.CalledProcessError) as error:
        step(f"Error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
