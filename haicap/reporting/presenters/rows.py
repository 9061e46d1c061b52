"""One line of the grid: the cell, what stood there before, and the messages under it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from haicap.core import numbers
from haicap.ui import charts, wording
from haicap.ui.svg import Svg

from ..actions import CellResult, CellStatus
from ..policies.checks import Issue, Weight
from ..queries import CellDetail
from . import derived, words

TENFOLD = Decimal(8)
BAD = {"hard", "conflict", "lost"}
DOUBTFUL = {"soft", "returned"}


@dataclass(frozen=True, slots=True)
class Message:
    """Under a cell. `kind`: hard, soft, hint, note (a settled doubt), returned, conflict, lost (not
    saved), system (what the system counted, where that needs a word)."""

    kind: str
    text: str
    check: str = ""
    instead: str = ""
    mine: str = ""
    theirs: str = ""
    head: str = ""
    foot: str = ""

    @property
    def icon(self) -> str:
        return "error" if self.kind in BAD else "check" if self.kind in ("note", "system") else "warn"


@dataclass(frozen=True, slots=True)
class Row:
    """`stored` is what the database holds as the reader writes it; `text` is what the cell shows;
    `odd`: its unit is not the one that the head of the column names."""

    cell: CellDetail
    text: str
    stored: str
    previous: str
    change: str
    way: str
    source: str
    unit: str
    messages: tuple[Message, ...]
    returning: str = ""
    odd: bool = False

    @property
    def look(self) -> str:
        kinds = {message.kind for message in self.messages}
        return "is-hard" if kinds & BAD else "is-soft" if kinds & DOUBTFUL else ""

    @property
    def trend(self) -> Svg:
        return charts.spark([None if one is None else float(one) for one in self.cell.trend])

    @property
    def has_trend(self) -> bool:
        return any(one is not None for one in self.cell.trend)


def row(
    cell: CellDetail,
    names: Mapping[str, str],
    lang: str,
    result: CellResult | None = None,
    typed: str | None = None,
    returning: str = "",
    usual: str = "",
) -> Row:
    """`result`: the answer to a save just made; `typed` alone: text that could not be saved at all;
    `returning`: a reason that the province has written and not yet sent; `usual`: the unit of most cells."""
    stored = cell.raw or ("" if cell.value is None else numbers.format(cell.value, lang))
    conflict = result is not None and result.status is CellStatus.CONFLICT
    change, way = _change(cell, lang)
    return Row(
        cell=cell,
        text=typed if conflict and typed is not None else stored,
        stored=stored,
        previous="" if cell.previous is None else numbers.format(cell.previous, lang),
        change=change,
        way=way,
        source=_source(cell, lang),
        unit=str(wording.unit(cell.unit)),
        messages=tuple(_messages(cell, names, lang, result, typed, stored)),
        returning=returning,
        odd=cell.unit != usual,
    )


def _change(cell: CellDetail, lang: str) -> tuple[str, str]:
    """The difference to the period before; a jump of a whole digit is said in words."""
    change = cell.change
    if change is None or cell.value is None or cell.previous is None:
        return "", ""
    if cell.previous > 0 and cell.value >= TENFOLD * cell.previous:
        times = numbers.format(cell.value / cell.previous, lang, 0)
        return gettext("gấp %(n)s lần") % {"n": times}, "jump"
    if not change:
        return numbers.format(0, lang), "same"
    return numbers.format(abs(change), lang), "up" if change > 0 else "down"


def _source(cell: CellDetail, lang: str) -> str:
    if cell.counted and cell.system is not None:
        return derived.source(cell.system, lang)
    if cell.reason:
        return gettext("Không có số: %(reason)s") % {"reason": cell.reason}
    return words.door(cell.door) if cell.filled else ""


def _messages(
    cell: CellDetail,
    names: Mapping[str, str],
    lang: str,
    result: CellResult | None,
    typed: str | None,
    stored: str,
) -> Iterator[Message]:
    if result is not None and result.status is CellStatus.CONFLICT:
        yield _conflict(result, names, lang, typed or "")
    elif result is None and typed is not None and typed.strip() != stored:
        text = gettext("Bạn đã nhập “%(typed)s” nhưng chưa lưu được.") % {"typed": typed}
        yield Message("lost", text)
    elif result is not None and result.status is CellStatus.REFUSED and not cell.raw:
        yield Message("hard", result.message)
    if cell.system is not None:
        for text in derived.remarks(cell, cell.system, lang):
            yield Message("system", text)
    if cell.returned:
        yield Message("returned", gettext("Tỉnh trả lại: %(reason)s") % {"reason": cell.returned})
    for issue in sorted(cell.issues, key=lambda one: one.weight is not Weight.HARD):
        if issue.weight is not Weight.EMPTY:
            yield _of(issue, lang)


def _conflict(result: CellResult, names: Mapping[str, str], lang: str, typed: str) -> Message:
    content = result.content
    theirs = content.raw or ("" if content.number is None else numbers.format(content.number, lang))
    shown = theirs or content.reason or gettext("ô trống")
    text = gettext(
        "%(who)s đã lưu “%(theirs)s” lúc %(time)s, trong khi bạn nhập “%(mine)s”. Hãy chọn một số."
    ) % {
        "who": names.get(result.by, ""),
        "theirs": shown,
        "time": words.clock_time(result.at) if result.at else "",
        "mine": typed or gettext("ô trống"),
    }
    return Message("conflict", text, mine=typed, theirs=theirs)


def _of(issue: Issue, lang: str) -> Message:
    if issue.note:
        text = gettext("%(doubt)s Đã ghi lý do: %(reason)s") % {"doubt": issue.message, "reason": issue.note}
        return Message("note", text, check=issue.check)
    instead = "" if issue.instead is None else numbers.format(issue.instead, lang)
    return Message(issue.weight.value, issue.message, check=issue.check, instead=instead)
