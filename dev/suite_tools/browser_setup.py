"""Having a browser for tours and screenshots, and fonts it can read with."""

import shutil
from pathlib import Path

from . import apt
from .console import SuiteError, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-roboto-unhinted")
# Without Roboto the emoji font would lend Odoo's pages its wide digits.
FONTS = ("fonts-noto-cjk", "fonts-noto-color-emoji", "fonts-roboto-unhinted")
FONT_FILES = ("*Noto*CJK*", "*Roboto*Regular*")


def find():
    """Return the path of a browser on this machine, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def ensure():
    """Return the path of a browser, installing one where that is allowed."""
    if not find():
        apt.install(PACKAGES, "the browser (chromium) of tours and screenshots")
    return find()


def _has_fonts():
    folders = [Path("/usr/share/fonts"), Path.home() / ".fonts"]
    return all(
        any(any(folder.rglob(pattern)) for folder in folders) for pattern in FONT_FILES
    )


def ensure_fonts():
    """Have fonts for Chinese and Latin text; without them only warn."""
    if _has_fonts():
        return
    try:
        apt.install(FONTS, "the fonts of screenshots")
    except SuiteError as error:
        step(f"Pictures may look odd: {error}")
