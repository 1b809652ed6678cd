"""What the engine raises beside Odoo's own errors."""

from odoo.exceptions import UserError


class MoveRefused(UserError):
    """The judge refused a move, with every reason in its message.

    Other code meets an ordinary ``UserError``. The web client gets the details
    with it and offers to fill in what is missing.

    :param str message: every reason, in the user's language
    :param dict details: what the client needs to go on, see
        ``crm.lifecycle.mixin._lifecycle_prepare_refusal``
    """

    def __init__(self, message, details):
        super().__init__(message)
        self.context = {"lifecycle_refusal": details}
