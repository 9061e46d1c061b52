"""Random facts for the comparison: missing numbers, zeros, every origin, both sides of a year's end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import override_settings
from hypothesis import strategies as st

from haicap.core.periods import Rule
from haicap.dossiers.facts import DossierRow
from haicap.reporting.facts import FactRow, ObligationRow
from haicap.warehouse.queries.cells import Terms
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.warehouse.source import Room, fact, owed

UNITS = (1, 2, 3, 5, 8)
ELEMENTS = (11, 12, 13, 14)
PERIODS = ("2025-11", "2025-12", "2026-01", "2026-Q1")
NOW = datetime(2025, 12, 20, 10, 0, tzinfo=UTC)

numbers = st.one_of(
    st.none(),
    st.just(Decimal(0)),
    st.integers(0, 9).map(Decimal),
    st.decimals(min_value=-9_999_999, max_value=9_999_999, places=4),
)


@st.composite
def facts(draw: st.DrawFn) -> list[FactRow]:
    keys = draw(
        st.lists(
            st.tuples(
                st.sampled_from(UNITS),
                st.sampled_from(ELEMENTS),
                st.sampled_from(PERIODS),
                st.sampled_from(Rule),
                st.sampled_from(["corrected", "derived", "reported", "declared"]),
                st.sampled_from(["official", "official", "official", "plan"]),
                st.sampled_from(["", "", "", "male"]),
            ),
            unique=True,
            min_size=10,
            max_size=90,
        )
    )
    rows = []
    for unit, element, period, rule, origin, scenario, split in keys:
        number = draw(numbers)
        rows.append(
            fact(
                unit,
                element,
                number,
                period,
                rule=rule,
                origin=origin,
                scenario=scenario,
                split=split,
                form={"reported": "CQS-T", "declared": "declared"}.get(origin, "derived"),
                missing="" if number is not None else draw(st.sampled_from(["none", "unknown"])),
                status=draw(st.sampled_from(["accepted", "accepted", "provisional"])),
                grade=draw(st.sampled_from(["system", "proven", "declared", "inferred"])),
            )
        )
    return rows


coefficients = st.sampled_from([Decimal(1), Decimal(1), Decimal(-1), Decimal(100)])
fractions = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("-0.000001")])


def terms(coefficient: st.SearchStrategy[Decimal] = coefficients) -> st.SearchStrategy[Terms]:
    one = st.tuples(st.sampled_from(ELEMENTS), coefficient)
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda term: term[0]).map(tuple)


@st.composite
def obligations(draw: st.DrawFn) -> list[ObligationRow]:
    keys = draw(
        st.lists(
            st.tuples(st.sampled_from(UNITS), st.sampled_from(["A", "B"]), st.sampled_from(PERIODS)),
            unique=True,
            max_size=25,
        )
    )
    # Deadlines and submissions on either side of `NOW` and of each other, and exactly on them.
    seconds = st.sampled_from([-86_400, -1, 0, 1, 86_400])
    rows = []
    for unit, form, period in keys:
        deadline = NOW + timedelta(seconds=draw(seconds))
        came = draw(st.none() | seconds)
        submitted = None if came is None else deadline + timedelta(seconds=came)
        rows.append(owed(unit, deadline, submitted, period, form=form))
    return rows


@contextmanager
def stored(
    values: Iterable[FactRow] = (),
    owed: Iterable[ObligationRow] = (),
    dossiers: Iterable[DossierRow] = (),
) -> Iterator[None]:
    """A real warehouse of these rows, on disk, for the length of the block."""
    with TemporaryDirectory() as place, override_settings(WAREHOUSE_DIR=Path(place)):
        refresh(Room(values=list(values), obligations=list(owed), dossiers=list(dossiers)))
        yield
        store().close()
