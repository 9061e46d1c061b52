"""What the form offers, with what is chosen ticked: nothing that was chosen is lost, known or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haicap.accounts.scopes import Scope
from haicap.catalogue.queries import Catalogue, spoken
from haicap.core import clock, periods
from haicap.core.periods import Kind, Period, Rule
from haicap.desk.exploring import wordings
from haicap.desk.exploring.address import AXES, ITEMS, PERIODS, SPLIT, UNDER, UNITS, Address
from haicap.desk.exploring.asking import Wish, splits_offered
from haicap.desk.presenters import words
from haicap.insight.exploring.question import Item
from haicap.ui import wording
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level

# How many closed periods of each kind the pickers offer; older ones are written by their key.
OFFERED = {Kind.MONTH: 24, Kind.QUARTER: 8, Kind.HALF: 4, Kind.NINE_MONTHS: 2, Kind.YEAR: 3}
MOST_UNITS = 150


@dataclass(frozen=True)
class Option:
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True)
class Group:
    """One fold of the form; it stands open when something in it is chosen."""

    words: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.options)


def form(address: Address, asked: Wish, scope: Scope, catalogue: Catalogue) -> dict[str, Any]:
    """Context of the form."""
    first, last = address.span
    unit_groups = list(_units(address, scope))
    offered = {one.value for group in unit_groups for one in group.options}
    return {
        "item_groups": list(_items(address, asked.offered, catalogue)),
        "unit_groups": unit_groups,
        "other_units": ", ".join(code for code in address.units if code not in offered),
        "other_items": ", ".join(code for code in address.items if code not in asked.offered),
        "first_periods": _periods(first),
        "last_periods": _periods(last),
        "more_periods": address.more_periods,
        "splits": list(_splits(address, asked, catalogue)),
        "together": [
            Option("ky", _("Cộng các kỳ"), "ky" in address.together),
            Option("dv", _("Cộng các đơn vị"), "dv" in address.together),
        ],
        "across": [Option(name, said, name in address.across) for name, said in _axes()],
    }


def _axes() -> Iterator[tuple[str, str]]:
    said = {UNITS: _("Đơn vị"), PERIODS: _("Kỳ"), ITEMS: _("Số liệu"), SPLIT: _("Phần chia")}
    return ((name, said[name]) for name in AXES)


def _items(address: Address, known: Mapping[str, Item], catalogue: Catalogue) -> Iterator[Group]:
    """Indicators by pillar, then elements by the form that asks for them, each once."""
    lang = words.lang()
    pillars = [pillar.code for pillar in catalogue.pillars]
    for pillar in catalogue.pillars:
        said = _("Chỉ tiêu: %(name)s") % {"name": spoken(pillar.labels, lang)}
        yield from _group(said, (one.code for one in catalogue.indicators_of(pillar.code)), address, known)
    others = (one.code for one in catalogue.indicators.values() if one.pillar not in pillars)
    yield from _group(_("Số liệu đã công bố"), others, address, known)
    seen: set[str] = set()
    for form_ in catalogue.forms.values():
        codes = [code for code in form_.elements if code not in seen]
        seen |= set(codes)
        said = _("Phần tử của mẫu %(code)s: %(name)s") % {
            "code": form_.code,
            "name": spoken(form_.short_labels or form_.labels, lang),
        }
        yield from _group(said, codes, address, known)
    rest = (code for code in catalogue.elements if code not in seen)
    yield from _group(_("Phần tử không thuộc mẫu nào"), rest, address, known)


def _group(said: str, codes: Iterable[str], address: Address, known: Mapping[str, Item]) -> Iterator[Group]:
    items = [known[code] for code in codes if code in known]
    if items:
        yield Group(
            said,
            _chosen_first(
                Option(one.code, wordings.item_name(one), one.code in address.items) for one in items
            ),
        )


def _chosen_first(options: Iterable[Option]) -> tuple[Option, ...]:
    """A tick far down a long list would not be seen."""
    return tuple(sorted(options, key=lambda one: not one.chosen))


def _units(address: Address, scope: Scope) -> Iterator[Group]:
    """The reader's own units, and below each the units under it."""
    own = units.by_ids(dict.fromkeys(grant.unit_id for grant in scope.grants))
    for place in own.values():
        below = units.children(place.id)
        options = [Option(place.code, words.place_name(place), place.code in address.units)]
        if below:
            all_below = UNDER + place.code
            said = _("Từng đơn vị thuộc %(name)s (%(n)s)") % {
                "name": words.place_name(place),
                "n": words.number(len(below)),
            }
            options.insert(0, Option(all_below, said, all_below in address.units))
        yield Group(words.place_name(place), tuple(options))
        if below and len(below) <= MOST_UNITS:
            yield Group(
                _("Chọn từng đơn vị thuộc %(name)s") % {"name": words.place_name(place)},
                _chosen_first(_below(below, address)),
            )


def _below(places: Iterable[Place], address: Address) -> Iterator[Option]:
    for one in places:
        yield Option(one.code, f"{words.place_name(one)} ({one.code})", one.code in address.units)
        if one.level == Level.PROVINCE:
            under = UNDER + one.code
            said = _("Từng đơn vị thuộc %(name)s") % {"name": words.place_name(one)}
            yield Option(under, said, under in address.units)


def _periods(chosen: str) -> list[tuple[str, list[Option]]]:
    """By kind, newest first, the running one too; a chosen one that is not among them comes first."""
    groups, known = [], set()
    for kind, count in OFFERED.items():
        found = []
        for one in _latest(kind, count):
            known.add(one.key)
            found.append(Option(one.key, periods.label(one, words.lang()), one.key == chosen))
        groups.append((str(wording.KINDS[kind.value]), found))
    if chosen and chosen not in known:
        groups.insert(0, (_("Đang chọn"), [Option(chosen, chosen, True)]))
    return groups


def _latest(kind: Kind, count: int) -> list[Period]:
    last = periods.last_closed(kind, clock.today(), Rule.DECREE09)
    return [periods.shift(last, 1 - step) for step in range(count)]


def _splits(address: Address, asked: Wish, catalogue: Catalogue) -> Iterator[Option]:
    codes = splits_offered(asked.question.items, catalogue)
    if address.split and address.split not in codes:
        codes.append(address.split)
    for code in codes:
        yield Option(code, _split_words(code, catalogue), code == address.split)


def _split_words(code: str, catalogue: Catalogue) -> str:
    name, _dot, dimension = code.partition(".")
    combination = catalogue.combinations.get(name)
    if combination is None:
        return code
    said = spoken(combination.labels, words.lang()) or name
    for one in combination.dimensions:
        if one.code == dimension:
            return f"{said}: {spoken(one.labels, words.lang()) or dimension}"
    return said


def example(scope: Scope, known: Mapping[str, Item], catalogue: Catalogue) -> str:
    """A first question to begin with: the first indicator, the reader's units, the last closed period."""
    home = units.by_ids(grant.unit_id for grant in scope.grants)
    place = next(iter(home.values()), None)
    item = next((one for one in catalogue.scored if one.code in known), None)
    if place is None or item is None:
        return ""
    last = periods.last_closed(item.period_kind, clock.today(), item.rule)
    under = bool(units.children(place.id))
    code = f"{UNDER}{place.code}" if under else place.code
    return Address(items=(item.code,), units=(code,), periods=(last.key,)).query()
