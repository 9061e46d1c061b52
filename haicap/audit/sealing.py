"""Sealing the log into blocks, and proving it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from haicap.core import clock

from .chain import START, Sealed, digest, ids_in, runs_of
from .models import Block, Event

FIELDS = ("id", "at", "by", "action", "object", "reason", "detail")
# An event younger than this may have a neighbour with a lower id that is not committed yet.
REST = timedelta(seconds=30)
# How far back a late neighbour is still looked for by the routine; `verify` looks at everything.
LATE = timedelta(days=2)
# No honest transaction lasts longer: an older event that slips in behind sealed ones was made up.
LONGEST = timedelta(hours=1)
MOST_EVENTS = 10_000


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal: number of the block and its digest; block 0 while nothing is sealed."""

    block: int
    digest: str


@dataclass(frozen=True, slots=True)
class Proof:
    """`broken`: blocks whose content or predecessor is not what was sealed; `missing`: sealed events that
    are gone; `unsealed`: events in no block that are older than the newest one; `waiting`: younger ones;
    `belated`: events that came in behind sealed ones although they claim to be much older than their seal."""

    head: Head
    blocks: int
    events: int
    broken: tuple[int, ...]
    missing: tuple[int, ...]
    unsealed: tuple[int, ...]
    waiting: int
    belated: tuple[int, ...] = ()

    @property
    def ok(self) -> bool:
        return not (self.broken or self.missing or self.belated)


def head() -> Head:
    row = Block.objects.order_by("-id").values_list("id", "digest").first()
    return Head(*row) if row else Head(0, START)


def seal(*, now: datetime | None = None) -> int:
    """Seal what has rested; returns how many events. Two sealers at once: the second finds nothing.

    No event is written about it: it would have to be sealed in turn.
    """
    at, count = now or clock.now(), 0
    try:
        while found := _seal_one(at):
            count += found
    except IntegrityError:
        # Another process has just written the block of this number, with these events in it.
        return count
    return count


def _seal_one(at: datetime) -> int:
    with transaction.atomic():
        last = Block.objects.select_for_update().order_by("-id").first()
        ids = _ripe(at, last)
        if not ids:
            return 0
        previous = last.digest if last else START
        events = _events(ids)
        Block.objects.create(
            # Numbered by hand: two sealers that saw the same head collide here, whatever the database.
            id=(last.pk if last else 0) + 1,
            at=at,
            runs=runs_of(ids),
            events=len(ids),
            first_id=ids[0],
            last_id=ids[-1],
            previous=previous,
            digest=digest(previous, events),
        )
    return len(ids)


def _ripe(at: datetime, last: Block | None) -> list[int]:
    """Events in no block yet, rested, in the order of their ids."""
    # counted from the newest block: a product that stood still for a week has no blocks of yesterday
    near = Block.objects.filter(at__gte=min(at, last.at) - LATE) if last else Block.objects.none()
    floor = min(near.values_list("first_id", flat=True), default=0)
    rested = Event.objects.filter(id__gte=floor, at__lt=at - REST).order_by("id")
    # a block of long ago may reach above the floor of a late event
    above = Block.objects.filter(last_id__gte=floor).values_list("runs", flat=True)
    sealed = {one for runs in above for one in ids_in(runs)}
    found = []
    for one in rested.values_list("id", flat=True).iterator():
        if one not in sealed:
            found.append(one)
            if len(found) == MOST_EVENTS:
                break
    return found


def _events(ids: Sequence[int]) -> Iterator[Sealed]:
    """These events, in runs: one query per stretch, none of them too long for a statement."""
    for first, last in runs_of(ids):
        rows = Event.objects.filter(id__range=(first, last)).order_by("id").values_list(*FIELDS)
        for row in rows.iterator(chunk_size=2_000):
            yield Sealed(*row)


def verify() -> Proof:
    """Read everything and compute every seal again."""
    previous, blocks, count = START, 0, 0
    broken: list[int] = []
    missing: list[int] = []
    belated: list[int] = []
    sealed: set[int] = set()
    top = 0
    for block in Block.objects.order_by("id").iterator():
        blocks += 1
        ids = list(ids_in(block.runs))
        there = list(_events(ids))
        gone = set(ids) - {event.id for event in there}
        missing += sorted(gone)
        in_line = block.id == blocks and block.previous == previous
        if not in_line or gone or digest(block.previous, there) != block.digest:
            broken.append(block.pk)
        belated += [event.id for event in there if event.id < top and block.at - event.at > LONGEST]
        top = max(top, *ids)
        sealed.update(ids)
        count += len(there)
        previous = block.digest
    now = clock.now()
    rows = Event.objects.order_by("id").values_list("id", "at")
    loose = [(id_, at) for id_, at in rows if id_ not in sealed]
    late = tuple(id_ for id_, _at in loose if id_ < top)
    belated += [id_ for id_, at in loose if id_ < top and now - at > LONGEST]
    waiting = len(loose) - len(late)
    return Proof(head(), blocks, count, tuple(broken), tuple(missing), late, waiting, tuple(sorted(belated)))


def digest_of(block: int) -> str | None:
    """The digest that stands in a block now, to be compared with one that was noted elsewhere."""
    return Block.objects.filter(pk=block).values_list("digest", flat=True).first()
