"""Who a notice is for: people, or whoever holds a position of a unit today, with those who stand in for
them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haicap.accounts import queries as accounts
from haicap.accounts.queries import Receiver
from haicap.accounts.states import Role


@dataclass(frozen=True, slots=True)
class Seats:
    """Everybody who holds this role in exactly this unit today, or to whom it is delegated today."""

    unit_id: int
    role: Role


Recipient = int | Seats


def found(recipients: Iterable[Recipient]) -> dict[Recipient, tuple[Receiver, ...]]:
    """At most three queries, however many are asked for; inactive accounts receive nothing."""
    wanted = set(recipients)
    seats = {one for one in wanted if isinstance(one, Seats)}
    people = accounts.receivers({one for one in wanted if isinstance(one, int)})
    answer: dict[Recipient, tuple[Receiver, ...]] = {
        one: (people[one],) if one in people else () for one in wanted if isinstance(one, int)
    }
    if seats:
        held = accounts.receivers_in({one.unit_id for one in seats}, {one.role for one in seats})
        answer |= {one: held.get((one.unit_id, one.role), ()) for one in seats}
    return answer
