"""From names to things: every record of a body with its form, element, unit, period, split and attribution.

A name that is no name at all ends the whole import, for then nobody knows what was meant. A uid that names
nothing is kept: what it means for the data set it was sent for is judged later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from haicap.api.dhis2 import periodids
from haicap.api.dhis2.conflicts import Conflict, conflict
from haicap.api.dhis2.naming import Names, is_uid
from haicap.api.dhis2.records import UID, Body, Group, Record
from haicap.catalogue.queries import Element, Form
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule
from haicap.units.places import Place


class AbortedError(Exception):
    """Nothing of the body can be taken in."""

    def __init__(self, found: Conflict) -> None:
        super().__init__(found.message)
        self.conflict = found


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with what its names stand for; None where a uid stands for nothing."""

    record: Record
    form: Form
    element: Element | None
    unit: Place | None
    period: str
    split: str | None
    attribution: str | None

    @property
    def key(self) -> tuple[object, ...]:
        return (
            self.unit.id if self.unit else self.record.org_unit,
            self.period,
            self.element.code if self.element else self.record.data_element,
            self.split,
            self.attribution,
        )

    @property
    def objects(self) -> tuple[tuple[str, str], ...]:
        """part → what was sent, for the conflicts about this one value."""
        sent = (
            ("dataElement", self.record.data_element),
            ("period", self.record.period),
            ("orgUnit", self.record.org_unit),
            ("categoryOptionCombo", self.record.category_option_combo),
            ("attributeOptionCombo", self.record.attribute_option_combo),
        )
        return tuple((part, text) for part, text in sent if text)


@dataclass(frozen=True, slots=True)
class Completion:
    """A data set that the sender declares complete."""

    form: Form
    unit: Place
    period: str
    attribution: str


