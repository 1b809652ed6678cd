"""What the tooling says to the person in front of it."""

import os
import subprocess
import sys
import time

_STARTED = time.monotonic()


class SuiteError(Exception):
    """A problem the user can read and act on; shown without a traceback."""


def step(message):
    """Announce one step of a longer job, with the seconds passed so far."""
    elapsed = time.monotonic() - _STARTED
    print(f"[{elapsed:6.1f}s] {message}", file=sys.stderr, flush=True)


def run(command, *, log=None, hint="", **kwargs):
    """Run ``command``; when it fails, show the end of what it said.

    ``log`` is a path that receives the whole output. ``hint`` tells the user
    what to do about a failure.
    """
    command = [str(part) for part in command]
    kwargs.setdefault("stdin", subprocess.DEVNULL)
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **kwargs,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(result.stdout)
    if result.returncode:
        tail = "\n".join(result.stdout.splitlines()[-25:])
        raise SuiteError(
            f"Command failed ({result.returncode}): {' '.join(command[:6])}\n"
            f"{tail}{os.linesep + hint if hint else ''}"
        )
    return result.stdout
