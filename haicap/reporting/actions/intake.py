"""The one import path: every door hands its figures to `take_in`, which judges, writes and tells.

A batch is one transaction. It is gathered report by report and written in parts of whole reports, so that a
million figures need no more memory than a part of them. A dry run is the same code, rolled back.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, replace
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal

from ..models import Intake
from ..policies.taken import Fate
from .intakechunks import Batch
from .intakerows import Datum, Held, IntakeResult, Rejection, Strategy, Wish
from .intakespool import Spool

# Kept with the batch for a replay; a batch that is wrong throughout repeats the beginning of its list.
MOST_KEPT = 1_000
ATTEMPTS = 3
DEADLOCK, SERIALISATION = "40P01", "40001"
COUNTS = ("read", "imported", "updated", "removed", "unchanged", "rejected", "reports")


def take_in(
    *,
    by: Actor | str,
    scope: Scope,
    data: Iterable[Datum],
    door: str,
    source: str = "",
    file: str = "",
    file_name: str = "",
    strategy: Strategy = Strategy.CREATE_AND_UPDATE,
    all_or_nothing: bool = False,
    dry_run: bool = False,
    preview: bool = False,
    lang: str = "vi",
    key: str = "",
    then: Callable[[IntakeResult], None] | None = None,
) -> IntakeResult:
    """Take a batch of figures in; every datum is judged alone and answered by its index.

    Good data are kept beside bad ones, or nothing at all with `all_or_nothing`. Two data for one cell are
    both rejected, each naming the other. Reports are filled as in the grid (draft stays draft); regimes
    without approval are submitted and thereby accepted. The same `key` of the same sender returns the first
    answer; Refusal intake.key_taken when the content is another. `file` is the SHA-256 of what was sent.
    `then` belongs to the batch: it is called in its transaction when something of it stays (no dry run, no
    replay, nothing taken back), and once more when the batch is tried again.
    """
    wish = Wish(strategy, all_or_nothing, dry_run, preview, lang)
    with Spool(data, wants_digest=bool(key) and not file) as spool:
        row = Intake(
            by=ref_of(by), door=door, source=source[:120], file=file[:64], file_name=file_name[:200],
            key="" if dry_run else key, digest=file or (spool.digest if key else ""),
        )  # fmt: skip
        for _attempt in range(ATTEMPTS - 1):
            try:
                return _once(spool, row, by, scope, wish, then)
            except (IntegrityError, OperationalError) as error:
                if not _met_another(error):
                    raise
        return _once(spool, row, by, scope, wish, then)


def _once(
    spool: Spool,
    row: Intake,
    by: Actor | str,
    scope: Scope,
    wish: Wish,
    then: Callable[[IntakeResult], None] | None,
) -> IntakeResult:
    with transaction.atomic():
        found = _earlier(row) if row.key else None
        if found is not None:
            return found
        row.pk, row.at = None, clock.now()
        row.save(force_insert=True)
        done = _taken(spool, row, by, scope, wish)
        if then is not None and done.intake_id is not None:
            then(done)
        return done


def _met_another(error: Exception) -> bool:
    """Somebody opened the same report or used the same key at the same instant, or two batches waited for
    each other: nothing was written, and the other one's work is there now.

    Inside a transaction of the caller each attempt is a savepoint; only a snapshot that is too old cannot be
    mended there.
    """
    code = getattr(error.__cause__, "sqlstate", "")
    if code == SERIALISATION:
        return not connection.in_atomic_block
    return isinstance(error, IntegrityError) or code == DEADLOCK


def _taken(spool: Spool, row: Intake, by: Actor | str, scope: Scope, wish: Wish) -> IntakeResult:
    batch = Batch(row, by, scope, wish)
    for chunk in spool.chunks():
        batch.take(chunk)
    found = _result(batch, spool.count, wish)
    if wish.all_or_nothing and (found.rejections or found.held):
        transaction.set_rollback(True)
        kept = dict.fromkeys(("imported", "updated", "removed", "unchanged", "reports"), 0)
        return replace(found, **kept, rejected=found.read, intake_id=None)  # type: ignore[arg-type]
    if wish.dry_run:
        transaction.set_rollback(True)
        return replace(found, intake_id=None)
    row.answer = _kept(found)
    row.save(update_fields=["answer"])
    return found


def _result(batch: Batch, read: int, wish: Wish) -> IntakeResult:
    fates, rejections = batch.tally.fates, sorted(batch.tally.rejections)
    return IntakeResult(
        read=read,
        imported=fates[Fate.NEW],
        updated=fates[Fate.CHANGED],
        removed=fates[Fate.REMOVED],
        unchanged=fates[Fate.SAME],
        rejected=len(rejections),
        rejections=tuple(rejections),
        reports=batch.reports,
        intake_id=batch.row.pk,
        cells=tuple(sorted(batch.cells(), key=lambda cell: cell.index)) if wish.preview else (),
        held=tuple(batch.held),
        dry_run=wish.dry_run,
    )


def _kept(found: IntakeResult) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in COUNTS},
        "rejections": [astuple(one) for one in found.rejections[:MOST_KEPT]],
        "held": [list(one) for one in found.held[:MOST_KEPT]],
    }


def _earlier(new: Intake) -> IntakeResult | None:
    """The first answer under this key. Refusal intake.key_taken for other content."""
    row = Intake.objects.filter(by=new.by, key=new.key).first()
    if row is None:
        return None
    if row.digest != new.digest:
        raise Refusal(
            "intake.key_taken",
            gettext_lazy("Khóa chống gửi trùng này đã dùng cho nội dung khác."),
            place="key",
        )
    answer: Mapping[str, Any] = row.answer
    return IntakeResult(
        **{name: answer[name] for name in COUNTS},
        rejections=tuple(Rejection(*one) for one in answer["rejections"]),
        held=tuple(Held(*one) for one in answer["held"]),
        intake_id=row.pk,
        repeated=True,
    )
