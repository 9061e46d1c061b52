"""What a channel must be able to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol

from haicap.accounts.queries import Receiver

from ..models import Delivery, Notice

# notice, what it was made from, who receives it
Plan = tuple[Notice, Any, list[Receiver]]
Planner = Callable[[Sequence[Plan], datetime], None]


class Failure(Exception):  # noqa: N818 – the world fails here, not the program
    """A delivery that did not go out. `code` is short and names no person, address or server.

    `final`: trying again is useless. `outage`: the way itself is closed, so the others need not try now and
    the attempt does not count.
    """

    def __init__(self, code: str, *, final: bool = False, outage: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
        self.outage = outage


class Sender(Protocol):
    """Opened once per sweep. `send` raises Failure; it returns False when nobody wants the delivery any
    more."""

    def __enter__(self) -> Sender: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, delivery: Delivery) -> bool: ...
