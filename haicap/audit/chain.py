"""The hash chain over the log: what is hashed, and how. Pure.

A chain inside the transaction of each change would line up everybody in the last hour before a deadline, so
events are sealed in blocks afterwards. Whoever changes, removes or inserts a sealed event breaks the digest
of its block; whoever rewrites all blocks as well is found by a digest that was noted elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

START = "0" * 64


class Sealed(NamedTuple):
    """One event as it is hashed."""

    id: int
    at: datetime
    by: str
    action: str
    object: str
    reason: str
    detail: Mapping[str, Any]

    def line(self) -> bytes:
        """The same bytes from every database: UTC, sorted keys, no spaces."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        parts = [self.id, at, self.by, self.action, self.object, self.reason, self.detail]
        return json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(previous: str, events: Iterable[Sealed]) -> str:
    """SHA-256 over the digest before and the events in the order of their ids."""
    found = hashlib.sha256(previous.encode())
    for event in events:
        found.update(b"\n" + event.line())
    return found.hexdigest()


def runs_of(ids: Sequence[int]) -> list[list[int]]:
    """Ascending ids as unbroken [first, last] pairs."""
    runs: list[list[int]] = []
    for one in ids:
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return runs


def ids_in(runs: Iterable[Sequence[int]]) -> Iterator[int]:
    for first, last in runs:
        yield from range(first, last + 1)
