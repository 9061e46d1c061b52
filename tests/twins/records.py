"""What elements count over dossiers once more: record by record, in plain Python; random records."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from haicap.catalogue.derivations import Condition, Count, Derivation, Sign, Window
from haicap.core.periods import Kind, Period, Rule, containing, parse
from haicap.dossiers.facts import DossierRow

UNITS = (1, 2, 3)
FIRST, LAST = date(2026, 1, 1), date(2026, 5, 31)
WITHDRAWN, OVER = (3, 7, 8), (9, 10)

days = st.dates(FIRST, LAST)


@st.composite
def dossiers(draw: st.DrawFn) -> list[DossierRow]:
    return [draw(_dossier()) for _ in range(draw(st.integers(0, 40)))]


@st.composite
def _dossier(draw: st.DrawFn) -> DossierRow:
    received = draw(days)
    due = draw(st.none() | st.integers(0, 30).map(lambda n: received + timedelta(days=n)))
    finished = draw(st.none() | st.integers(0, 60).map(lambda n: received + timedelta(days=n)))
    return dossier(
        draw(st.sampled_from(UNITS)),
        received,
        due,
        finished,
        procedure=draw(st.sampled_from(["1.001", "1.002", "2.001"])),
        channel=draw(st.sampled_from([1, 2, 3])),
        level=draw(st.sampled_from(["full", "part", "info", ""])),
        status=draw(st.sampled_from([1, 2, 4, 7, 9, 10])),
        fee=draw(st.sampled_from([None, Decimal(0), Decimal("15000"), Decimal("2.5")])),
        paid_online=draw(st.sampled_from([None, 0, 1])),
        satisfaction=draw(st.sampled_from([None, 1, 4, 5])),
    )


def dossier(
    unit: int,
    received: date,
    due: date | None = None,
    finished: date | None = None,
    *,
    procedure: str = "1.001",
    channel: int = 1,
    level: str = "info",
    status: int = 4,
    fee: Decimal | None = None,
    paid_online: int | None = None,
    satisfaction: int | None = None,
) -> DossierRow:
    month = containing(received, Kind.MONTH, Rule.CALENDAR)
    late = None if due is None or finished is None else int(finished > due)
    return DossierRow(
        unit, "dossiers", month.key, "month", "calendar", month.start, month.end, procedure, channel, level,
        "", received, due, finished, late, "", status, fee, paid_online, None, None, satisfaction, 1,
    )  # fmt: skip


WINDOWS = [parse(f"2026-0{n}", Rule.DECREE09) for n in range(1, 6)]
WINDOWS += [parse(f"2026-0{n}", Rule.CALENDAR) for n in range(1, 5)]
WINDOWS += [parse("2026-Q1", Rule.CALENDAR), parse("2026-Q1", Rule.DECREE09), parse("2026-02-03..2026-02-20")]

conditions = st.sampled_from(
    [
        Condition("channel", Sign.AMONG, ("2",)),
        Condition("level", Sign.AMONG, ("full", "part")),
        Condition("fee", Sign.MORE_THAN, ("0",)),
        Condition("fee", Sign.AT_MOST, ("2.5",)),
        Condition("satisfaction", Sign.AT_LEAST, ("4",)),
        Condition("late", Sign.AMONG, ("0",)),
        Condition("paid_online", Sign.AMONG, ("1",)),
    ]
)


@st.composite
def definitions(draw: st.DrawFn) -> Derivation:
    count, of = draw(
        st.sampled_from(
            [(Count.ROWS, ""), (Count.DISTINCT, "procedure"), (Count.SUM, "fee"), (Count.SUM, "late")]
        )
    )
    where = draw(st.lists(conditions, max_size=2, unique_by=lambda one: one.column))
    return Derivation("dossiers", count, of, draw(st.sampled_from(Window)), tuple(where))


def belongs(row: DossierRow, kind: Window, window: Period) -> bool:
    def inside(day: date | None) -> bool:
        return day is not None and window.start <= day < window.end

    if kind is Window.RECEIVED:
        return inside(row.received)
    if row.status in WITHDRAWN:
        return False
    if kind is Window.FINISHED:
        return inside(row.finished)
    if kind is Window.DUE:
        return inside(row.due)
    stands = row.received < window.end
    stands = stands and (row.finished >= window.end if row.finished else row.status not in OVER)
    if kind is Window.OPEN_AT_END:
        return stands
    overdue = stands and row.due is not None and row.due < window.end
    return overdue or (kind is Window.FINISHED_OR_OVERDUE and inside(row.finished))


def meets(row: DossierRow, one: Condition) -> bool:
    value = getattr(row, one.column)
    if value is None:
        return False
    if one.sign is Sign.AMONG:
        return str(value) in one.values
    bound = Decimal(one.values[0])
    return {
        Sign.MORE_THAN: value > bound,
        Sign.AT_LEAST: value >= bound,
        Sign.AT_MOST: value <= bound,
    }[one.sign]


SILENT = {"channel", "level", "fee", "paid_online", "satisfaction"}


def counted(rows: Iterable[DossierRow], one: Derivation, window: Period) -> tuple[Decimal | None, int] | None:
    """Number and records; None where no record belongs to the window at all."""
    mine = [row for row in rows if belongs(row, one.window, window)]
    if not mine:
        return None
    chosen = [row for row in mine if all(meets(row, condition) for condition in one.where)]
    asked = [one.of] if one.of else []
    asked += [condition.column for condition in one.where]
    asked = [name for name in asked if name in SILENT]
    said = [row for row in mine if all(getattr(row, name) not in (None, "") for name in asked)]
    if asked and not said:
        return None, len(chosen)
    if one.count is Count.ROWS:
        return Decimal(len(chosen)), len(chosen)
    if one.count is Count.DISTINCT:
        return Decimal(len({row.procedure for row in chosen})), len(chosen)
    return sum((Decimal(getattr(row, one.of) or 0) for row in chosen), Decimal(0)), len(chosen)


def all_counted(
    rows: Sequence[DossierRow], asked: Sequence[Derivation], windows: Sequence[Period], units: Iterable[int]
) -> dict[tuple[int, str, str, int], tuple[Decimal | None, int]]:
    """(unit, window, its rule, place of the definition) → number and records."""
    found = {}
    for unit in units:
        mine = [row for row in rows if row.unit_id == unit]
        for window in windows:
            for place, one in enumerate(asked):
                figure = counted(mine, one, window)
                if figure is not None:
                    found[unit, window.key, window.rule.value, place] = figure
    return found
