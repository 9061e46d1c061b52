"""What the system counted itself, written beside what people report (docs/adr/0027).

A derived value follows its records until a report that holds it is sent. From then on the figure that was
sent stands, and what is counted later is kept beside it; a report that is returned or reopened lets it follow
again. What is counted for the first time when somebody has typed and sent the figure is kept beside it from
the start. The same content is a no-op: no event, no slice, no history.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit import bulk
from haicap.audit.actions import Actor
from haicap.audit.slices import Slice
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core import clock
from haicap.core.periods import Period

from ..models import Counting, DerivedHistory, DerivedValue, Report
from ..states import DERIVED, ROOM
from .signed import UNITS_PER_QUERY, Holder, Key, typed_and_sent


@dataclass(frozen=True, slots=True)
class DerivedFigure:
    """One count: `number` None where the records do not reach over the window, `records` how many stand
    behind it, `definition` the version of the element's definition."""

    unit_id: int
    element_id: int
    period: Period
    number: Decimal | None
    records: int
    definition: int


@dataclass(frozen=True, slots=True)
class DeriveResult:
    """`written`: figures that differ from the last counting; `moved`: those that changed in the facts."""

    written: int
    moved: int
    unchanged: int


class _Row(NamedTuple):
    """What stands of one value."""

    id: int
    number: Decimal | None
    records: int
    definition: int
    latest: Decimal | None
    latest_records: int
    latest_definition: int
    frozen: bool


_KEY = ("unit_id", "element_id", "period", "rule")
_STANDS = (
    "id", "number", "records", "definition", "latest", "latest_records", "latest_definition", "frozen_by_id",
)  # fmt: skip
_LATEST = ("latest", "latest_records", "latest_definition")
_FACT = ("number", "records", "definition")
_NEW = (
    "id", "unit_id", "element_id", "period", "kind", "rule", "start", "end", *_FACT, *_LATEST,
)  # fmt: skip
_HELD = ("frozen_by_id", "frozen_at")
_STEP = ("value_id", "act", "from_number", "to_number", "counted", "records", "definition")


def record_derived(
    *, by: Actor | str, values: Iterable[DerivedFigure], evidence: Mapping[str, Any], snapshot: str
) -> DeriveResult:
    """Write what was counted in `snapshot`; all of it or nothing. `evidence`, plain JSON, goes into the log:
    over which records and up to which day it was counted."""
    given = {_key(one): one for one in values}
    with transaction.atomic():
        stored = _stored(given.values())
        fresh = [key for key, one in given.items() if one.number is not None and _is_first(stored.get(key))]
        plan = _Plan(typed_and_sent(fresh))
        for key, one in given.items():
            plan.add(key, one, stored.get(key))
        written = len(plan.new) + len(plan.known)
        if written:
            told = {"read": len(given), "written": written, "snapshot": snapshot, **evidence}
            event = audit.record(
                by=by, action="figures.derived", object=DERIVED, detail=told, slices=sorted_slices(plan.moved)
            )
            _write(plan, event, snapshot)
    return DeriveResult(written, len(plan.moved), len(given) - written)


def _is_first(row: "_Row | None") -> bool:
    """Nothing of it stands in the facts yet."""
    return row is None or (row.number is None and not row.frozen)


def _key(one: DerivedFigure) -> Key:
    return one.unit_id, one.element_id, one.period.key, one.period.rule.value


def sorted_slices(moved: Iterable[tuple[str, int]]) -> list[Slice]:
    """Slices of (period key, unit)."""
    return [Slice(ROOM, DERIVED, period, unit) for period, unit in sorted(set(moved))]


