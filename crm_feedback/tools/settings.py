"""Numbers that people set under Settings, with what holds until they do."""

DEFAULTS = {
    "link_days": 60,  # how long the links in mails hold
    "remind_days": 3,  # from the question to the reminder
    "silence_days": 7,  # from the reminder to "no answer"
    "revisit_days": 14,  # from the end of a complaint to the next call
    "effect_days": 60,  # from a suggestion being done to the look at its effect
    "limit_address": 10,  # posts per hour from one address
    "limit_mail": 5,  # posts per hour with one mail address
    "file_count": 5,
    "file_megabytes": 5,
    "quiet_days": 30,  # between two surveys for one person
    "spread_size": 30,  # answers from which on a figure of a person is shown
}


def get_number(env, name):
    """A setting as a whole number; what cannot be read as one is the default.

    :param name: a key of ``DEFAULTS``
    """
    # sudo: settings hold for everybody
    value = env["ir.config_parameter"].sudo().get_param(f"crm_feedback.{name}", "")
    try:
        return max(1, int(value))
    except (TypeError, ValueError):
        return DEFAULTS[name]


def is_on(env, name):
    """Whether a switch, which is off until somebody turns it on, is on."""
    # sudo: settings hold for everybody
    value = env["ir.config_parameter"].sudo().get_param(f"crm_feedback.{name}")
    return value in ("True", "1", "true")
