"""May these values be stored at all? First what belongs together, then each value alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from haicap.accounts.scopes import Scope
from haicap.api.dhis2 import typed
from haicap.api.dhis2.conflicts import Conflict, conflict
from haicap.api.dhis2.decoding import Entry
from haicap.api.dhis2.naming import Names
from haicap.catalogue.queries import Catalogue, Form
from haicap.core import periods

LONGEST_COMMENT = 500
Broken = Callable[[Entry], bool]
SENT: dict[str, Callable[[Entry], str]] = {
    "orgUnit": lambda entry: entry.record.org_unit,
    "dataElement": lambda entry: entry.record.data_element,
    "period": lambda entry: entry.record.period,
    "attributeOptionCombo": lambda entry: entry.record.attribute_option_combo or "default",
}


def key_conflict(form: Form, entries: Sequence[Entry], names: Names, scope: Scope) -> Conflict | None:
    """The first reason for which nothing of what was sent for this data set is stored, or None."""
    called = names.of_form(form)
    own = set(form.elements)
    one_each = {part: list({sent(entry): entry for entry in entries}.values()) for part, sent in SENT.items()}
    one_each["orgUnit"] = list({(e.record.org_unit, e.period): e for e in entries}.values())
    one_each["attributeOptionCombo"] = list({(e.attribution, e.period): e for e in entries}.values())
    rules: list[tuple[str, str, Broken]] = [
        ("E8011", "orgUnit", lambda e: e.unit is not None and not scope.sees(e.unit)),
        ("E8020", "dataElement", lambda e: e.element is None or e.element.code not in own),
        ("E8022", "orgUnit", lambda e: not _reports(form, e)),
        ("E8021", "period", lambda e: periods.parse(e.period).kind is not form.kind),
        ("E8023", "attributeOptionCombo", lambda e: not _attributed(form, e)),
        ("E8032", "attributeOptionCombo", lambda e: not _in_use(form, e, names.catalogue)),
    ]
    for code, part, broken in rules:
        sent = SENT[part]
        wrong = list(dict.fromkeys(sent(entry) for entry in one_each[part] if broken(entry)))
        if wrong:
            told: tuple[object, ...] = (wrong,) if code == "E8011" else (called, wrong)
            return _whole(code, told, part, wrong[0], called, entries)
    return _split_conflict(called, entries)


def _split_conflict(called: str, entries: Sequence[Entry]) -> Conflict | None:
    """Splits belong to their element; where it has some, no total is stored beside them."""
    wrong: dict[str, list[str]] = {}
    for entry in entries:
        if entry.element is not None and entry.split not in (entry.element.splits or ("",)):
            wrong.setdefault(entry.record.data_element, []).append(
                entry.record.category_option_combo or "default"
            )
    for element, combos in wrong.items():
        listed = list(dict.fromkeys(combos))
        return _whole("E8024", (called, element, listed), "categoryOptionCombo", listed[0], called, entries)
    return None


def _whole(
    code: str, told: tuple[object, ...], part: str, wrong: str, called: str, entries: Iterable[Entry]
) -> Conflict:
    indexes = (entry.record.index for entry in entries)
    return conflict(code, *told, indexes=indexes, part=part, objects=[(part, wrong), ("dataSet", called)])


def twins(entries: Sequence[Entry]) -> Conflict | None:
    """Several values for one cell: nobody knows which is meant, so none of the data set is stored."""
    seen: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        seen.setdefault(entry.key, []).append(entry)
    for same in seen.values():
        if len(same) > 1:
            told = [entry.record.index for entry in same]
            cell = "/".join(text for _part, text in same[0].objects)
            indexes = (entry.record.index for entry in entries)
            return conflict("E8128", told, cell, indexes=indexes, objects=same[0].objects)
    return None


def value_conflict(entry: Entry, text: str, kind: str) -> Conflict | None:
    """What is wrong with this one value; `text` is the value as its type writes it."""
    index, element = entry.record.index, entry.element
    assert element is not None

    def about(code: str, *told: object) -> Conflict:
        return conflict(code, index, *told, indexes=[index], objects=entry.objects)

    if not text:
        return about("E8120")
    if element.options or element.kind == "option":
        return None if text in element.options else about("E8123", text[:80], entry.record.data_element)
    fault = typed.fault(text, kind)
    if fault:
        return about("E8122", text[:80], kind, fault)
    if len(entry.record.comment) > LONGEST_COMMENT:
        return about("E8125", LONGEST_COMMENT)
    return None


def _reports(form: Form, entry: Entry) -> bool:
    if entry.unit is None:
        return False
    period = periods.parse(entry.period, form.rule)
    # whether the unit existed then is a question of its own, answered with the period
    return form.owed_by(entry.unit, period.last_day) or not entry.unit.holds_on(period.last_day)


def _in_use(form: Form, entry: Entry, catalogue: Catalogue) -> bool:
    """Every option of the attribution is in use on some day of the period."""
    split = catalogue.splits.get(entry.attribution or "")
    combination = catalogue.combinations.get(form.combination)
    if split is None or combination is None:
        return True
    period = periods.parse(entry.period, form.rule)
    options = [one for each in combination.dimensions for one in each.options if one.uid in split.options]
    return all(
        (one.starts is None or one.starts <= period.last_day)
        and (one.ends is None or period.start <= one.ends)
        for one in options
    )


def _attributed(form: Form, entry: Entry) -> bool:
    if form.attributions:
        return entry.attribution in form.attributions
    return entry.attribution == ""