class Decoder:
    def __init__(self, names: Names) -> None:
        self.names = names
        self._keys: dict[str, str] = {}
        self._days: dict[tuple[str, Rule], date] = {}
        self._collects: dict[tuple[str, str, str], Form] = {}
        self._forms: dict[tuple[str, Kind], list[Form]] = {}
        # a regime that ended collects nothing more: who means it names its data set
        for form in names.catalogue.running(clock.today()):
            for code in form.elements:
                self._forms.setdefault((code, form.kind), []).append(form)

    def entries(self, body: Body) -> Iterator[Entry]:
        """Raises AbortedError."""
        for group in body.groups:
            form = self._form(group)
            attribution = self._group_attribution(group, form)
            for bare in group.records:
                yield self._entry(bare.within(group), group, form, attribution)

    def completions(self, body: Body) -> Iterator[Completion]:
        """Raises AbortedError: a completion names data set, unit and period, and a day."""
        for group in body.groups:
            if not group.complete_date:
                continue
            try:
                date.fromisoformat(group.complete_date[:10])
            except ValueError:
                raise AbortedError(conflict("E8008", group.complete_date)) from None
            form = self._form(group)
            if form is None or not group.period or not group.org_unit:
                raise AbortedError(conflict("E8009"))
            record = Record(-1, "completeDate", period=group.period, org_unit=group.org_unit)
            key = self._period(record)
            unit = self._unit(record, key, form)
            attribution = self._group_attribution(group, form) or ""
            if unit is not None:
                yield Completion(form, unit, key, attribution)

    def _form(self, group: Group) -> Form | None:
        if not group.data_set:
            return None
        found = self.names.form(group.data_set)
        if found is None:
            by_uid = self.names.schemes.of("data_sets") == UID
            code = "E8004" if by_uid and not is_uid(group.data_set) else "E8005"
            raise AbortedError(
                conflict(code, group.data_set, part="dataSet", objects=[("dataSet", group.data_set)])
            )
        return found

    def _group_attribution(self, group: Group, form: Form | None) -> str | None:
        """From the options of an ADX group; None where there are none to read."""
        if group.attribute_option_combo or not group.options:
            return None
        if form is None:
            raise AbortedError(conflict("E8101", "*"))
        found = self.names.options(form.combination, dict(group.options))
        if found is None:
            told = ", ".join(f"{name}={option}" for name, option in group.options)
            raise AbortedError(conflict("E8110", "*", told, part="attributeOptionCombo"))
        return found

    def _entry(self, record: Record, group: Group, form: Form | None, attribution: str | None) -> Entry:
        key = self._period(record)
        element = self._element(record)
        chosen = form or self._collecting_once(record, element, key)
        unit = self._unit(record, key, chosen)
        split = self._split(record, element)
        if record.attribute_option_combo or attribution is None:
            attribution = self._combo(record, record.attribute_option_combo, "attributeOptionCombo")
        return Entry(record, chosen, element, unit, key, split, attribution)

    def _period(self, record: Record) -> str:
        if record.period not in self._keys:
            try:
                self._keys[record.period] = periodids.key_of(record.period)
            except Refusal:
                raise self._abort(record, "E8100", record.period, "period") from None
        return self._keys[record.period]

    def _last_day(self, key: str, rule: Rule) -> date:
        if (key, rule) not in self._days:
            self._days[key, rule] = periods.parse(key, rule).last_day
        return self._days[key, rule]

    def _element(self, record: Record) -> Element | None:
        name = record.data_element
        if not name:
            raise self._abort(record, "E8102", "", "dataElement")
        found = self.names.element(name)
        if found is None:
            self._check_uid(record, name, "data_elements", "E8103", "E8104", "dataElement")
        return found

    def _unit(self, record: Record, key: str, form: Form | None) -> Place | None:
        name = record.org_unit
        if not name:
            raise self._abort(record, "E8105", "", "orgUnit")
        found = self.names.unit(name, self._last_day(key, form.rule if form else Rule.CALENDAR))
        if found is None:
            self._check_uid(record, name, "org_units", "E8107", "E8106", "orgUnit")
        return found

    def _split(self, record: Record, element: Element | None) -> str | None:
        if record.options and not record.category_option_combo:
            found = self.names.options(element.combination, dict(record.options)) if element else None
            if found is None:
                told = ", ".join(f"{name}={option}" for name, option in record.options)
                raise self._abort(record, "E8108", told, "categoryOptionCombo")
            return found
        return self._combo(record, record.category_option_combo, "categoryOptionCombo")

    def _combo(self, record: Record, name: str, part: str) -> str | None:
        found = self.names.split(name)
        if found is None:
            codes = ("E8108", "E8109") if part == "categoryOptionCombo" else ("E8110", "E8111")
            self._check_uid(record, name, "option_combos", *codes, part)
        return found

    def _check_uid(
        self, record: Record, name: str, what: str, unknown: str, malformed: str, part: str
    ) -> None:
        if self.names.schemes.of(what) != UID:
            raise self._abort(record, unknown, name, part)
        if not is_uid(name):
            raise self._abort(record, malformed, name, part)

    def _abort(self, record: Record, code: str, name: str, part: str) -> AbortedError:
        objects = [(part, name)] if name else []
        indexes = [record.index] if record.index >= 0 else []
        return AbortedError(conflict(code, record.index, name, indexes=indexes, part=part, objects=objects))

    def _collecting_once(self, record: Record, element: Element | None, key: str) -> Form:
        asked = (record.data_element, key, record.attribute_option_combo)
        if asked not in self._collects:
            self._collects[asked] = self._collecting(record, element, key)
        return self._collects[asked]

    def _collecting(self, record: Record, element: Element | None, key: str) -> Form:
        """The one form that collects the element for such periods, where the sender named none."""
        if element is None:
            raise self._abort_element(record, "E8003", record.data_element)
        kind = periods.parse(key).kind
        fitting = self._forms.get((element.code, kind), [])
        if not fitting:
            running = self.names.catalogue.running(clock.today())
            fitting = [form for form in running if element.code in form.elements]
        if not fitting:
            raise self._abort_element(record, "E8003", record.data_element)
        if len(fitting) > 1:
            attribution = self.names.split(record.attribute_option_combo)
            fitting = [one for one in fitting if attribution in (one.attributions or ("",))] or fitting
        if len(fitting) > 1:
            raise self._abort_element(record, "E8002", [self.names.of_form(form) for form in fitting])
        return fitting[0]

    def _abort_element(self, record: Record, code: str, told: object) -> AbortedError:
        objects = [("dataElement", record.data_element)]
        return AbortedError(conflict(code, told, indexes=[record.index], part="dataElement", objects=objects))
