"""Drafts of units that merge, added up as a draft of the unit that they became; and back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Element, Form
from haicap.core import clock
from haicap.core.counts import Adds
from haicap.core.periods import Rule, parse
from haicap.units import queries as units
from haicap.units.succession import Change, hangs

from ..models import DeclaredValue, Report, Value, ValueChange
from ..policies import workflow
from ..states import EDITABLE, State
from .opening import blank

Made = dict[str, int]
# A sum is a beginning: whoever fills the new unit's report may correct it, unlike a figure of the system.
DOOR = "merger"
BEGUN = (*EDITABLE, State.READY)


def add_up(*, by: Actor | str, change: Change, begun: Mapping[int, int]) -> list[Made]:
    """`begun`: old unit → new unit whose draft its running reports are added to; returns what was made.

    A cell is filled only where every unit that goes into the new one has a figure and figures of that
    element may be added: the sum of some of them would look like the figure of all.
    """
    # Held until the act is carried out: what somebody types meanwhile is in the sum or comes too late.
    rows = Report.objects.select_for_update(of=("self",)).filter(
        unit_id__in=list(begun), end__gt=change.on, state__in=BEGUN
    )
    groups: dict[tuple[int, str, str, str], list[Report]] = defaultdict(list)
    for report in sorted(rows.order_by("id"), key=lambda row: units.by_id(row.unit_id).code):
        groups[begun[report.unit_id], report.form, report.period, report.rule].append(report)
    made = []
    for (new_id, code, key, rule), reports in sorted(groups.items()):
        form = catalogue.current().forms.get(code)
        if form is None or len(reports) < _contributors(change, new_id):
            continue
        period = parse(key, Rule(rule))
        place = units.by_id(new_id)
        if workflow.is_obliged(form, place, period) and workflow.is_open(form, period, clock.now()):
            fresh = blank(form, period, new_id, ref_of(by), clock.now(), calendar.deadline(form, period))
            made += _draft(fresh, form, reports, ref_of(by))
    return made


def _contributors(change: Change, new_id: int) -> int:
    key = next(key for key, id in change.ids.items() if id == new_id)
    return len({share.old for share in change.shares if share.new == key})


def _draft(fresh: Report, form: Form, reports: Sequence[Report], by: str) -> list[Made]:
    sums = _sums(form, reports)
    if not sums:
        return []
    fresh.state, fresh.version, fresh.content_version = State.DRAFT.value, 1, 1
    fresh.save()
    names = ", ".join(units.by_id(report.unit_id).full_name for report in reports)
    why = (_("Cộng từ báo cáo đang nhập của %(units)s") % {"units": names})[:500]
    now, book = clock.now(), catalogue.current().elements
    about = {"report": fresh, "door": DOOR, "changed_at": now, "changed_by": by}
    values = [Value(element_id=book[code].id, number=number, **about) for code, number in sums.items()]
    Value.objects.bulk_create(values)
    ValueChange.objects.bulk_create(
        ValueChange(value=value, at=now, by=by, door=DOOR, to_number=value.number, why=why)
        for value in values
    )
    return [{"report": fresh.pk, "version": fresh.version}]


def _sums(form: Form, reports: Sequence[Report]) -> dict[str, Decimal]:
    book = catalogue.current().elements
    codes = {book[code].id: code for code in form.elements if adds(book[code], len(reports))}
    found: dict[str, list[Decimal]] = defaultdict(list)
    rows = Value.objects.filter(
        report__in=reports, element_id__in=codes, split="", attribution="", scenario="official", raw=""
    )
    for element_id, number in rows.filter(number__isnull=False).values_list("element_id", "number"):
        if number is not None:
            found[codes[element_id]].append(number)
    return {code: sum(found[code], Decimal(0)) for code in form.elements if len(found[code]) == len(reports)}


def adds(element: Element, parts: int) -> bool:
    return element.kind == "number" and (parts == 1 or element.measure.over_units is Adds.SUM)


def take_away(*, change: Change, made: Sequence[Made]) -> int:
    """Remove what `add_up` made and the blank reports that were opened since; returns how many.

    Refusal merger.hangs when a figure was typed, or a step taken, in a report of a new unit.
    """
    news = list(change.new_ids)
    if DeclaredValue.objects.filter(unit_id__in=news).exists():
        raise hangs(_("Đã có số liệu công bố cho đơn vị mới."))
    as_made = {one["report"]: one["version"] for one in made}
    reports = list(Report.objects.select_for_update().filter(unit_id__in=news))
    empty = Report.objects.filter(unit_id__in=news, state=State.OPEN, values__isnull=True)
    untouched = set(empty.values_list("pk", flat=True))
    busy = [r for r in reports if r.pk not in untouched and as_made.get(r.pk) != r.version]
    if busy:
        raise hangs(_("Đơn vị mới đã có %(n)s báo cáo được nhập hoặc gửi.") % {"n": len(busy)})
    ids = [report.pk for report in reports]
    try:
        ValueChange.objects.filter(value__report__in=ids).delete()
        Value.objects.filter(report__in=ids).delete()
        Report.objects.filter(pk__in=ids).delete()
    except (ProtectedError, IntegrityError) as error:
        raise hangs(_("Đã có dữ liệu khác gắn với báo cáo của đơn vị mới.")) from error
    return len(ids)