def _stored(given: Collection[DerivedFigure]) -> dict[Key, _Row]:
    """Rows of these keys, locked: somebody may be sending a report that freezes them."""
    elements = {one.element_id for one in given}
    periods = {one.period.key for one in given}
    ids = sorted({one.unit_id for one in given})
    found: dict[Key, _Row] = {}
    for first in range(0, len(ids), UNITS_PER_QUERY):
        rows = (
            DerivedValue.objects.select_for_update()
            .filter(
                unit_id__in=ids[first : first + UNITS_PER_QUERY], period__in=periods, element_id__in=elements
            )
            .order_by("id")
            .values_list(*_KEY, *_STANDS)
        )
        for row in rows.iterator(chunk_size=10_000):
            found[row[:4]] = _Row._make((*row[4:-1], row[-1] is not None))
    return found


class _Plan:
    """Rows to write. `moved`: (period, unit) of what changes in the facts; `signed`: what was typed and sent
    before anything was counted."""

    def __init__(self, signed: Mapping[Key, Holder]) -> None:
        self.signed = signed
        self.new: list[DerivedFigure] = []
        self.known: list[tuple[DerivedFigure, _Row]] = []
        self.moved: list[tuple[str, int]] = []

    def add(self, key: Key, one: DerivedFigure, row: _Row | None) -> None:
        if row is None:
            if one.number is None:
                return
            self.new.append(one)
        elif (one.number, one.records, one.definition) == row[4:7]:
            return
        else:
            self.known.append((one, row))
            if row.frozen or one.number == row.number:
                return
        if key not in self.signed:
            self.moved.append((one.period.key, one.unit_id))

    def holder(self, one: DerivedFigure) -> Holder | None:
        return self.signed.get(_key(one))


def _write(plan: _Plan, event: int, snapshot: str) -> None:
    at = clock.now()
    later = {"latest_snapshot": snapshot, "latest_at": at}
    stamps = {"snapshot": snapshot, "at": at, **later}
    ids = bulk.draw_ids(DerivedValue, len(plan.new))
    fresh = list(zip(ids, plan.new, strict=True))
    rows = (
        (
            id_, one.unit_id, one.element_id, one.period.key, one.period.kind.value, one.period.rule.value,
            one.period.start, one.period.end, *_standing(plan, one), *_content(one), *_frozen(plan, one),
        )
        for id_, one in fresh
    )  # fmt: skip
    bulk.insert(DerivedValue, (*_NEW, *_HELD), rows, {"split": "", "attribution": "", **stamps})
    free = [(one, row) for one, row in plan.known if not row.frozen]
    held = [(one, row) for one, row in plan.known if row.frozen]
    bulk.update(
        DerivedValue,
        (*_FACT, *_LATEST, *_HELD),
        ((*_standing(plan, one), *_content(one), *_frozen(plan, one), row.id) for one, row in free),
        stamps,
    )
    bulk.update(DerivedValue, _LATEST, ((*_content(one), row.id) for one, row in held), later)
    counted = [(id_, None, one) for id_, one in fresh] + [(row.id, row.number, one) for one, row in free]
    steps: list[bulk.Row] = [
        (id_, _act(plan, one), before, _standing(plan, one)[0], *_content(one))
        for id_, before, one in counted
    ]
    steps += [(row.id, "later", row.number, row.number, *_content(one)) for one, row in held]
    bulk.insert(DerivedHistory, _STEP, steps, {"at": at, "event_id": event, "snapshot": snapshot})


def _act(plan: _Plan, one: DerivedFigure) -> str:
    return "later" if plan.holder(one) else "count"


def _standing(plan: _Plan, one: DerivedFigure) -> tuple[Decimal | None, int, int]:
    """What stands in the facts: nothing where somebody has typed and sent the figure before."""
    return (None, 0, one.definition) if plan.holder(one) else _content(one)


def _frozen(plan: _Plan, one: DerivedFigure) -> tuple[int | None, datetime | None]:
    return plan.holder(one) or (None, None)


def _content(one: DerivedFigure) -> tuple[Decimal | None, int, int]:
    return one.number, one.records, one.definition


