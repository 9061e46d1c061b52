"""Closed word lists of the catalogue that the database and the packs share."""

from __future__ import annotations

from enum import StrEnum

LANGUAGES = ("vi", "en", "bn")


class Hardness(StrEnum):
    HARD = "hard"
    SOFT = "soft"


class Missing(StrEnum):
    """What a score does with an indicator that has no value (domain §4)."""

    ZERO = "zero"
    EXCLUDED = "excluded"
    CAPPED = "capped"


class Obliged(StrEnum):
    """Kinds of commune that a form may oblige; the words are those of the units room."""

    XA = "xa"
    PHUONG = "phuong"
    DAC_KHU = "dac_khu"


class Nature(StrEnum):
    """Regular: period after period. Ad hoc and thematic: once, for a window between two dates."""

    REGULAR = "regular"
    ADHOC = "adhoc"
    THEMATIC = "thematic"


# The fields of a regime that are sentences; the others (name, who reports, deadline, frequency, window,
# forms) follow from what the form itself says and so cannot contradict it.
REGIME_TEXTS = ("content", "recipient", "method", "outline", "instructions")

# For regimes that do not say: accepted reports are locked this many working days after the deadline or the
# acceptance, whichever is later; the unsent are reminded on these working days, counted from the deadline.
LOCK_AFTER = 10
REMINDERS = (-3, -1, 0, 1)
