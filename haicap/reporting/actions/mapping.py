"""A file of another system on its way into reports: received, decided about, previewed, written, kept."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.tables.layout import Layout
from haicap.tables.opening import open_book
from haicap.units.queries import Place

from .. import permissions
from ..models import ForeignFile, Mapping
from ..policies import mapping, matching, workflow
from ..policies.mapping import Figure, Plan, Unreadable
from ..queries.foreign import Opened, opened
from .intake import take_in
from .intakerows import Datum, IntakeResult

MAX_BYTES = 20 * 1024 * 1024
KEPT_FOR = timedelta(hours=24)
LONGEST_SOURCE = 120


@dataclass(frozen=True, slots=True)
class Passage:
    """What became of a file: the answer of the import path, and the cells that said no figure.

    read = imported + updated + removed + unchanged + rejected + len(unreadable)."""

    result: IntakeResult
    unreadable: tuple[Unreadable, ...]
    data: tuple[Datum, ...]

    @property
    def read(self) -> int:
        return self.result.read + len(self.unreadable)

    @property
    def writes(self) -> int:
        return self.result.imported + self.result.updated + self.result.removed

    @property
    def rejected(self) -> int:
        return self.result.rejected + len(self.unreadable)


def receive(*, by: Actor | str, scope: Scope, data: bytes, name: str) -> str:
    """Keeps a file for a day and returns its token. Refusals of open_book, mapping.not_yours."""
    owner = permissions.foreign_home(scope)
    open_book(data, name, max_bytes=MAX_BYTES)
    now = clock.now()
    with transaction.atomic():
        ForeignFile.objects.filter(until__lt=now).delete()
        file = ForeignFile.objects.create(
            token=token_urlsafe(16), by=ref_of(by), owner_id=owner.id, at=now, until=now + KEPT_FOR,
            name=name[-200:], sha256=hashlib.sha256(data).hexdigest(), content=data,
        )  # fmt: skip
        audit.record(
            by=by, action="foreign.received", object=f"foreign:{file.pk}",
            detail={"name": file.name, "sha256": file.sha256, "bytes": len(data)},
        )  # fmt: skip
    return file.token


def decide(*, by: Actor | str, scope: Scope, token: str, plan: Plan, source: str | None = None) -> None:
    """Keeps what was decided so far; nothing is written into a report."""
    permissions.foreign_home(scope)
    with transaction.atomic():
        file = _own(by, token)
        file.plan = plan.stored()
        if source is not None:
            file.source = _source(source)
        file.save(update_fields=["plan", "source"])


def preview(*, by: Actor | str, scope: Scope, token: str) -> Passage:
    """What writing it would do, by the same code, rolled back. Refusals mapping.*, period.*, unit.*."""
    file = opened(by=ref_of(by), token=token)
    return _pass(by, scope, file, dry_run=True, all_or_nothing=False, key="")


def apply(*, by: Actor | str, scope: Scope, token: str, all_or_nothing: bool, source: str = "") -> Passage:
    """Writes the figures through the one import path and keeps the mapping under the name of its source.

    With `all_or_nothing` a cell that cannot be read, or taken, keeps all others out. A file that was written
    is not written again: the key of the import path answers as it did the first time.
    """
    file = opened(by=ref_of(by), token=token)
    with transaction.atomic():
        row = _own(by, token)
        key = _key(token, file.plan, all_or_nothing)
        passage = _pass(by, scope, file, dry_run=False, all_or_nothing=all_or_nothing, key=key)
        if source.strip():
            _remember(by, row, file, _source(source))
        row.source = _source(source) or row.source
        row.applied_at = clock.now()
        row.outcome = {
            "read": passage.read, "imported": passage.result.imported, "updated": passage.result.updated,
            "unchanged": passage.result.unchanged, "rejected": passage.rejected,
            "reports": passage.result.reports, "intake": passage.result.intake_id,
        }  # fmt: skip
        row.save(update_fields=["source", "applied_at", "outcome"])
        audit.record(
            by=by, action="foreign.applied", object=f"foreign:{row.pk}",
            detail={**row.outcome, "form": file.plan.form, "period": file.plan.period},
        )  # fmt: skip
    return passage


def forget(*, by: Actor | str, scope: Scope, mapping_id: int) -> None:
    """Takes a kept mapping away; the next file of its source is asked about again."""
    owner = permissions.foreign_home(scope)
    with transaction.atomic():
        row = Mapping.objects.select_for_update().filter(pk=mapping_id, owner_id=owner.id).first()
        if row is None:
            raise Refusal("mapping.unknown", gettext_lazy("Không có cách đọc này."))
        audit.record(
            by=by, action="mapping.forgotten", object=f"mapping:{row.pk}", detail={"source": row.source}
        )
        row.delete()


def _own(by: Actor | str, token: str) -> ForeignFile:
    row = ForeignFile.objects.select_for_update().filter(token=token, by=ref_of(by)).first()
    if row is None:
        raise Refusal("mapping.unknown", gettext_lazy("Không có tệp này, hoặc tệp đã hết hạn giữ."))
    return row


def _source(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SOURCE]


def _pass(
    by: Actor | str, scope: Scope, file: Opened, *, dry_run: bool, all_or_nothing: bool, key: str
) -> Passage:
    layout = file.layout
    if layout is None:
        raise Refusal("mapping.no_table", gettext_lazy("Trang tính này không có bảng số liệu."))
    plan = file.plan
    form = catalogue.form(plan.form)
    period = workflow.check_period(form, plan.period)
    mapping.check_period(layout, period, plan.sure_of_period)
    elements = catalogue.current().elements
    found, bad = mapping.figures(layout, plan, form, elements)
    _check_targets(layout, plan, found)
    places = {place.code: place for place in permissions.foreign_reach(scope, period.last_day)}
    data, strangers = _data(found, plan, places)
    bad += strangers
    result = take_in(
        by=by, scope=scope, data=data, door="csv" if file.book.kind == "csv" else "excel",
        source=file.source, file=file.sha256, file_name=file.name, all_or_nothing=all_or_nothing,
        dry_run=dry_run, preview=dry_run, lang=plan.lang, key=key,
    )  # fmt: skip
    passage = Passage(result, tuple(bad), tuple(data))
    if all_or_nothing and passage.rejected:
        # Raised inside the transaction, so that nothing of the file stays.
        raise Refusal(
            "mapping.not_whole",
            gettext_lazy("Có ô không ghi được nên chưa ghi gì. Hãy sửa tệp, hoặc chọn ghi các ô đúng."),
        )
    return passage


def _key(token: str, plan: Plan, all_or_nothing: bool) -> str:
    """The same decision about the same file has the same key; another decision is another batch."""
    told = json.dumps([token, plan.stored(), all_or_nothing], sort_keys=True)
    return f"foreign-{hashlib.sha256(told.encode()).hexdigest()[:40]}"


def _check_targets(layout: Layout, plan: Plan, found: Sequence[Figure]) -> None:
    """Each column against each element that its figures would feed."""
    form = catalogue.form(plan.form)
    period = workflow.check_period(form, plan.period)
    elements = catalogue.current().elements
    columns = {column.index: column for column in layout.columns}
    if plan.rows is mapping.Lines.ELEMENTS:
        fed = [
            (index, code)
            for index, target in plan.columns.items()
            if target.to
            for code in set(plan.lines.values())
        ]
    else:
        fed = [(index, target.to) for index, target in plan.columns.items()]
    for index, code in fed:
        if index in columns and code in elements and code in form.elements:
            mapping.check_column(layout, columns[index], elements[code], period)
    if not found:
        raise Refusal(
            "mapping.nothing",
            gettext_lazy("Chưa có ô nào được nối với chỉ tiêu và đơn vị, nên không có gì để ghi."),
        )


def _data(
    found: Sequence[Figure], plan: Plan, places: dict[str, Place]
) -> tuple[list[Datum], list[Unreadable]]:
    """The figures as data of the import path; those of units out of reach stay outside and are named."""
    known = [one for one in found if one.unit in places]
    strange = [one for one in found if one.unit not in places]
    data = [
        Datum(
            index=index, place=one.place, unit_id=places[one.unit].id, form=plan.form, period=plan.period,
            element=one.element, number=one.number, text=one.text, split=one.split,
        )
        for index, one in enumerate(known)
    ]  # fmt: skip
    return data, [Unreadable(one.place, _stranger(one.unit), one.unit) for one in strange]


def _stranger(code: str) -> Refusal:
    return Refusal("unit.unknown", gettext_lazy("Không có đơn vị mang mã này."), unit=code)


def _remember(by: Actor | str, row: ForeignFile, file: Opened, source: str) -> None:
    layout = file.layout
    if layout is None:
        return
    now = clock.now()
    kept, _ = Mapping.objects.select_for_update().get_or_create(
        owner_id=row.owner_id, source=source,
        defaults={"at": now, "by": ref_of(by), "form": file.plan.form, "fingerprint": layout.fingerprint},
    )  # fmt: skip
    columns = {column.index: matching.heading_of(column) for column in layout.columns}
    rows = {row.index: matching.key_text(row) for row in layout.rows}
    decided = file.plan
    kept.fingerprint, kept.form, kept.by = layout.fingerprint, decided.form, ref_of(by)
    kept.heading = list(columns.values())
    kept.plan = {
        "rows": decided.rows.value, "unit": decided.unit, "lang": decided.lang,
        "headings": {columns[c]: list(target) for c, target in decided.columns.items() if c in columns},
        "lines": kept.plan.get("lines", {}) | {rows[r]: to for r, to in decided.lines.items() if r in rows},
    }  # fmt: skip
    kept.used, kept.used_at = kept.used + 1, now
    kept.save()