class Sent(NamedTuple):
    """A report on its way up: when, by which event, and the elements that it holds."""

    at: datetime
    event: int
    report_id: int
    unit_id: int
    period: str
    rule: str
    element_ids: tuple[int, ...]


def sent_of(report: Report, form: Form, event: int) -> Sent:
    book = catalogue.current().elements
    ids = tuple(book[code].id for code in form.elements)
    return Sent(
        report.submitted_at or clock.now(), event, report.pk, report.unit_id, report.period, report.rule, ids
    )


def freeze(sent: Sequence[Sent]) -> int:
    """What was counted for these reports stands from now on; how many figures. Inside the transaction of the
    sending. Queries grow with the forms and periods, not with the reports."""
    together: dict[tuple[str, str, tuple[int, ...]], dict[int, Sent]] = {}
    for one in sent:
        together.setdefault(one[4:], {})[one.unit_id] = one
    rows, steps = [], []
    for (period, rule, element_ids), reports in together.items():
        units = sorted(reports)
        for first in range(0, len(units), UNITS_PER_QUERY):
            found = DerivedValue.objects.select_for_update().filter(
                unit_id__in=units[first : first + UNITS_PER_QUERY],
                period=period,
                rule=rule,
                element_id__in=element_ids,
                frozen_by=None,
                number__isnull=False,
            )
            # in the order in which a counting locks them: neither waits for the other in a ring
            for value in found.order_by("id"):
                one = reports[value.unit_id]
                value.frozen_by_id, value.frozen_at = one.report_id, one.at
                rows.append(value)
                steps.append(_step("freeze", value, value.number, one.event, one.at))
    DerivedValue.objects.bulk_update(rows, ["frozen_by", "frozen_at"], batch_size=500)
    DerivedHistory.objects.bulk_create(steps, batch_size=500)
    return len(rows)


class Loosened(NamedTuple):
    """Figures that follow their records again. `slices`: what that changes in the facts."""

    values: list[tuple[DerivedValue, Decimal | None]]
    slices: list[Slice]

    def remember(self, event: int) -> None:
        """Once the event that loosened them has its number."""
        at = clock.now()
        steps = [_step("thaw", value, before, event, at) for value, before in self.values]
        DerivedHistory.objects.bulk_create(steps, batch_size=500)


def loosen(report_ids: Collection[int]) -> Loosened:
    """The figures that were sent with these reports, which are with the commune again."""
    frozen = DerivedValue.objects.select_for_update().filter(frozen_by_id__in=list(report_ids))
    rows = list(frozen.order_by("id"))
    values = [(value, value.number) for value in rows]
    for value in rows:
        value.frozen_by, value.frozen_at = None, None
        value.number, value.records = value.latest, value.latest_records
        value.definition, value.snapshot = value.latest_definition, value.latest_snapshot
        value.at = value.latest_at
    fields = ["frozen_by", "frozen_at", *_FACT, "snapshot", "at"]
    DerivedValue.objects.bulk_update(rows, fields, batch_size=500)
    moved = [(value.period, value.unit_id) for value, before in values if before != value.number]
    return Loosened(values, sorted_slices(moved))


def _step(act: str, value: DerivedValue, before: Decimal | None, event: int, at: datetime) -> DerivedHistory:
    """`before`: what stood in the facts until now."""
    return DerivedHistory(
        value=value,
        at=at,
        event_id=event,
        act=act,
        from_number=before,
        to_number=value.number,
        counted=value.latest,
        records=value.records,
        definition=value.definition,
        snapshot=value.snapshot,
    )


def counted_from() -> str:
    """The mark under which the derived values were counted last; "" before the first time."""
    return Counting.objects.values_list("mark", flat=True).first() or ""


def note_counting(*, mark: str, snapshot: str) -> None:
    """Everything that follows from `mark` is recorded. Nobody's decision, so it is no event of the log."""
    Counting.objects.update_or_create(pk=1, defaults={"mark": mark, "snapshot": snapshot, "at": clock.now()})
