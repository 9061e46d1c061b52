"""How far each element moves from period to period, learnt from all units, for the detector of slips."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.db import transaction

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core import clock, periods
from haicap.core.plausible import expectation, pooled_spread

from ..models import Spread, Value
from ..policies.plausible import SEASONS
from ..states import FACTS

BACK = 30
# The middle of two hundred series is as good as that of three thousand, and known sooner.
MOST_UNITS = 200
LONGEST = 24


def learn_spreads() -> int:
    """Measure every element anew; returns how many have a spread. Run by the clock: it decides nothing and
    changes no figure, so no event is written."""
    found = {}
    for form in catalogue.current().forms.values():
        for element_id, series in _series(form):
            spread = pooled_spread([expectation(one, SEASONS.get(form.kind, 1)) for one in series])
            if spread is not None:
                found[element_id] = spread
    now = clock.now()
    rows = [Spread(element_id=element, spread=spread, at=now) for element, spread in found.items()]
    with transaction.atomic():
        Spread.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["element"],
            update_fields=["spread", "at"],
            batch_size=500,
        )
    return len(rows)


def _series(form: Form) -> Iterator[tuple[int, list[list[Decimal | None]]]]:
    """Element → the series of some units, oldest first, None where nothing was reported."""
    last = periods.last_closed(form.kind, clock.today(), form.rule)
    keys = [periods.shift(last, -step).key for step in range(BACK)][::-1]
    facts = Value.objects.filter(
        report__form=form.code, report__period__in=keys, report__state__in=FACTS, split="", attribution="",
        scenario="official", number__isnull=False,
    )  # fmt: skip
    units = sorted(set(facts.values_list("report__unit_id", flat=True)))
    some = units[:: max(1, len(units) // MOST_UNITS)][:MOST_UNITS]
    book = catalogue.current().elements
    for code in form.elements:
        if book[code].kind != "number":
            continue
        rows = facts.filter(element_id=book[code].id, report__unit_id__in=some)
        by_unit: dict[int, dict[str, Decimal | None]] = {}
        for unit, key, number in rows.values_list("report__unit_id", "report__period", "number"):
            by_unit.setdefault(unit, {})[key] = number
        yield book[code].id, [_line(keys, by_key) for by_key in by_unit.values()]


def _line(keys: list[str], by_key: Mapping[str, Decimal | None]) -> list[Decimal | None]:
    first = next(at for at, key in enumerate(keys) if key in by_key)
    return [by_key.get(key) for key in keys[first:]][-LONGEST:]
