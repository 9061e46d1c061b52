"""An act that merges or splits units: prepared, handed to the one who signs, carried out, taken back.

Only the rows of this room are written here; `desk.mergers` calls every room in the same transaction.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from haicap.audit.actions import Actor, record
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import merging, queries
from haicap.units.actions.births import begin, end, remove
from haicap.units.actions.stamp import touch
from haicap.units.mergers import Act, act_of, unknown
from haicap.units.merging import MergerState, Plan
from haicap.units.models import Merger, Succession
from haicap.units.succession import Change, hangs

SHORTEST_REASON, LONGEST_REASON = 5, 500


@transaction.atomic
def draft(*, by: Actor | str, owner_id: int) -> int:
    """An empty act of this province; returns its id."""
    row = Merger.objects.create(
        owner_id=owner_id,
        state=MergerState.DRAFT.value,
        plan=Plan().to_json(),
        prepared_at=clock.now(),
        prepared_by=ref_of(by),
    )
    _tell(by, row, "merger.drafted")
    return row.pk


@transaction.atomic
def write(
    *,
    by: Actor | str,
    merger_id: int,
    act: str | None = None,
    on: date | None = None,
    plan: Plan | None = None,
    choices: Mapping[str, str] | None = None,
    seen_version: int | None = None,
) -> Act:
    """Keep what was typed, right or wrong; what is not given stays. Refusals merger.state, merger.stale."""
    row = held(merger_id, MergerState.DRAFT, seen_version)
    if act is not None:
        row.act, row.on = " ".join(act.split())[: merging.LONGEST_ACT], on
    if plan is not None:
        row.plan = plan.to_json()
    if choices is not None:
        row.choices = dict(choices)
    row.prepared_at, row.prepared_by = clock.now(), ref_of(by)
    _keep(by, row, "merger.written")
    return act_of(row)


@transaction.atomic
def hand_in(*, by: Actor | str, merger_id: int, seen_version: int | None = None) -> None:
    """To the one who signs. Refusal merger.incomplete while the plan has problems."""
    row = held(merger_id, MergerState.DRAFT, seen_version)
    _check_whole(row)
    row.state, row.handed_at, row.handed_by = MergerState.READY.value, clock.now(), ref_of(by)
    _keep(by, row, "merger.handed_in")


@transaction.atomic
def send_back(*, by: Actor | str, merger_id: int, reason: str = "") -> None:
    """Back to the office, to be mended."""
    row = held(merger_id, MergerState.READY)
    row.state, row.reason = MergerState.DRAFT.value, check_reason(reason)
    row.handed_at, row.handed_by = None, ""
    _keep(by, row, "merger.sent_back", row.reason)


@transaction.atomic
def discard(*, by: Actor | str, merger_id: int) -> None:
    """A draft that nobody wants any more is gone; its events stay."""
    row = held(merger_id, MergerState.DRAFT)
    _tell(by, row, "merger.discarded")
    row.delete()


@transaction.atomic
def enact(*, by: Actor | str, merger_id: int, seen_version: int | None = None) -> Change:
    """Close the old units, begin the new ones and write who became whom. The rooms follow in the same
    transaction. Refusals merger.state, merger.stale, merger.own_work, merger.too_early, merger.incomplete.
    """
    row = held(merger_id, MergerState.READY, seen_version)
    if ref_of(by) in (row.prepared_by, row.handed_by):
        raise Refusal("merger.own_work", gettext_lazy("Người lập hồ sơ không được tự ký hồ sơ đó."))
    _check_whole(row)
    assert row.on is not None
    if row.on > clock.today():
        words = gettext("Ký được từ ngày có hiệu lực: %(day)s.")
        raise Refusal("merger.too_early", words % {"day": f"{row.on:%d/%m/%Y}"})
    change = act_of(row).change()
    end(change)
    made = begin(change)
    row.journal = {"units": {"made": made}}
    row.state, row.signed_at, row.signed_by = MergerState.SIGNED.value, clock.now(), ref_of(by)
    row.undone_at, row.undone_by, row.reason = None, "", ""
    touch()
    _keep(by, row, "merger.signed")
    return act_of(row).change()


@transaction.atomic
def note(*, by: Actor | str, merger_id: int, journal: Mapping[str, Any]) -> None:
    """Keep what the rooms did."""
    row = held(merger_id, MergerState.SIGNED)
    row.journal = {**row.journal, **journal}
    _keep(by, row, "merger.carried")


@transaction.atomic
def name_heir(*, by: Actor | str, merger_id: int, old_id: int, new_id: int) -> None:
    """The new unit finishes what the old one still owes; part of carrying an act out."""
    row = held(merger_id, MergerState.SIGNED)
    changed = Succession.objects.filter(merger=row, old_id=old_id, new_id=new_id).update(heir=True)
    if not changed:
        raise Refusal("merger.share", gettext_lazy("Đơn vị mới này không nhận phần nào của đơn vị cũ."))
    touch()
    record(by=by, action="merger.heir_named", object=_name(row), detail={"old": old_id, "new": new_id})


@transaction.atomic
def take_back(*, by: Actor | str, merger_id: int, reason: str) -> None:
    """Undo in this room, after all others. Refusal merger.hangs where something hangs on the new units."""
    row = held(merger_id, MergerState.SIGNED)
    change = act_of(row).change()
    later = Succession.objects.filter(old_id__in=change.new_ids).exclude(merger=row)
    if later.exists():
        raise hangs(
            gettext_lazy("Một hồ sơ sau đó đã sắp xếp tiếp các đơn vị mới; hãy hoàn tác hồ sơ đó trước.")
        )
    remove(change)
    row.state, row.undone_at, row.undone_by = MergerState.UNDONE.value, clock.now(), ref_of(by)
    row.reason = check_reason(reason)
    touch()
    _keep(by, row, "merger.undone", row.reason)


def hold(*, merger_id: int, state: MergerState, seen_version: int | None = None) -> Act:
    """The act as it stands, held until the caller's transaction ends. Refusals of `held`."""
    return act_of(held(merger_id, state, seen_version))


def held(merger_id: int, state: MergerState, seen_version: int | None = None) -> Merger:
    """The row, locked. Refusals merger.unknown, merger.state, merger.stale."""
    row = Merger.objects.select_for_update().filter(pk=merger_id).first()
    if row is None:
        raise unknown()
    if row.state != state:
        raise Refusal("merger.state", gettext_lazy("Hồ sơ đã sang bước khác; hãy mở lại trang."))
    if seen_version is not None and seen_version != row.version:
        raise Refusal("merger.stale", gettext_lazy("Hồ sơ đã thay đổi sau khi bạn mở trang. Hãy xem lại."))
    return row


def check_reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal("reason.missing", gettext_lazy("Hãy ghi lý do, ít nhất 5 ký tự."), place="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal("reason.long", gettext_lazy("Lý do dài quá 500 ký tự."), place="reason")
    return reason


def _check_whole(row: Merger) -> None:
    found = merging.problems(merging.read(row.plan), row.act, row.on, queries.by_id(row.owner_id))
    if found:
        raise Refusal("merger.incomplete", found[0].message, place=found[0].place)


def _keep(by: Actor | str, row: Merger, action: str, reason: str = "") -> None:
    row.version += 1
    row.save()
    _tell(by, row, action, reason)


def _tell(by: Actor | str, row: Merger, action: str, reason: str = "") -> None:
    detail = {"owner": row.owner_id, "state": row.state, "olds": row.plan["olds"]}
    record(by=by, action=action, object=_name(row), detail=detail, reason=reason)


def _name(row: Merger) -> str:
    return f"merger:{row.pk}"
