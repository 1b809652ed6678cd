"""Texts that people type in, made safe to keep and to open."""

import re
from urllib.parse import urlsplit

# what PostgreSQL refuses (NUL) and what no text needs; tab and line feed stay
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def clean_text(text, limit):
    """``text`` without control characters, trimmed and cut to ``limit`` characters.

    :return: str, empty when nothing is left or it was no text
    """
    if not isinstance(text, str):
        return ""
    return CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n")).strip()[:limit]


def is_web_link(url):
    """Whether ``url`` leads to a page of the web, and to nothing else.

    >>> is_web_link("https://example.com/a?b=c")
    True
    >>> is_web_link("javascript:alert(1)"), is_web_link("//example.com")
    (False, False)
    >>> is_web_link("https:///path"), is_web_link("http://a b"), is_web_link(7)
    (False, False, False)
    """
    if not isinstance(url, str) or re.search(r"[\s\x00-\x1f\\]", url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
