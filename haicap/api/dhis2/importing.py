"""From a body to stored values: named, judged as DHIS2 judges, then by the same rules as the grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from haicap.api import actions as room
from haicap.api import queries
from haicap.api.dhis2 import completing, judging, typed
from haicap.api.dhis2.callers import Caller
from haicap.api.dhis2.conflicts import Conflict, conflict
from haicap.api.dhis2.decoding import AbortedError, Completion, Decoder, Entry
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.options import DELETE, Options
from haicap.api.dhis2.records import CODE, UID, Body, Record, Schemes
from haicap.api.dhis2.summaries import Summary
from haicap.api.queries import CellName
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Form
from haicap.reporting import actions
from haicap.reporting.actions import Datum, IntakeResult, Rejection, Strategy

DOOR = "dhis2"
# What our own rules call a reason, and what DHIS2 calls the nearest one
CODES = {
    "cell.twice": "E8128",
    "cell.unknown": "E8020",
    "report.unknown": "E8011",
    "report.not_yours": "E8010",
    "report.step": "E8033",
    "period.not_open": "E8030",
    "period.before_regime": "E8030",
    "period.kind": "E8021",
    "period.key": "E8100",
    "unit.closed": "E8031",
    "unit.not_obliged": "E8022",
    "unit.unknown": "E8022",
    "split.unknown": "E8024",
    "attribution.unknown": "E8023",
}
PARTS = {
    "E8010": "dataSet",
    "E8011": "orgUnit",
    "E8020": "dataElement",
    "E8021": "period",
    "E8022": "orgUnit",
    "E8023": "attributeOptionCombo",
    "E8024": "categoryOptionCombo",
    "E8030": "period",
    "E8031": "orgUnit",
    "E8033": "period",
    "E8100": "period",
}
OURS = "E8122"
NOT_COMPLETED = "The data set was not completed"


@dataclass(frozen=True, slots=True)
class Sent:
    """How the request is known again: its Idempotency-Key, and the SHA-256 of the body with its options."""

    key: str = ""
    digest: str = ""


UNKEYED = Sent()


def run(caller: Caller, body: Body, options: Options, lang: str, sent: Sent = UNKEYED) -> Summary:
    """Take in what may be taken in. A dry run does the same and takes it back."""
    summary = Summary(read=body.size, deleting=options.strategy == DELETE)
    for group in body.groups:
        group.data_set = group.data_set or options.data_set
        group.period = group.period or options.period
        group.org_unit = group.org_unit or options.org_unit
        group.attribute_option_combo = group.attribute_option_combo or options.attribute_option_combo
    names = Names(catalogue_queries.current(), schemes_of(body, options))
    decoder = Decoder(names)
    try:
        entries = list(decoder.entries(body))
        completions = list(decoder.completions(body))
    except AbortedError as aborted:
        summary.conflicts.append(aborted.conflict)
        summary.rejected = {record.index for group in body.groups for record in group.records}
        return summary
    completing.check_number(len(completions))
    good = _judged(entries, names, caller, options, summary)
    if options.atomic and summary.conflicts:
        _none_stored(len(good), entries, summary)
    elif good:
        _take_in(caller, good, completions, options, lang, sent, summary)
    else:
        _complete(caller, completions, options, summary)
    return summary


def _none_stored(valid: int, entries: Iterable[Entry], summary: Summary) -> None:
    summary.conflicts.append(conflict("E8000", valid, summary.read))
    summary.rejected |= {entry.record.index for entry in entries}


def schemes_of(body: Body, options: Options) -> Schemes:
    """The query goes before the payload; ADX names things by their codes where nobody says otherwise."""
    said = options.schemes.over(body.schemes)
    return Schemes(said.general or (CODE if body.adx else UID)).under(said)


def _judged(
    entries: Sequence[Entry], names: Names, caller: Caller, options: Options, summary: Summary
) -> list[tuple[Entry, str]]:
    """(entry, its value as its type writes it) of all that may go on."""
    by_form: dict[str, list[Entry]] = {}
    for entry in entries:
        by_form.setdefault(entry.form.code, []).append(entry)
    good: list[tuple[Entry, str]] = []
    for those in by_form.values():
        found = _whole_conflict(those[0].form, those, names, caller)
        if found is not None:
            summary.conflicts.append(found)
            summary.rejected |= {entry.record.index for entry in those}
            continue
        for entry in those:
            text, wrong = _valued(entry, options)
            if wrong is None:
                good.append((entry, text))
            else:
                summary.conflicts.append(wrong)
                summary.rejected.add(entry.record.index)
    return good


def _whole_conflict(form: Form, those: Sequence[Entry], names: Names, caller: Caller) -> Conflict | None:
    if not caller.writes(form.code):
        called = names.of_form(form)
        indexes = [entry.record.index for entry in those]
        objects = [("dataSet", called)]
        return conflict("E8010", called, indexes=indexes, part="dataSet", objects=objects)
    return judging.key_conflict(form, those, names, caller.scope) or judging.twins(those)


def _valued(entry: Entry, options: Options) -> tuple[str, Conflict | None]:
    assert entry.element is not None
    if _removes(entry.record, options):
        return "", None
    kind = typed.value_type(entry.element)
    text = typed.normalised((entry.record.value or "").strip(), kind)
    return text, judging.value_conflict(entry, text, kind)


def _take_in(
    caller: Caller,
    good: Sequence[tuple[Entry, str]],
    completions: Sequence[Completion],
    options: Options,
    lang: str,
    sent: Sent,
    summary: Summary,
) -> None:
    told: list[Summary] = []

    def then(result: IntakeResult) -> None:
        """Marks and completions are kept with the figures, or none of them."""
        wrong = {one.index for one in result.rejections}
        _follow_up(caller, [e for e, _text in good if e.record.index not in wrong], options)
        told[:] = [Summary(rejected=summary.rejected | wrong)]
        _complete(caller, completions, options, told[0])

    result = actions.take_in(
        by=caller.ref,
        scope=caller.scope,
        data=_data(good, options),
        door=DOOR,
        source=caller.username,
        file=sent.digest,
        strategy=Strategy[options.strategy],
        all_or_nothing=options.atomic,
        dry_run=options.dry_run,
        lang=lang,
        key=sent.key,
        then=then,
    )
    _count(result, [entry for entry, _text in good], options, summary)
    if told:
        summary.complete = told[0].complete
        summary.notes += told[0].notes
    elif result.repeated:
        # given back since, it is not sent in again by a replay
        done = completions and all(completing.is_complete(one) for one in completions)
        summary.complete = "true" if done else "false"
    else:
        summary.notes += [NOT_COMPLETED] * len(completions)


def _follow_up(caller: Caller, stored: Sequence[Entry], options: Options) -> None:
    """Marks are as sent: a figure that comes without one has none any more."""
    named = {_name(entry): entry.record for entry in stored}
    wanted = {name for name, record in named.items() if record.follow_up and not _removes(record, options)}
    there = queries.followed({name.unit_id for name in named}) & named.keys()
    if wanted != there:
        room.follow_up(by=caller.ref, marked=wanted - there, unmarked=there - wanted)


def _name(entry: Entry) -> CellName:
    assert entry.element is not None
    assert entry.unit is not None
    return CellName(
        entry.unit.id,
        entry.form.code,
        entry.period,
        entry.element.id,
        entry.split or "",
        entry.attribution or "",
    )


def _data(good: Sequence[tuple[Entry, str]], options: Options) -> Iterator[Datum]:
    for entry, text in good:
        record, element, unit = entry.record, entry.element, entry.unit
        assert element is not None
        assert unit is not None
        number = _number(text, element.kind)
        yield Datum(
            index=record.index,
            place=record.place,
            unit_id=unit.id,
            form=entry.form.code,
            period=entry.period,
            element=element.code,
            number=number,
            text="" if number is not None else text,
            split=entry.split or "",
            attribution=entry.attribution or "",
            remove=_removes(record, options),
            why=record.comment,
        )


def _removes(record: Record, options: Options) -> bool:
    return options.strategy == DELETE or record.deleted


def _number(text: str, kind: str) -> Decimal | None:
    if kind == "boolean":
        return {"true": Decimal(1), "false": Decimal(0)}.get(text)
    return typed.number_of(text) if kind == "number" else None


def _count(result: IntakeResult, good: Sequence[Entry], options: Options, summary: Summary) -> None:
    entries = {entry.record.index: entry for entry in good}
    summary.new += result.imported
    summary.changed += result.updated
    summary.unchanged += result.unchanged
    summary.removed += result.removed
    wrong = {one.index for one in result.rejections}
    for one in result.rejections:
        summary.conflicts.append(_conflict(one, entries[one.index]))
    summary.rejected |= wrong
    held = _held_conflicts(result, [entry for entry in good if entry.record.index not in wrong], options)
    summary.conflicts += held
    if options.atomic and (wrong or held):
        broken = wrong.union(*(one.indexes for one in held))
        _none_stored(len(entries.keys() - broken), good, summary)
    if result.repeated:
        summary.notes.append("This was sent before with the same key; nothing was done again")


def _held_conflicts(result: IntakeResult, good: Iterable[Entry], options: Options) -> list[Conflict]:
    """One for each report that breaks a hard check of a data set without approval."""
    if not result.held:
        return []
    of: dict[tuple[int, str, str], list[Entry]] = {}
    for entry in good:
        assert entry.unit is not None
        of.setdefault((entry.unit.id, entry.form.code, entry.period), []).append(entry)
    found = []
    for one in result.held:
        those = of[one.unit_id, one.form, one.period]
        first = those[0].record
        objects = (("dataSet", those[0].form.uid), ("period", first.period), ("orgUnit", first.org_unit))
        words = one.message if options.atomic else f"Kept as a draft: {one.message}"
        indexes = tuple(entry.record.index for entry in those)
        found.append(Conflict(OURS, words, indexes, "dataSet", objects))
    return found


def _conflict(one: Rejection, entry: Entry) -> Conflict:
    code = CODES.get(one.code, OURS)
    return Conflict(code, str(one.message), (one.index,), PARTS.get(code, "value"), entry.objects)


def _complete(caller: Caller, completions: Sequence[Completion], options: Options, summary: Summary) -> None:
    """Values are stored whether or not the report can be closed; what hinders it is said."""
    for one in completions:
        if options.dry_run or summary.rejected:
            summary.notes.append(NOT_COMPLETED)
            continue
        done = completing.complete(caller, one)
        if done.refusal:
            summary.notes.append(f"The data set was not completed: {done.refusal}")
        else:
            summary.complete = "true"
