"""Every write of this room. Keyword-only, `by=` a person (whose right is checked) or "system:…" text."""

from .delegations import delegate, withdraw_delegation
from .people import create_user, deactivate, set_email, set_language, set_password, set_text_size
from .positions import appoint, hand_over, vacate

__all__ = [
    "appoint",
    "create_user",
    "deactivate",
    "delegate",
    "hand_over",
    "set_email",
    "set_language",
    "set_password",
    "set_text_size",
    "vacate",
    "withdraw_delegation",
]
