"""The command line of ``dev/suite shots``."""

import argparse

STEPS = {
    "click": "SELECTOR (may end in :contains(text))",
    "hover": "SELECTOR",
    "fill": "'SELECTOR => TEXT'",
    "press": "a key: Enter, Escape, Tab …",
    "drag": "'SELECTOR => SELECTOR'",
    "js": "JavaScript; its value is printed",
    "wait": "SELECTOR or a number of seconds",
}


class _Step(argparse.Action):
    """Collects the steps of all kinds in the order they were given."""

    def __call__(self, parser, namespace, value, option_string=None):
        steps = [*(namespace.steps or []), (self.metavar.lower(), value)]
        namespace.steps = steps


def add(parser):
    """Add the options to ``parser``."""
    parser.add_argument("only", nargs="*", help="names of shots; default: all")
    parser.add_argument("--url", help="one page; {ref:xml.id} becomes the id")
    parser.add_argument("--out", default="shot.png", help="file of the picture")
    parser.add_argument("--db", default="demo")
    parser.add_argument("--server", help="address of a running server to use")
    parser.add_argument("--login", default="admin")
    parser.add_argument("--password", help="default: the login")
    parser.add_argument("--anonymous", action="store_true", help="do not sign in")
    parser.add_argument("--lang", help="language, for example zh_CN")
    parser.add_argument("--width", type=int, action="append", help="may be repeated")
    parser.add_argument("--height", type=int)
    parser.add_argument("--full", action="store_true", help="without scrolling")
    for kind, text in STEPS.items():
        parser.add_argument(
            f"--{kind}", action=_Step, dest="steps", metavar=kind.upper(), help=text
        )
