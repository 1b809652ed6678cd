"""Files from people we do not know: few, small, and of kinds that do nothing."""

import re

from odoo.tools.mimetypes import guess_mimetype

KINDS = {
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "application/pdf": ("pdf",),
}
NAME_LENGTH = 100


def get_kind(content):
    """The kind of a file by what is in it, whatever its name says.

    :param bytes content: of the file
    :return: a MIME type of ``KINDS``; nothing for all others
    """
    kind = guess_mimetype(content[:4096], default="")
    return kind if kind in KINDS else ""


def clean_name(name, kind):
    r"""A file name without a path, ending as its kind does.

    >>> clean_name("C:\\x\\..\\bill.html", "application/pdf")
    'bill.html.pdf'
    >>> clean_name("", "image/png")
    'file.png'
    """
    base = re.split(r"[\\/]", name or "")[-1]
    base = "".join(char for char in base if char.isprintable()).strip(". ")
    base = base[-NAME_LENGTH:] or "file"
    ends = KINDS[kind]
    if base.lower().rpartition(".")[2] not in ends:
        base = f"{base}.{ends[0]}"
    return base
