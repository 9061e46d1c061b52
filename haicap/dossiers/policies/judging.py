"""Texts of a file → rows of the table, or the reason why not. Column by column, so that two million rows take
a minute: a column has few different words, and each word is understood once."""

import json
import marshal
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from haicap.catalogue.calendar import Workdays
from haicap.core import clock, numbers
from haicap.core.errors import Refusal
from haicap.units.places import Place

from ..states import HOLDER_OF, Holder, Status
from . import clocks, dates, keys, words
from .mapping import DATES, HASHED, Plan
from .parts import Content, Judged, Part
from .personal import looks_personal, masked
from .rejecting import Rejection, Wrong
from .resolving import Units

LONGEST_REASON, LONGEST_VALUE = 200, 80
# A clock that runs a little ahead is no lie.
AHEAD = 300
_PLAIN = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,4})?")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")
MOST_STEPS = 200
UNKNOWN = Wrong("value.unknown")
_TABLES = tuple(words.TABLES)

ProcedureOf = Callable[[str, str], "tuple[int, str] | None"]
"""(code, name) → (id, level of its service), or None where it is unknown"""


class Judge:
    """Judges the parts of one file. `headings`: field → heading of this file; `native`: headings whose
    numbers the file holds as numbers (a workbook's, JSON's), so that they are not read by a language;
    `reach`: units that the sender may speak for, besides lying below `owner`."""

    def __init__(
        self,
        plan: Plan,
        headings: dict[str, str],
        owner: Place,
        procedure_of: ProcedureOf,
        days: Workdays,
        native: Iterable[str] = (),
        reach: Callable[[Place], bool] = lambda _place: True,
    ) -> None:
        self.plan, self.headings = plan, headings
        self.units = Units(owner, plan.table("unit"), reach)
        self._procedure_of = procedure_of
        self._procedures: dict[str, tuple[int, str] | Wrong] = {}
        self._days = days
        self._native = frozenset(native)
        self._reader = dates.Reader(dates.Style(plan.date_style or dates.Style.ISO), plan.zone)
        self._stamps = dates.Stamps()
        self._months: dict[int, tuple[date, str]] = {}
        self._words: dict[str, dict[str, Any]] = {}
        self._fees: dict[str, str | Wrong | None] = {}
        self._code, self._account = keys.hasher("dossier"), keys.hasher("account")
        self._now = int(clock.now().timestamp()) + AHEAD

    def judge(self, part: Part) -> tuple[list[Judged], list[Rejection]]:
        """The rows that are taken, in the order of the file, and those that are not."""
        texts = {name: part.columns[heading] for name, heading in self.headings.items()}
        size = len(part.rows)
        texts |= {name: [value] * size for name, value in self.plan.fixed.items()}
        empty = [""] * size
        times = self._times(texts, size)
        procedures = self._procedures_of(texts["procedure"], texts.get("procedure_name", empty))
        told = zip(*(self._told(name, texts.get(name, empty)) for name in words.TABLES), strict=True)
        rows = zip(
            part.rows, texts["code"], texts["unit"], procedures, times["received"], times["due"],
            times["finished"], times["last_step"], self._fees_of(texts, empty), self._steps_of(part, texts),
            told, texts.get("behalf_reason", empty), texts.get("account", empty), strict=True,
        )  # fmt: skip
        taken: list[Judged] = []
        rejected = list(part.rejected)
        for index, one in enumerate(rows):
            wrong = self._wrong(*one[1:11])
            if wrong is None:
                judged = self._judged(*one)
                if isinstance(judged, Judged):
                    taken.append(judged)
                    continue
                wrong = (judged.code, "unit")
            code, name = wrong
            rejected.append(self._rejection(one[0], code, name, texts.get(name, empty)[index]))
        return taken, rejected

    def _rejection(self, row: int, code: str, name: str, value: str) -> Rejection:
        heading = self.headings.get(name, "")
        shown = "" if name in HASHED or looks_personal(value) else masked(clean(value))[:LONGEST_VALUE]
        return Rejection(row, code, heading, shown)

    def _wrong(
        self, code: str, unit: str, procedure: Any, came: Any, until: Any, done: Any, touched: Any, fee: Any,
        steps: Any, told: tuple[Any, ...],
    ) -> tuple[str, str] | None:  # fmt: skip
        """The first thing that is wrong with a row: (code, field)."""
        # BAD lies before every date, so that most rows are done with in one look
        if (
            code and unit and came is not None and 0 <= came <= self._now
            and (until is None or until >= came) and (done is None or came <= done <= self._now)
            and touched != dates.BAD and procedure.__class__ is tuple and fee.__class__ is not Wrong
            and steps.__class__ is not Wrong and UNKNOWN not in told
        ):  # fmt: skip
            return None
        if not code:
            return "code.missing", "code"
        if not unit:
            return "unit.missing", "unit"
        if came is None:
            return "received.missing", "received"
        for name, instant in zip(DATES, (came, until, done, touched), strict=True):
            if instant == dates.BAD:
                return "date.unreadable", name
        if came > self._now:
            return "received.future", "received"
        if until is not None and until < came:
            return "due.before", "due"
        if done is not None and not came <= done <= self._now:
            return ("finished.before" if done < came else "finished.future"), "finished"
        for name, found in (("procedure", procedure), ("fee", fee), ("steps", steps)):
            if found.__class__ is Wrong:
                return found.code, name
        if UNKNOWN in told:
            return "value.unknown", _TABLES[told.index(UNKNOWN)]
        return None

    def _judged(
        self, row: int, code: str, unit: str, procedure: tuple[int, str], came: int, until: int | None,
        done: int | None, touched: int | None, fee: str | None,
        steps: Sequence[tuple[datetime, int, Holder]] | None, told: tuple[Any, ...], reason: str,
        account: str,
    ) -> Judged | Wrong:  # fmt: skip
        day, period = self._month(came)
        unit_id = self.units.at(unit, day)
        if isinstance(unit_id, Wrong):
            return unit_id
        channel, level, status, submitter, paid, components, result, satisfaction = told
        if status is None:
            status = Status.IN_WORK.value if done is None else Status.DONE.value
        of = self._stamps.of
        written, blame = "[]", ""
        if steps:
            written, blame = self._told_steps(steps, came, until, done)
            touched = touched or int(steps[-1][0].timestamp())
        content: Content = (
            unit_id, procedure[0], period, channel, level or procedure[1], submitter or "",
            masked(clean(reason))[:LONGEST_REASON] if reason else "", of(came),
            None if until is None else of(until), None if done is None else of(done), status, fee, paid,
            components, result, satisfaction, written, None if touched is None else of(touched),
            self._account(account) if account else None,
        )  # fmt: skip
        # version 2 has no back references: the same content gives the same bytes in every process
        return Judged(row, self._code(code), keys.digest(marshal.dumps(content, 2)), blame, content)

    def _month(self, came: int) -> tuple[date, str]:
        number = (came + dates.OFFSET) // dates.DAY
        found = self._months.get(number)
        if found is None:
            day = dates.local_day(came)
            found = self._months[number] = (day, f"{day:%Y-%m}")
        return found

    def _times(self, texts: dict[str, list[str]], size: int) -> dict[str, list[int | None]]:
        """A day without a time: due until its end; finished then, but not before it came in that day."""
        found: dict[str, list[int | None]] = {}
        for name in DATES:
            if name not in texts:
                found[name] = [None] * size
                continue
            instants, whole = self._reader.column(texts[name])
            for index in whole:
                instant = instants[index]
                if instant is None or instant == dates.BAD:
                    continue
                if name == "due":
                    instants[index] = instant + dates.DAY - 1
                elif name == "finished":
                    came = found["received"][index]
                    if came is not None and instant < came < instant + dates.DAY:
                        instants[index] = came
            found[name] = instants
        return found

    def _told(self, name: str, texts: Sequence[str]) -> list[Any]:
        """What the words of a column stand for: UNKNOWN where nobody has said, None for an empty cell."""
        memory = self._words.get(name)
        if memory is None:
            # a channel is never taken for granted: it decides the online rate
            memory = self._words[name] = {"": UNKNOWN if name == "channel" else None}
            if "" in self.plan.table(name):
                memory.pop("")
        own = self.plan.table(name)
        for text in set(texts) - memory.keys():
            found = words.meaning(name, text, own)
            memory[text] = UNKNOWN if found is None else _plain(found)
        return [memory[text] for text in texts]

    def _procedures_of(self, texts: Sequence[str], names: Sequence[str]) -> list[tuple[int, str] | Wrong]:
        memory = self._procedures
        for text in set(texts) - memory.keys():
            code = " ".join(self.plan.table("procedure").get(text, text).split())
            name = names[texts.index(text)] if code else ""
            found = self._procedure_of(code, clean(name)) if code else None
            memory[text] = found or Wrong("procedure.unknown" if code else "procedure.missing")
        return [memory[text] for text in texts]

    def _fees_of(self, texts: dict[str, list[str]], empty: Sequence[str]) -> Sequence[Any]:
        if "fee" not in texts:
            return [None] * len(empty)
        native = self.headings.get("fee") in self._native
        memory = self._fees
        for text in set(texts["fee"]) - memory.keys():
            memory[text] = _money(text, native, self.plan.numbers)
        return [memory[text] for text in texts["fee"]]

    def _steps_of(self, part: Part, texts: dict[str, list[str]]) -> list[Any]:
        """Status times, in time order, from columns of their own or from one column of JSON."""
        size = len(part.rows)
        columns = [
            (self._reader.column(part.columns[one.column])[0], one)
            for one in self.plan.steps
            if one.column in part.columns
        ]
        written = texts.get("steps")
        if written is not None:
            return [_parsed(text, self._reader) if text else () for text in written]
        if not columns:
            return [()] * size
        found: list[Any] = []
        for index in range(size):
            at = [(column[index], one) for column, one in columns if column[index] is not None]
            if any(instant == dates.BAD for instant, _one in at):
                found.append(Wrong("steps.unreadable"))
                continue
            found.append(tuple(sorted(_step(instant, one.status, one.holder) for instant, one in at)))
        return found

    def _told_steps(
        self, steps: Sequence[tuple[datetime, int, Holder]], came: int, until: int | None, done: int | None
    ) -> tuple[str, str]:
        """The steps as they are kept, and who the lateness is attributed to."""
        written = json.dumps([[f"{at:%Y-%m-%dT%H:%M:%SZ}", status, holder] for at, status, holder in steps])
        late = clocks.blame(
            _instant(came), None if until is None else _instant(until),
            None if done is None else _instant(done), [(at, holder) for at, _status, holder in steps],
            self._days.is_working, clock.now(),
        )  # fmt: skip
        return written, late.value if late else ""


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _plain(value: object) -> object:
    """Without the enumeration: what goes into a database and onto a disk is a plain number or text."""
    return int(value) if isinstance(value, int) else str(value)


