"""A batch of dossiers from a system with a key: one transaction, one answer, the same judge as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import calendar
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

from .. import permissions
from ..models import Import, Source
from ..policies import mapping
from ..policies.judging import Judge
from ..policies.mapping import FIELDS, Plan
from ..policies.rejecting import Rejection
from ..states import ImportState
from .procedures import Book
from .reading import json_part
from .sorting import Codes
from .writing import Written, write

DOOR = "api"
MOST = 50_000
# An answer that is kept for a replay repeats so many rejections.
MOST_KEPT = 1_000


@dataclass(frozen=True)
class Outcome:
    """read = created + updated + unchanged + rejected; the row of a rejection is its index in the batch."""

    read: int
    created: int
    updated: int
    unchanged: int
    rejections: tuple[Rejection, ...]
    rejected: int
    dropped: tuple[str, ...]
    intake: int | None = None
    repeated: bool = False


def take_batch(
    *,
    by: Actor | str,
    scope: Scope,
    source: str,
    records: Sequence[tuple[int, Any]],
    digest: str,
    key: str = "",
    all_or_nothing: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """(index, record) of a batch; a record has the fields of `mapping.FIELDS`, others are dropped and named.

    Dates are ISO. Units outside the reach of `scope` are rejected. The same `key` of the same sender returns
    the first answer. Refusals source.unknown, dossiers.too_many, intake.key_taken for other content.
    """
    row = _source(scope, source)
    if len(records) > MOST:
        raise Refusal("dossiers.too_many", gettext_lazy("Gửi nhiều nhất 50.000 hồ sơ một lần."))
    with transaction.atomic():
        # one sender at a time, so that a replay finds the first answer
        Source.objects.select_for_update().get(pk=row.pk)
        found = _earlier(ref_of(by), key, digest) if key and not dry_run else None
        if found is not None:
            return found
        batch = Import.objects.create(
            source=row, token=token_urlsafe(16), sha256=digest[:64], door=DOOR, by=ref_of(by), at=clock.now(),
            state=ImportState.DONE.value, finished_at=clock.now(), key="" if dry_run else key,
        )  # fmt: skip
        done = _taken(by, scope, row, batch, records, dry_run)
        if dry_run or (all_or_nothing and done.rejected):
            transaction.set_rollback(True)
            if not dry_run:
                return Outcome(done.read, 0, 0, 0, done.rejections, done.read, done.dropped)
            return done
        _keep(batch, done)
    return Outcome(**{**vars(done), "intake": batch.pk})


def _source(scope: Scope, code: str) -> Source:
    """The source, for a key of its owner or of a unit above it, or of one below it, which sends its own."""
    row = Source.objects.filter(code=code).first()
    if row is not None:
        owner = units.by_id(row.owner_id)
        for grant in scope.grants:
            if grant.role in permissions.BRINGS_IN and (
                grant.covers(owner) or grant.path.startswith(owner.path)
            ):
                return row
    raise permissions.unknown()


def _taken(
    by: Actor | str,
    scope: Scope,
    source: Source,
    batch: Import,
    records: Sequence[tuple[int, Any]],
    dry_run: bool,
) -> Outcome:
    own = mapping.read(source.mapping)
    plan = Plan(columns={}, values=own.values, date_style="iso", zone=own.zone, declare_new=own.declare_new)
    part = json_part(records)
    dropped = tuple(sorted(name for name in part.columns if name not in FIELDS))
    known = {name: name for name in FIELDS if name in part.columns}
    for name in mapping.NEEDED:
        if name not in known:
            known[name] = name
            part.columns[name] = [""] * len(part.rows)
    book = Book(by, declare_new=plan.declare_new, dry_run=dry_run)
    judge = Judge(
        plan, known, units.by_id(source.owner_id), book.find, calendar.workdays(), ["fee"], reach=scope.sees
    )
    taken, rejected = judge.judge(part)
    codes = Codes()
    codes.add(taken)
    later = set(codes.superseded())
    rejected += [Rejection(index, "row.later") for index in later]
    rows = sorted((one for one in taken if one.row not in later), key=lambda one: one.key)
    done = write(by=by, source_id=source.pk, batch_id=batch.pk, rows=rows) if rows else Written()
    rejected.sort(key=lambda one: one.row)
    return Outcome(
        len(records), done.created, done.updated, done.unchanged, tuple(rejected), len(rejected), dropped
    )


def _keep(batch: Import, done: Outcome) -> None:
    batch.rows = batch.read = done.read
    batch.created, batch.updated, batch.unchanged = done.created, done.updated, done.unchanged
    batch.rejected = done.rejected
    batch.dropped = [[name[:120], "unused"] for name in done.dropped]
    if batch.key:
        batch.answer = {
            "dropped": list(done.dropped),
            "rejections": [[one.row, one.code, one.column, one.value] for one in done.rejections[:MOST_KEPT]],
        }
    batch.save()


def _earlier(by: str, key: str, digest: str) -> Outcome | None:
    row = Import.objects.filter(by=by, key=key).first()
    if row is None:
        return None
    if row.sha256 != digest[:64]:
        raise Refusal(
            "intake.key_taken",
            gettext_lazy("Khóa chống gửi trùng này đã dùng cho nội dung khác."),
            place="key",
        )
    return Outcome(
        row.read, row.created, row.updated, row.unchanged,
        tuple(Rejection(*one) for one in row.answer["rejections"]), row.rejected,
        tuple(row.answer["dropped"]), row.pk, True,
    )  # fmt: skip
