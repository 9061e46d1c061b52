"""Rows on their way: parts of a file as columns of text, and judged rows ready for the table."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .rejecting import Rejection

# Columns of the table that say what a dossier is; the digest is taken over these.
CONTENT = (
    "unit_id", "procedure_id", "period", "channel", "level", "submitter", "behalf_reason", "received_at",
    "due_at", "finished_at", "status", "fee", "paid_online", "digitised_components", "digitised_result",
    "satisfaction", "steps", "last_step_at", "account_key",
)  # fmt: skip
UNIT: Final = 0
PERIOD: Final = 2

Content = tuple[
    int, int, str, int, str, str, str, str, str | None, str | None, int, str | None,
    int | None, int | None, int | None, int | None, str, str | None, str | None,
]  # fmt: skip


class Judged(NamedTuple):
    """A row that is taken. Plain values only, so that it can be put on disk as it is."""

    row: int
    key: str
    digest: int
    blame: str
    content: Content


@dataclass
class Part:
    """Some rows of a file: their numbers, their cells by heading, and those that were no rows at all."""

    rows: list[int]
    columns: dict[str, list[str]]
    rejected: list[Rejection] = field(default_factory=list)
