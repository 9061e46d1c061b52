"""An import from its file to its end: read, ask, sort, write. Killed anywhere it goes on where it was.

Each chunk of rows is stored together with the checkpoint that counts it, so that nothing is stored twice.
"""

import logging
import time
from typing import Any

from django.db import OperationalError, transaction
from django.utils import translation
from django_tasks import task

from haicap.audit import actions as audit
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.ui import wording

from ..models import Import, Source
from ..policies import mapping, questions
from ..policies.mapping import Plan
from ..policies.questions import Column
from ..states import UNDER_WAY, ImportState
from .reading import Reading
from .sorting import judge_of, sort
from .spool import RawWriter, Spool
from .writing import write

log = logging.getLogger("haicap.dossiers")

TOLD_SECONDS = 1.0


@task()
def work_on(batch_id: int) -> None:
    """The job of the worker; running it twice, or after a kill, changes nothing that was done."""
    batch = run(batch_id=batch_id)
    log.info("import %s: %s, %s rows", batch.pk, batch.state, batch.read)


def run(*, batch_id: int) -> Import:
    """Carry an import on until it is done, asks something or fails; the words of a failure are kept."""
    batch = Import.objects.select_related("source").get(pk=batch_id)
    if ImportState(batch.state) not in UNDER_WAY:
        return batch
    spool = Spool(batch.token)
    try:
        if batch.state == ImportState.READING.value:
            _read(batch, spool)
        if batch.state == ImportState.RUNNING.value:
            _take(batch, spool)
    except Refusal as refusal:
        with translation.override(batch.found.get("lang", "vi")):
            _end(batch, ImportState.FAILED, failure=wording.refusal(refusal))
    except FileNotFoundError:
        # the installation was moved without its waiting files: only the person still has the file
        _end(batch, ImportState.FAILED, failure="")
    except OperationalError:
        # the database was away: the same again may well go on
        raise
    except Exception:
        # whatever broke on these rows breaks on them again: nobody is left waiting, no file is left lying
        log.exception("import %s", batch.pk)
        _end(batch, ImportState.FAILED, failure="")
    if ImportState(batch.state) not in UNDER_WAY and batch.state != ImportState.ASKING.value:
        spool.forget()
    return batch


def run_now(*, token: str) -> None:
    """The same by token, for whoever waits for it: a command, the demo."""
    run(batch_id=Import.objects.values_list("pk", flat=True).get(token=token))


def plan_of(source: Source) -> Plan:
    return mapping.read(source.mapping)


def columns_of(batch: Import) -> tuple[Column, ...]:
    return questions.restored(batch.found.get("columns", []))


def _read(batch: Import, spool: Spool) -> None:
    reading = Reading(spool.upload, batch.name, plan_of(batch.source))
    told = time.monotonic()
    with RawWriter(spool.raw) as raw:
        for part in reading.parts():
            raw.add(part)
            if time.monotonic() - told > TOLD_SECONDS:
                told = time.monotonic()
                batch.rows, batch.bytes_read = reading.rows, int(reading.share * batch.size)
                batch.save(update_fields=["rows", "bytes_read"])
    batch.rows, batch.bytes_read, batch.dropped = reading.rows, batch.size, reading.dropped
    batch.found = batch.found | {
        "columns": questions.stored(reading.columns), "encoding": reading.encoding, "kind": reading.kind,
    }  # fmt: skip
    asks = questions.ask(reading.columns, plan_of(batch.source), batch.answers)
    if batch.door == "api" or not asks:
        asks = questions.Questions()
    with transaction.atomic():
        if not _is_under_way(batch):
            return
        batch.state = (ImportState.ASKING if asks else ImportState.RUNNING).value
        batch.save(update_fields=["rows", "bytes_read", "dropped", "found", "state"])
    # the file itself holds what was dropped at the door
    spool.upload.unlink(missing_ok=True)


def _take(batch: Import, spool: Spool) -> None:
    source = batch.source
    if "plan" not in batch.checkpoint:
        plan = plan_of(source)
        columns = columns_of(batch)
        batch.dropped = dropped_in_the_end(batch.dropped, columns, plan)
        sort(batch=batch, judge=judge_of(batch, source, plan, columns), spool=spool)
        batch.save(update_fields=["dropped"])
    chunks = batch.checkpoint["plan"]
    later = frozenset(batch.checkpoint["later"])
    for number in range(batch.checkpoint["chunk"], len(chunks)):
        rows = spool.chunk(chunks[number])
        if later:
            rows = [row for row in rows if row.row not in later]
        with transaction.atomic():
            now = Import.objects.select_for_update().get(pk=batch.pk)
            if now.state != ImportState.RUNNING.value or now.checkpoint.get("chunk") != number:
                # stopped by a person, or taken on by another worker
                batch.state = ImportState.KILLED.value
                return
            done = write(
                by=batch.by, source_id=source.pk, batch_id=batch.pk, rows=rows, dry_run=batch.dry_run
            )
            batch.created += done.created
            batch.updated += done.updated
            batch.unchanged += done.unchanged
            batch.checkpoint["chunk"] = number + 1
            batch.read = batch.created + batch.updated + batch.unchanged + batch.rejected
            batch.save(update_fields=["created", "updated", "unchanged", "read", "checkpoint"])
    batch.read = batch.created + batch.updated + batch.unchanged + batch.rejected
    _end(batch, ImportState.DONE)


def dropped_in_the_end(dropped: list[list[str]], columns: tuple[Column, ...], plan: Plan) -> list[list[str]]:
    """Columns that were kept to be asked about and are not read after all."""
    used = set(questions.usable(columns, plan).values()) | {step.column for step in plan.steps}
    named = {heading for heading, _why in dropped}
    return dropped + [
        [one.heading, "unused"] for one in columns if one.heading not in used and one.heading not in named
    ]


def without_samples(found: dict[str, Any]) -> dict[str, Any]:
    """What an import keeps of its file when it has ended: no cell of it, which might be somebody's code."""
    return {name: value for name, value in found.items() if name != "columns"}


def _is_under_way(batch: Import) -> bool:
    """Whether nobody has stopped it meanwhile; `batch` has the state of now. Inside a transaction."""
    batch.state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
    return ImportState(batch.state) in UNDER_WAY


@transaction.atomic
def _end(batch: Import, state: ImportState, *, failure: str = "") -> None:
    if not _is_under_way(batch):
        return
    batch.state, batch.finished_at, batch.failure = state.value, clock.now(), failure[:300]
    batch.checkpoint = {"chunk": batch.checkpoint.get("chunk", 0)}
    batch.found = without_samples(batch.found)
    batch.save()
    audit.record(
        by=batch.by,
        action=f"dossiers.import_{state.value}",
        object=f"dossier-import:{batch.pk}",
        detail={
            "read": batch.read, "created": batch.created, "updated": batch.updated,
            "unchanged": batch.unchanged, "rejected": batch.rejected, "dry_run": batch.dry_run,
        },
    )  # fmt: skip
