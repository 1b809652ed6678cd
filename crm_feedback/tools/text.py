"""What people type, made fit to be stored; plain text stays what it is."""


def is_blank(text):
    """Tell whether nobody could read anything in ``text``.

    >>> is_blank(" \\n\\u200b"), is_blank(False), is_blank("👍")
    (True, True, False)
    """
    return not any(char.isprintable() and not char.isspace() for char in text or "")


def clean_text(text):
    r"""Drop what the database cannot hold, and the blanks around.

    >>> clean_text("  two\n lines \x00 ")
    'two\n lines'
    """
    return text.replace("\x00", "").strip()


def clean_line(text):
    r"""Like :func:`clean_text`, on one line.

    >>> clean_line(" two\n lines\x00 ")
    'two lines'
    """
    return " ".join(clean_text(text).split())
