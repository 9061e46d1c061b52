"""A file arrives, is answered for, is stopped, goes on."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.tables.refusing import empty
from haicap.units import queries as units

from .. import permissions
from ..models import Import, Source
from ..policies import mapping, questions
from ..policies.mapping import Plan
from ..states import STOPPABLE, ImportState
from .running import columns_of, plan_of, without_samples, work_on
from .sources import keep_plan
from .spool import Spool, tokens_lying

LONGEST_NAME = 200
# A file that nobody answered for, or that lies about after a crash, is forgotten after this.
KEPT_FOR = timedelta(days=2)


def receive(
    *,
    by: Actor | str,
    scope: Scope,
    source: str,
    pieces: Iterable[bytes],
    name: str,
    dry_run: bool = False,
    queue: bool = True,
) -> str:
    """Keep a file until the worker has read it; returns the token of its import.

    Refusals source.unknown, dossiers.not_yours, tables.empty_file. A file that came before is taken all the
    same and says so: what it repeats is unchanged."""
    row = bringing(scope, source)
    token = token_urlsafe(16)
    spool = Spool(token)
    spool.make()
    digest, size = hashlib.sha256(), 0
    try:
        with spool.upload.open("wb") as file:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                file.write(piece)
    except BaseException:
        # a half that nobody will come back for holds names
        spool.forget()
        raise
    if not size:
        spool.forget()
        raise empty()
    with transaction.atomic():
        earlier = (
            Import.objects.filter(
                source=row, sha256=digest.hexdigest(), state=ImportState.DONE.value, dry_run=False
            )
            .order_by("-id")
            .first()
        )
        batch = Import.objects.create(
            source=row, token=token, sha256=digest.hexdigest(), name=name[-LONGEST_NAME:], by=ref_of(by),
            at=clock.now(), size=size, dry_run=dry_run,
            found={"lang": get_language() or "vi", "same_as": earlier.token if earlier else ""},
        )  # fmt: skip
        audit.record(
            by=by, action="dossiers.received", object=f"dossier-import:{batch.pk}",
            detail={"source": row.code, "sha256": batch.sha256, "bytes": size, "dry_run": dry_run},
        )  # fmt: skip
        if queue:
            work_on.enqueue(batch.pk)
    return token


def bringing(scope: Scope, code: str) -> Source:
    """The source, for somebody who may bring its dossiers in."""
    row = Source.objects.filter(code=code).first()
    if row is None:
        raise permissions.unknown()
    permissions.check_bring(scope, units.by_id(row.owner_id))
    return row


def _opened(scope: Scope, token: str) -> Import:
    """The import, locked. Refusals source.unknown, dossiers.not_yours."""
    batch = Import.objects.select_for_update().select_related("source").filter(token=token).first()
    if batch is None:
        raise permissions.unknown()
    permissions.check_bring(scope, units.by_id(batch.source.owner_id))
    return batch


@transaction.atomic
def answer(
    *, by: Actor | str, scope: Scope, token: str, plan: Plan, style: str = "", queue: bool = True
) -> questions.Questions:
    """What was asked about a file; the answers become the source's way of being read. While something is
    still open it is returned, and nothing runs. Refusals mapping.…, import.state."""
    batch = _opened(scope, token)
    if batch.state != ImportState.ASKING.value:
        raise wrong_state()
    if style:
        plan = replace(plan, date_style=style)
    mapping.check(plan)
    if style:
        batch.answers = batch.answers | {"style": plan.date_style}
    keep_plan(by=by, source=batch.source, plan=plan)
    asks = questions.ask(columns_of(batch), plan, batch.answers)
    if not asks:
        batch.state = ImportState.RUNNING.value
    batch.save(update_fields=["answers", "state"])
    if not asks and queue:
        work_on.enqueue(batch.pk)
    return asks


@transaction.atomic
def stop(*, by: Actor | str, scope: Scope, token: str) -> None:
    """What was stored stays; the rest is left out. Refusal import.state when it has ended already."""
    batch = _opened(scope, token)
    if ImportState(batch.state) not in STOPPABLE:
        raise wrong_state()
    batch.state, batch.finished_at = ImportState.KILLED.value, clock.now()
    batch.found = without_samples(batch.found)
    batch.save(update_fields=["state", "finished_at", "found"])
    audit.record(by=by, action="dossiers.import_stopped", object=f"dossier-import:{batch.pk}")
    transaction.on_commit(Spool(token).forget)


@transaction.atomic
def carry_on(*, by: Actor | str, scope: Scope, token: str) -> None:
    """Queue an import again that the worker has given up. Refusal import.state when it has ended."""
    batch = _opened(scope, token)
    if batch.state not in (ImportState.READING.value, ImportState.RUNNING.value):
        raise wrong_state()
    audit.record(by=by, action="dossiers.import_resumed", object=f"dossier-import:{batch.pk}")
    work_on.enqueue(batch.pk)


def forget_old(*, by: str) -> int:
    """Files that wait too long: nobody answered, or the worker gave up. Returns how many."""
    old = Import.objects.filter(state__in=[one.value for one in STOPPABLE], at__lt=clock.now() - KEPT_FOR)
    count = 0
    for batch in old:
        with transaction.atomic():
            batch.state, batch.finished_at = ImportState.KILLED.value, clock.now()
            batch.found = without_samples(batch.found)
            batch.save(update_fields=["state", "finished_at", "found"])
            audit.record(by=by, action="dossiers.import_forgotten", object=f"dossier-import:{batch.pk}")
        Spool(batch.token).forget()
        count += 1
    _forget_lost()
    return count


def _forget_lost() -> None:
    """What a crash has left of files that nobody is working on: cut off on their way in, or just when they
    had ended."""
    waiting = Import.objects.filter(state__in=[one.value for one in STOPPABLE])
    for token in set(tokens_lying()) - set(waiting.values_list("token", flat=True)):
        if Spool(token).age() > KEPT_FOR.total_seconds():
            Spool(token).forget()


def wrong_state() -> Refusal:
    return Refusal("import.state", gettext_lazy("Lần nhập này không còn ở bước đó."))


def shown_plan(batch_source: Mapping[str, Any]) -> Plan:
    return mapping.read(batch_source)


__all__ = ["answer", "bringing", "carry_on", "forget_old", "plan_of", "receive", "shown_plan", "stop"]