def clean(text: str) -> str:
    """One line without control characters and halves of letters, which no database likes."""
    return _CONTROL.sub(" ", text).strip()


def _money(text: str, native: bool, lang: str) -> str | Wrong | None:
    if not text:
        return None
    if native and _PLAIN.fullmatch(text):
        return text
    try:
        # the source has said which way its numbers are written, so 8.000 is no riddle
        found = numbers.parse(text, lang)
    except Refusal:
        return Wrong("fee.unreadable")
    return f"{found:f}" if found >= 0 else Wrong("fee.unreadable")


def _step(instant: int | None, status: int, holder: str) -> tuple[datetime, int, Holder]:
    named = Holder(holder) if holder else HOLDER_OF[Status(status)]
    return _instant(instant or 0), status, named


def _parsed(text: str, reader: dates.Reader) -> tuple[tuple[datetime, int, Holder], ...] | Wrong:
    """[[instant, status, holder], …]; the holder may be left out."""
    try:
        found = json.loads(text)
        if not isinstance(found, list) or len(found) > MOST_STEPS:
            return Wrong("steps.unreadable")
        steps = []
        for at, status, *rest in found:
            instant = reader.one(str(at))
            if instant is None:
                return Wrong("steps.unreadable")
            steps.append(_step(instant, int(status), str(rest[0]) if rest else ""))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return Wrong("steps.unreadable")
    return tuple(sorted(steps, key=lambda step: step[0]))
