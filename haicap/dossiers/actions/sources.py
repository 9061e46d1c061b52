"""Sources: the systems that files come from, and how their files are read."""

import re

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

from .. import permissions
from ..models import Source
from ..policies import mapping
from ..policies.mapping import Plan

_CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@transaction.atomic
def found_source(
    *,
    by: Actor | str,
    scope: Scope,
    code: str,
    name: str,
    owner_id: int | None = None,
    plan: Plan | None = None,
    stale_after_days: int = 7,
    has_steps: bool = False,
    demo: bool = False,
    partial: bool = False,
) -> int:
    """A new source, owned by the unit in whose name this person brings dossiers in, or by one below it.

    `partial`: it holds some of the dossiers of its units only, so that nothing is counted from it.
    Refusals dossiers.not_yours, source.taken, source.name, mapping.…"""
    owner = permissions.home(scope) if owner_id is None else units.by_id(owner_id)
    permissions.check_bring(scope, owner)
    _check_words(code, name)
    if Source.objects.filter(code=code).exists():
        raise Refusal("source.taken", gettext_lazy("Mã nguồn này đã có."), place="code")
    plan = plan or Plan()
    mapping.check(plan)
    row = Source.objects.create(
        code=code, name=name.strip()[:120], owner_id=owner.id, mapping=plan.stored(),
        stale_after_days=stale_after_days, has_steps=has_steps, demo=demo, partial=partial,
        changed_at=clock.now(), changed_by=ref_of(by),
    )  # fmt: skip
    audit.record(by=by, action="source.made", object=f"dossier-source:{code}", detail={"owner": owner.code})
    return row.pk


@transaction.atomic
def change_source(
    *, by: Actor | str, scope: Scope, code: str, name: str, stale_after_days: int, plan: Plan | None = None
) -> None:
    """Refusals source.unknown, dossiers.not_yours, source.name, mapping.…"""
    row = Source.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise permissions.unknown()
    permissions.check_bring(scope, units.by_id(row.owner_id))
    _check_words(code, name)
    if not 1 <= stale_after_days <= 366:
        raise Refusal("source.stale", gettext_lazy("Số ngày phải từ 1 đến 366."), place="stale_after_days")
    row.name, row.stale_after_days = name.strip()[:120], stale_after_days
    keep_plan(by=by, source=row, plan=plan if plan is not None else mapping.read(row.mapping))
    row.save(update_fields=["name", "stale_after_days"])


@transaction.atomic
def say_reach(*, by: Actor | str, scope: Scope, code: str, partial: bool) -> bool:
    """Whether the source holds all dossiers of its units (`partial` False) or some of them; True when that is
    new. Figures of units that only partial sources know are not counted: with the next counting those that
    were are taken back, or counted. Refusals source.unknown, dossiers.not_yours."""
    row = Source.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise permissions.unknown()
    permissions.check_say_reach(scope, units.by_id(row.owner_id))
    if row.partial == partial:
        return False
    row.partial, row.changed_at, row.changed_by = partial, clock.now(), ref_of(by)
    row.save(update_fields=["partial", "changed_at", "changed_by"])
    audit.record(by=by, action="source.reach", object=f"dossier-source:{code}", detail={"partial": partial})
    return True


def keep_plan(*, by: Actor | str, source: Source, plan: Plan) -> None:
    """The way of reading, kept for the next file. Inside the caller's transaction; the same is no change."""
    mapping.check(plan)
    new = plan.stored()
    new["steps"] = list(new["steps"])
    if new == source.mapping:
        return
    source.mapping, source.has_steps = new, bool(plan.steps) or "steps" in plan.columns
    source.changed_at, source.changed_by = clock.now(), ref_of(by)
    source.save(update_fields=["mapping", "has_steps", "changed_at", "changed_by"])
    audit.record(
        by=by, action="source.mapped", object=f"dossier-source:{source.code}", detail={"mapping": new}
    )


def _check_words(code: str, name: str) -> None:
    # it stands in addresses
    if not _CODE.fullmatch(code) or not name.strip():
        raise Refusal(
            "source.name", gettext_lazy("Nguồn cần mã (chữ không dấu, số, gạch) và tên."), place="code"
        )
