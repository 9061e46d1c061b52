"""From records of a body to the one import path, and the answer with every record accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.accounts.scopes import Scope
from haicap.api.intake.v1.records import MOST_WRONG, Record, Wrong
from haicap.api.queries import Key
from haicap.catalogue import queries as catalogue
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.reporting.actions import Datum, IntakeResult, Rejection, Strategy, take_in
from haicap.ui import wording
from haicap.units import queries as units

DOOR = "api"
# Answers stay readable: what is beyond is counted, and said to be left out.
MOST_REJECTIONS = 10_000


@dataclass(frozen=True, slots=True)
class Wish:
    """How the caller wants it taken: `whole` means all or nothing."""

    strategy: Strategy
    whole: bool
    dry_run: bool
    key: str
    digest: str


@dataclass
class Desk:
    """Looks codes up, each once, and keeps what could not be understood."""

    key: Key
    wrong: list[Rejection] = field(default_factory=list)
    read: int = 0
    _windows: dict[tuple[str, str], Period | Refusal] = field(default_factory=dict)
    _units: dict[tuple[str, str], int | Refusal] = field(default_factory=dict)

    def data(self, records: Iterable[Record | Wrong]) -> Iterator[Datum]:
        for one in records:
            self.read += 1
            if len(self.wrong) > MOST_WRONG:
                raise Refusal("body.broken", _("Dữ liệu gửi đến không đọc được."), place=one.place)
            if isinstance(one, Wrong):
                self.wrong.append(_rejection(one.index, one.place, one.code, one.message))
                continue
            try:
                yield self._datum(one)
            except Refusal as refusal:
                code, words = refusal.code, wording.refusal(refusal)
                self.wrong.append(_rejection(one.index, one.place, code, words, one.element))

    def _datum(self, one: Record) -> Datum:
        form = one.form or self._collecting(one)
        if not self.key.allows(form):
            raise Refusal("key.form", _("Khóa này không được gửi mẫu này."), place="form")
        window = self._window(form, one.period)
        return Datum(
            index=one.index,
            place=one.place,
            unit_id=self._unit(one.unit, window),
            form=form,
            period=window.key,
            element=one.element,
            number=one.number,
            no_figure_reason=one.no_figure,
            split=one.split,
            attribution=one.attribution,
            remove=one.remove,
            why=one.note,
        )

    def _collecting(self, one: Record) -> str:
        """One form collects an element for one kind of period, so the form need not be said."""
        found = [
            form.code
            for form in catalogue.current().running(clock.today())
            if one.element in form.elements and _fits(form.rule, form.kind, one.period)
        ]
        if len(found) != 1:
            raise Refusal("form.missing", _("Hãy nêu mẫu: phần tử này không thuộc đúng một mẫu của kỳ này."))
        return found[0]

    def _window(self, form: str, key: str) -> Period:
        found = self._windows.get((form, key))
        if found is None:
            try:
                found = periods.parse(key, catalogue.form(form).rule)
            except Refusal as refusal:
                found = refusal
            self._windows[form, key] = found
        if isinstance(found, Refusal):
            raise found
        return found

    def _unit(self, code: str, window: Period) -> int:
        found = self._units.get((code, window.key))
        if found is None:
            try:
                found = units.by_code(code, on=window.last_day).id
            except Refusal as refusal:
                found = refusal
            self._units[code, window.key] = found
        if isinstance(found, Refusal):
            raise found
        return found


def _fits(rule: periods.Rule, kind: periods.Kind, key: str) -> bool:
    try:
        return periods.parse(key, rule).kind is kind
    except Refusal:
        return False


def _rejection(index: int, place: str, code: str, message: str, element: str = "") -> Rejection:
    return Rejection(index, place, code, message, element, 0, "", None)


def take(records: Iterable[Record | Wrong], key: Key, scope: Scope, wish: Wish) -> tuple[int, dict[str, Any]]:
    """(HTTP status, body): 200 when something was kept or nothing was wrong, 422 when nothing was kept."""
    desk = Desk(key)
    data: Iterable[Datum] = desk.data(records)
    if wish.whole:
        # One record that cannot be understood keeps the others out too: they are judged, not kept.
        data = list(data)
    dry = wish.dry_run or (wish.whole and bool(desk.wrong))
    done = take_in(
        by=scope.ref,
        scope=scope,
        data=data,
        door=DOOR,
        source=key.label,
        file=wish.digest,
        strategy=wish.strategy,
        all_or_nothing=wish.whole,
        dry_run=dry,
        key="" if dry else wish.key,
        lang=get_language() or "vi",
    )
    return _answer(done, desk, wish)


def _answer(done: IntakeResult, desk: Desk, wish: Wish) -> tuple[int, dict[str, Any]]:
    rejections = sorted([*desk.wrong, *done.rejections])
    kept = {"imported": done.imported, "updated": done.updated, "removed": done.removed}
    kept["unchanged"] = done.unchanged
    if wish.whole and rejections:
        # All or nothing: what was right is not kept either, and is counted with the rest.
        kept = dict.fromkeys(kept, 0)
    rejected = desk.read - sum(kept.values())
    body = {
        "status": "rejected" if rejected == desk.read and rejected else "partial" if rejected else "accepted",
        "dry_run": wish.dry_run,
        "repeated": done.repeated,
        "intake": done.intake_id,
        "read": desk.read,
        **kept,
        "rejected": rejected,
        "reports": done.reports,
        # without approval, and a hard check broken or a required cell blank: kept as drafts, no fact yet
        "held": [
            {
                "unit": units.by_id(one.unit_id).code,
                "form": one.form,
                "period": one.period,
                "message": one.message,
            }
            for one in done.held
        ],
        "rejections_left_out": max(0, len(rejections) - MOST_REJECTIONS),
        "rejections": [_told(one) for one in rejections[:MOST_REJECTIONS]],
    }
    return 422 if body["status"] == "rejected" else 200, body


def _told(one: Rejection) -> dict[str, Any]:
    told = {"index": one.index, "place": one.place, "code": one.code, "message": one.message}
    told["element"] = one.element
    return told if one.other is None else {**told, "other": one.other}
