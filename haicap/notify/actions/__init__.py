"""Every write of this room: keyword-only, one transaction."""

from ..receivers import Recipient, Seats
from .addresses import confirm_address, request_address, send_reset, tell_account
from .hooks import close_hook, open_hook
from .queue import Swept, forget, send_due, settle, try_again
from .reading import choose, mark_read
from .sending import Outgoing, send, send_many

__all__ = [
    "Outgoing",
    "Recipient",
    "Seats",
    "Swept",
    "choose",
    "close_hook",
    "confirm_address",
    "forget",
    "mark_read",
    "open_hook",
    "request_address",
    "send",
    "send_due",
    "send_many",
    "send_reset",
    "settle",
    "tell_account",
    "try_again",
]
