"""Links for people without a login: signed, for one purpose, and for a time."""

from datetime import timedelta

from odoo.tools import hash_sign, verify_hash_signed

SCOPE = "crm_feedback."


def sign(env, purpose, values, days):
    """A token that says ``values``, for ``purpose`` alone.

    :param env: with sudo, for the secret of the database
    :param list values: what :func:`read` gives back
    :param days: how long it holds
    :return: text that is safe in an address
    """
    return hash_sign(env, SCOPE + purpose, values, expiration=timedelta(days=days))


def read(env, purpose, token):
    """What a token says.

    :return: the values; ``None`` for what was cut, changed, made for another purpose
        or is too old, so that nobody can tell these apart
    """
    try:
        return verify_hash_signed(env, SCOPE + purpose, token)
    except (ValueError, OverflowError):
        return None
